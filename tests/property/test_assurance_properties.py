"""Whatever the order of events: nobody reads a review before both are in, another version's review never counts, and sums are their parts."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from carepool.actions import demonstration_assurance as said
from carepool.actions.assurance_rollup import followed_of, national, pairs
from carepool.actions.assurances import Assured, assured, opened, review_for
from carepool.actions.assuring import (
    assign_reviewer,
    declare_conflict,
    moderate,
    reopen_review,
    submit_review,
)
from carepool.actions.demonstration import Stage, begin, decide, draft_all, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.ports import MemoryDrafts
from carepool.assurance.agreement import agreement
from carepool.assurance.judgement import Item, Judged, Judgement, items_of
from carepool.assurance.outcome import suggest
from carepool.assurance.rollup import Assessed, by_region, roll_up
from carepool.journal.memory import MemoryJournal
from carepool.render.answers import to_json
from carepool.render.assurance_answers import national as national_data
from carepool.render.assurance_answers import shown as shown_data
from carepool.rules.rulebook import Rulebook
from carepool.wiring import disk

PLAN = "wolds"
SIDES = ("nhs", "local_government")
READERS = (
    "nhs.reviewer",
    "nhs.assurer",
    "lga.assurer",
    "moderator",
    "nhs.director",
    "minister.office",
    "wolds.lead",
)
"""Everybody who could have a reason to look."""
REVIEWERS = {"nhs": ("nhs.reviewer", "nhs.assurer"), "local_government": ("lga.assurer",)}


def started(house: House) -> Stage:
    """A plan of the county, agreed, its people in office."""
    stage = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    stage.on(2014, 9, 1)
    for handle in stage.cast:
        stage.office(handle)
    stage.plan = begin(stage, PLAN, "ZZ2", "The Wolds", "wolds.lead", "Z2A", "3.5")  # type: ignore[attr-defined]
    decide(stage, PLAN, "eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair")
    return stage


class Reviewing(RuleBasedStateMachine):
    """People review, in any order."""

    base: House
    """From which each run begins."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = started(self.base)
        self.first = self.stage.house.journal.seal()
        self.secrets: dict[str, tuple[str, str, str]] = {}
        """By its secret word, a review's author, side and digest."""

    @initialize()
    def chosen(self) -> None:
        said.choose(self.stage, PLAN)

    def digest(self) -> str:
        return assured(self.stage.house, PLAN).digest

    @rule(side=st.sampled_from(SIDES), which=st.integers(0, 1))
    def choose(self, side: str, which: int) -> None:
        handle = REVIEWERS[side][which % len(REVIEWERS[side])]
        account = self.stage.cast[handle].account
        note(str(assign_reviewer(self.stage.house, self.stage.actor("moderator"), PLAN, side, account)))

    @rule(
        side=st.sampled_from(SIDES),
        which=st.integers(0, 1),
        level=st.sampled_from(("yes", "partly", "no")),
    )
    def review(self, side: str, which: int, level: str) -> None:
        handle = REVIEWERS[side][which % len(REVIEWERS[side])]
        found, word = assured(self.stage.house, PLAN), f"SECRET{len(self.secrets)}X"
        judged = said.judgement(found, {"answers/evidence": (level, word)})
        actor = self.stage.actor(handle)
        self.secrets[word] = (actor.account, side, found.digest)
        submit_review(self.stage.house, actor, PLAN, side, found.digest, judged)

    @rule(side=st.sampled_from(SIDES), which=st.integers(0, 1))
    def conflict(self, side: str, which: int) -> None:
        handle = REVIEWERS[side][which % len(REVIEWERS[side])]
        declare_conflict(self.stage.house, self.stage.actor(handle), PLAN, side, "An interest.")

    @rule()
    def save(self) -> None:
        plan = self.stage.plan  # type: ignore[attr-defined]
        first, *others = plan.schemes.schemes
        words = f"Renamed {len(self.secrets)} {self.stage.count}"
        schemes = plan.schemes.model_copy(
            update={"schemes": (first.model_copy(update={"name": words}), *others)}
        )
        draft_all(self.stage, PLAN, "wolds.lead", plan.with_section("schemes", schemes))
        save_version(self.stage.house, self.stage.actor("wolds.lead"), PLAN)

    @rule()
    def open_again(self) -> None:
        reopen_review(self.stage.house, self.stage.actor("moderator"), PLAN, self.digest())

    @rule()
    def settle(self) -> None:
        found = assured(self.stage.house, PLAN)
        judged = said.judgement(found, {"answers/evidence": ("partly", "Between the two.")})
        moderate(self.stage.house, self.stage.actor("moderator"), PLAN, found.digest, judged)

    @invariant()
    def blind(self) -> None:
        """As it is now."""
        self.look(None)

    def teardown(self) -> None:
        """As at every position since the first review."""
        for upto in range(self.first, self.stage.house.journal.seal() + 1):
            self.look(upto)

    def look(self, upto: int | None) -> None:
        house, now = self.stage.house, assured(self.stage.house, PLAN)
        found = assured(house, PLAN, upto)
        for review in found.record.reviews:
            counted = found.record.on(review.plan)
            both = set(SIDES) <= counted.keys() and set(SIDES) <= now.record.on(review.plan).keys()
            word = next(
                word for word in self.secrets if word.encode() in (opened(house, review.document) or b"")
            )
            assert self.secrets[word][2] == review.plan
            for person in (self.stage.cast[handle] for handle in READERS):
                read = review_for(house, found, review, person.account)
                if read is not None and person.account != review.by:
                    assert both, (person.handle, review)
        if upto is None or upto % 3 == 0:
            self.look_elsewhere(found, now, upto)

    def look_elsewhere(self, found: Assured, now: Assured, upto: int | None) -> None:
        house = self.stage.house
        followed = followed_of(house, found)
        assert followed
        agreed = agreement(pairs(house, found, followed.version.digest, 0), 3)
        if not set(SIDES) <= now.record.on(followed.version.digest).keys():
            assert agreed.answers == 0
        text = to_json(shown_data(followed, agreed, house.today)) + to_json(
            national_data(national(house, illustrative=True, upto=upto))
        )
        assert "SECRET" not in text

    @invariant()
    def of_its_own_version(self) -> None:
        record = assured(self.stage.house, PLAN).record
        for each in record.moderated:
            cited = [one for one in record.reviews if one.document in each.reviews.values()]
            assert {one.plan for one in cited} == {each.plan}
            assert {one.side for one in cited} == set(SIDES)
        for review in record.on(self.digest()).values():
            assert review.plan == self.digest()


