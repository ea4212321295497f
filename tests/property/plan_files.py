"""Any plan's file, for tests of what holds for all of them."""

from datetime import date, time
from decimal import Decimal

from hypothesis import strategies as st

from carepool.care.people.nhs_number import check_digit
from carepool.care.people.person import NumberStatus, Person, Sex
from carepool.care.planning.plan import (
    CarePlan,
    Consent,
    DayWord,
    Goal,
    Member,
    Need,
    Payer,
    Payment,
    PlanFile,
    Readiness,
    Service,
    SharedWith,
    Window,
)

LETTERS = st.characters(exclude_categories=("C", "Z"), exclude_characters="\u2028")
ids = st.from_regex(r"[A-Za-z0-9.-]{1,12}", fullmatch=True)
short = st.text(LETTERS, min_size=1, max_size=12) | st.sampled_from(["Ann Li", "O'Neill", "Róisín Ó Murchú", "{}\"\\", "null"])  # fmt: skip
words = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and text.encode("utf-8", "ignore").decode() == text)  # fmt: skip
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
hours = st.times().map(lambda at: time(at.hour, at.minute, at.second))


def perhaps(of: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | of


def unique(of: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(of, max_size=most, unique_by=lambda each: each.id).map(tuple)


def _number(eight: int) -> str | None:
    nine = f"999{eight:06}"
    digit = check_digit(nine)
    return None if digit is None else f"{nine}{digit}"


@st.composite
def people(draw: st.DrawFn) -> Person:
    number = draw(perhaps(st.integers(0, 999_998).map(_number)))
    with_it = [each for each in NumberStatus if each is not NumberStatus.NOT_PRESENT]
    without = [each for each in NumberStatus if each not in {NumberStatus.VERIFIED, NumberStatus.NOT_TRACED}]
    return Person(
        id=draw(ids), nhs_number=number, status=draw(st.sampled_from(with_it if number else without)),
        given_names=tuple(draw(st.lists(short, max_size=3))), family_name=draw(short), born=draw(perhaps(days)),
        sex=draw(st.sampled_from(Sex)), address=tuple(draw(st.lists(short, max_size=3))),
        postcode=draw(perhaps(short)), telephone=draw(perhaps(short)),
    )  # fmt: skip


windows = st.builds(
    lambda named, two: Window(days=tuple(named), opens=min(two), closes=max(two)),
    st.lists(st.sampled_from(DayWord), min_size=1, max_size=8, unique=True),
    st.lists(hours, min_size=2, max_size=2, unique=True),
)
readiness = st.builds(
    Readiness, windows=st.lists(windows, min_size=1, max_size=2).map(tuple),
    notice_hours=st.integers(0, 1440), needed=st.sampled_from(["before", "same_day", "after"]),
)  # fmt: skip
payments = st.builds(
    Payment, payer=st.sampled_from(Payer), body=perhaps(short),
    share=st.decimals(Decimal("0.01"), 100, places=2) | st.sampled_from([Decimal(100), Decimal("33.3"), Decimal("50.00")]),
)  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> PlanFile:
    person = draw(people())
    goals = draw(unique(st.builds(Goal, id=ids, says=words, by=perhaps(days))))
    needs = draw(unique(st.builds(Need, id=ids, says=words, question=perhaps(short))))

    def some(of: tuple) -> st.SearchStrategy:
        return st.lists(st.sampled_from([each.id for each in of]), unique=True, max_size=3).map(tuple) if of else st.just(())  # fmt: skip

    services = st.builds(
        Service, id=ids, says=words, provider=perhaps(short), telephone=perhaps(short), needs=some(needs), goals=some(goals),
        often=perhaps(short), paid_by=st.lists(payments, max_size=3).map(tuple), ready=perhaps(readiness),
    )  # fmt: skip
    shared = st.builds(SharedWith, name=short, what=st.sampled_from(["whole", "summary"]), since=days)
    consent = st.builds(Consent, given=st.sampled_from(["yes", "no", "best_interests"]), on=days, by=short)
    plan = CarePlan(
        person=person.id, id=draw(ids), title=draw(short), begun_on=draw(days),
        status=draw(st.sampled_from(["draft", "active", "on-hold", "revoked", "completed"])),
        assessment=draw(perhaps(st.just("0" * 64))), matters=draw(perhaps(words)), goals=goals, needs=needs,
        services=draw(unique(services)), integrated=draw(st.booleans()), contingency=draw(perhaps(words)),
        review_on=draw(perhaps(days)), consent=draw(perhaps(consent)),
        shared_with=tuple(draw(st.lists(shared, max_size=2))),
    )  # fmt: skip
    members = list(draw(unique(st.builds(Member, id=ids, name=short, role=short, body=perhaps(short), telephone=perhaps(short)))))  # fmt: skip
    if members and draw(st.booleans()):
        members[0] = members[0].model_copy(update={"accountable": True})
    return PlanFile(person=person, plan=plan, team=tuple(members))