@pytest.mark.slow
def test_nobody_reads_a_review_before_both_are_in(house: House) -> None:
    """Over any order of choosing, reviewing, declaring interests, saving, opening and moderating: until both sides' reviews
    of a version are in, no reading by anybody but its author has a word of one, today or as at any earlier position; and
    what counts for a version is of that version alone."""

    Reviewing.base = house
    run_state_machine_as_test(
        Reviewing, settings=settings(stateful_step_count=12, max_examples=settings.default.max_examples // 3)
    )


PAIRS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)


@given(PAIRS)
def test_kappa_is_what_another_computation_gives(answers: list[tuple[int, int]]) -> None:
    """One less the mean squared difference of the pairs, over that of every answer of one with every answer of the other."""
    seen = sum((one - other) ** 2 for one, other in answers)
    chance = sum((one - other) ** 2 for one, _ in answers for _, other in answers)
    found = agreement(answers, 3)
    if not chance:
        assert found.exact is None
    else:
        assert found.exact == 1 - Fraction(seen * len(answers), chance)


@given(PAIRS, st.randoms())
def test_kappa_does_not_depend_on_who_is_first_or_on_the_order(answers: list[tuple[int, int]], shuffle: object) -> None:  # fmt: skip
    """Exchanging the reviewers, the ends of the scale or the order of questions changes nothing; it is never above one, and one only where all are the same."""
    found = agreement(answers, 3)
    mixed = list(answers)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    for other in (
        agreement([(b, a) for a, b in answers], 3),
        agreement([(2 - a, 2 - b) for a, b in answers], 3),
        agreement(mixed, 3),
    ):
        assert (other.exact, other.raw) == (found.exact, found.raw)
    if found.exact is not None:
        assert found.exact <= 1
        assert (found.exact == 1) is all(a == b for a, b in answers)


MONEY = st.none() | st.integers(0, 10**10)


@st.composite
def plans(draw: st.DrawFn) -> list[Assessed]:
    """Plans of a few regions, some of them known and some not."""
    return [
        Assessed(
            f"plan-{number}", f"Plan {number}", (f"B{number}",), draw(st.sampled_from(("East", "North", "South"))), 1, "d", "Decided",
            draw(st.sampled_from(("", "approved", "not_approved"))), draw(st.sampled_from(("", "high", "low"))), "low",
            tuple(draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=5))),
            draw(st.integers(0, 3)), 0, draw(st.integers(0, 10**10)), draw(MONEY), draw(MONEY), None,
        )
        for number in range(draw(st.integers(0, 8)))
    ]  # fmt: skip


@given(plans())
def test_a_roll_up_is_the_sum_of_its_parts(held: list[Assessed]) -> None:
    """Every plan is in one region once: sums, counts and answers of the regions add to the nation's, known and not known apart."""
    nation, regions = roll_up("All", held, 3), by_region(held, 3)
    assert sum(len(each.plans) for each in regions) == len(held)
    assert sum(each.promised for each in regions) == nation.promised == sum(each.promised for each in held)
    for what in ("credible", "delivered"):
        whole, parts = getattr(nation, what), [getattr(each, what) for each in regions]
        assert sum(each.pence for each in parts) == whole.pence
        assert sum(each.plans for each in parts) == whole.plans
        assert whole.plans == sum(getattr(each, what) is not None for each in held), "nought is known"
        assert sum(each.promised for each in parts) == whole.promised
    assert sum((each.outcomes for each in regions), nation.outcomes.__class__()) == nation.outcomes
    assert sum(each.open_conditions for each in regions) == nation.open_conditions
    assert sum(each.agreement.answers for each in regions) == nation.agreement.answers
    assert sum(nation.outcomes.values()) == len(held)


@pytest.fixture(scope="module")
def items(rulebook: Rulebook) -> Iterator[tuple[Item, ...]]:
    """Everything to judge, without savings."""
    yield items_of(rulebook.named("bcf-2014-08"), ())


@given(data=st.data())
def test_a_better_answer_never_suggests_a_worse_outcome(
    data: st.DataObject, items: tuple[Item, ...], rulebook: Rulebook
) -> None:
    """Outcomes ask for less and less, so that an answer one step better keeps or betters what is suggested."""
    rules = rulebook.named("bcf-2014-08")
    order = [each.id for each in rules.assurance.outcomes]
    judged = Judgement({each.key: Judged(data.draw(st.sampled_from(each.scale)).id) for each in items})
    item = data.draw(st.sampled_from(items))
    place = item.place(judged.level(item.key))
    if place:
        better = Judgement({**judged.items, item.key: Judged(item.scale[place - 1].id)})
        before, after = (order.index(suggest(rules, each).outcome) for each in (judged, better))
        assert after <= before
