"""From a signed-off plan to money in the account: the statement as outturns arrive, and releases by two approvers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from carepool.actions.areas import Area
from carepool.actions.expecting import people_of
from carepool.actions.house import House
from carepool.actions.nation import cautions, terms_of
from carepool.actions.permits import Actor, permit
from carepool.actions.planning import area_of, content_of, read_history
from carepool.actions.pools import books_now
from carepool.actions.reported import Reported, claimed_by, claims_on, reported_of
from carepool.actions.standings import signed_off_version
from carepool.basics.canonical import canonical
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.basics.workings import Working
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact
from carepool.measures.admissions import Flag
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.offices.separation import kept_apart
from carepool.payment.methods import RELEASES
from carepool.payment.release import Line, QuarterPaid, Statement
from carepool.payment.working import explain
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.document import Plan
from carepool.plans.versions import Version
from carepool.pool.accounts import LONGEST_TITLE
from carepool.pool.approving import Side
from carepool.pool.books import Books, Contribution, Opening, Partner, Scheme, day_of, stream_of
from carepool.pool.facts import books_of
from carepool.pool.releases import approve_release, dues, keep_money, open_pool, propose_release
from carepool.returns.facts import stream_of as return_stream
from carepool.rules.paying import Settling
from carepool.rules.rulebook import RuleSet
from carepool.signoff.facts import stream_of as signoff_stream


@dataclass(frozen=True, slots=True)
class Agreed:
    """The version of a plan that ministers signed off, and what its payments rest on."""

    id: str
    version: Version
    plan: Plan
    area: Area
    rules: RuleSet

    @property
    def year(self) -> str:
        """The financial year of the pool."""
        return self.rules.about.years[-1]

    @property
    def host(self) -> str:
        """The host's body id."""
        return host_id(self.plan, self.area)


@dataclass(frozen=True, slots=True)
class Money:
    """A signed-off plan's money: its statement as outturns are known, its books, and what each CCG owes the pool."""

    agreed: Agreed
    statement: Statement
    working: Working
    books: Books
    due: dict[str, dict[Quarter, int | None]]
    flags: tuple[Flag, ...]
    reported: Mapping[Quarter, Reported]
    """What returns report of the quarters, where one was sent by then."""
    payments: Mapping[Quarter, int | None]
    """What is paid for each quarter: as it is computed, or as a return agrees it and the rules pay it."""


def host_id(plan: Plan, area: Area) -> str:
    """The id of the host of a plan's pool: a council or an NHS commissioner."""
    host = plan.parties.host
    return body_id(area.england.places.commissioner if host in plan.parties.ccgs else BodyKind.COUNCIL, host)


def without_money(rules: RuleSet) -> str:
    """Why no money is worked out for a plan under these rules, in sentences; empty where it is."""
    try:
        rules.release  # noqa: B018  (asked for its refusal, which says what stands in its place)
    except Unusable as error:
        return f"{error} No pool is opened and nothing is released here for a plan under them; its host keeps the accounts."
    return ""


def _check_pays(rules: RuleSet) -> None:
    if why := without_money(rules):
        raise Unusable(why)


def agreed_plan(house: House, plan: str, upto: int | None = None) -> Agreed:
    """The signed-off version. NotHere when there is none, or was none at that position."""
    found = read_history(house, plan, upto)
    reached = signed_off_version(house, plan, upto)
    rules = house.rulebook.named(found.rules)
    # Money follows the version that the pool was opened with, whatever is signed off after it.
    opening = books_now(house, plan, rules.about.years[-1], upto).opening
    digest = opening.plan_digest if opening else reached.digest if reached else ""
    version = found.with_digest(digest)
    if version is None:
        raise NotHere(f"Ministers have not signed off a version of “{found.title}”, so it has no money yet.")
    return Agreed(plan, version, content_of(house, version), area_of(house, found), rules)


def statement_of(
    agreed: Agreed, day: date, reported: Mapping[Quarter, Reported] = MappingProxyType({})
) -> tuple[Statement, tuple[Flag, ...]]:
    """The plan's payment statement from the outturns published by a day, and the doubts that it rests on.

    What a return has reported stands in the place of what was published. Unusable under rules that compute no payment.
    """
    _check_pays(agreed.rules)
    admissions, boards = agreed.area.england.admissions, agreed.plan.parties.boards
    known = admissions.known_by(day)
    rows = {row.quarter: row for row in agreed.plan.target.quarters}
    lines: list[Line] = []
    flags: set[Flag] = set()
    for quarter in agreed.rules.release.performance_quarters:
        actual: Decimal | None = None
        if quarter in known:
            seen = [admissions.of_board(board, quarter) for board in boards]
            actual = sum((each.count for each in seen), Decimal(0))
            flags.update(flag for each in seen for flag in each.flags)
        if quarter in reported:
            actual = reported[quarter].actual
        lines.append(Line(quarter, rows[quarter].baseline, rows[quarter].planned, actual))
    statement = RELEASES[agreed.rules.release.method](
        agreed.id, lines, terms_of(agreed.rules), people_of(agreed.area, agreed.plan.parties)
    )
    return statement, tuple(flag for flag in Flag if flag in flags)


def pool_books(house: House, agreed: Agreed, upto: int | None = None) -> Books:
    """The books of the plan's pool; empty before it is opened."""
    return books_now(house, agreed.id, agreed.year, upto)


@dataclass(frozen=True, slots=True)
class Pool:
    """A signed-off plan's pool."""

    agreed: Agreed
    books: Books
    wrote: Mapping[str, Fact]
    """The fact that each posting is from, by the posting's id."""


def pool_of(house: House, plan: str, upto: int | None = None) -> Pool:
    """The pool of a plan, its books empty before it is opened. NotHere before ministers have signed the plan off."""
    agreed = agreed_plan(house, plan, upto)
    facts = house.journal.read(stream_of(plan, agreed.year), upto=upto)
    books = books_of(plan, agreed.year, facts)
    # Each of these makes one posting, in this order; a year closed with nothing to keep makes none.
    posting = [
        each
        for each in facts
        if each.kind in {"PoolOpened", "Posted", "ReleasePosted", "CorrectionPosted"}
        or (each.kind == "MoneyKept" and each.body["kept"])
    ]
    return Pool(agreed, books, {each.id: fact for each, fact in zip(books.postings, posting, strict=True)})


def money_of(house: House, plan: str, day: date | None = None, upto: int | None = None) -> Money:
    """A plan's money as known on a day. NotHere before it is signed off, Unusable under rules that compute no payment."""
    agreed, on = agreed_plan(house, plan, upto), day or house.today
    reported = {
        quarter: each
        for quarter, each in reported_of(house, plan, upto).items()
        if quarter in performance_quarters(agreed) and day_of(each.sent.at) <= on
    }
    statement, flags = statement_of(agreed, on, reported)
    books = pool_books(house, agreed, upto)
    data = f"plan {plan}, version {agreed.version.number}, and the Monthly Activity Return"
    if reported:
        data += f", as the returns sent have it of {', '.join(map(str, sorted(reported)))}"
    working = explain(statement, agreed.rules.name, data, cautions(agreed.rules))
    payments = {each.quarter: _paid(house, agreed, each, reported) for each in statement.quarters}
    due = dues(payments, books.opening.performance) if books.opening else {}
    return Money(agreed, statement, working, books, due, flags, reported, payments)


def performance_quarters(agreed: Agreed) -> tuple[Quarter, ...]:
    """The quarters whose outturn pays; none under rules that compute no payment."""
    return agreed.rules.release.performance_quarters if agreed.rules.pays else ()


def _paid(
    house: House, agreed: Agreed, each: QuarterPaid, reported: Mapping[Quarter, Reported]
) -> int | None:
    """What is paid for a quarter: nothing is known while it waits for its return, where the rules have it wait."""
    _, rule = settling_of(house, agreed, each.quarter)
    found = reported.get(each.quarter)
    if found is None:
        return None if rule and rule.return_first else each.payment
    agreed_locally = found.agreed if rule and rule.agreed == "paid" else None
    return each.payment if agreed_locally is None else agreed_locally


def settling_of(house: House, agreed: Agreed, quarter: Quarter) -> tuple[RuleSet, Settling | None]:
    """The rule in force at the end of a quarter on what a payment rests on and how it is put right, with the set that has it.

    The plan's own where no set of that day has one; None where that has none either.
    """
    for rules in house.rulebook.in_order:
        found = rules.find("payment/settling", Settling)
        if found and rules.about.governs.covers(quarter.last_day):
            return rules, found
    return agreed.rules, agreed.rules.find("payment/settling", Settling)


def opening_of(agreed: Agreed, statement: Statement) -> Opening:
    """What the pool opens with: the plan's sources of the year, the performance money of each CCG off the pool."""
    plan = agreed.plan
    stream = next(part.within for part in agreed.rules.composition.of_which if part.name == "performance")
    left = {ccg: part.fund for ccg, part in statement.by_ccg.items()}
    contributions = []
    for row in plan.sources.sources:
        contingent = min(left.get(row.contributor, 0), row.year_2) if row.source == stream else 0
        left[row.contributor] = left.get(row.contributor, 0) - contingent
        contributions.append(Contribution(row.contributor, row.source, row.year_2, contingent))
    partners = tuple(Partner(code, "council") for code in plan.parties.councils)
    partners += tuple(Partner(code, "ccg") for code in plan.parties.ccgs)
    title = f"Section 75 agreement for {plan.title}"
    return Opening(
        title,
        plan.parties.host,
        partners,
        agreed.id,
        agreed.version.digest,
        tuple(contributions),
        schemes_of(plan),
    )


NO_SOURCE = "unstated"
"""The source of a line of spend for which the plan names none."""
SOCIAL_CARE = "social_care"
"""The area of spend for which people can be charged."""


def schemes_of(plan: Plan) -> tuple[Scheme, ...]:
    """The schemes of a plan as its pool pays for them: what each may spend of each source in the pool's year."""
    found = []
    for each in plan.schemes.schemes:
        budgets: dict[str, int] = {}
        commissioned: dict[str, int] = {}
        rows = [row for row in plan.spend.spend if row.scheme == each.id]
        for row in rows:
            source = row.source or NO_SOURCE
            budgets[source] = budgets.get(source, 0) + row.year_2
            commissioned[row.commissioner] = commissioned.get(row.commissioner, 0) + row.year_2
        most = max(sorted(commissioned), key=lambda code: commissioned[code], default="")
        found.append(
            Scheme(
                each.id,
                each.name[:LONGEST_TITLE],
                budgets,
                any(row.area == SOCIAL_CARE for row in rows),
                "joint" if len(commissioned) > 1 else "lead",
                most,
                "net" if len(commissioned) > 1 else "gross",
                commissioned,
            )
        )
    return tuple(found)


def open_pool_of(house: House, actor: Actor, plan: str) -> Done | Refused:
    """The host opens the pool's books from the signed-off plan."""
    agreed = agreed_plan(house, plan)
    statement, _ = statement_of(agreed, house.today)

    def decide(state: OnPool) -> Decision | Refused:
        books, allowed, _ = state
        return (
            allowed
            if isinstance(allowed, Refused)
            else open_pool(books, opening_of(agreed, statement), agreed.host)
        )

    return act_on_pool(house, actor, agreed, "open_pool", agreed.host, decide, {})


def propose_release_of(
    house: House, actor: Actor, plan: str, quarter: Quarter, ccg: str, pence: int
) -> Done | Refused:
    """The host, or the CCG, proposes that the CCG releases what a quarter earned; the statement is kept with it."""
    agreed = money_of(house, plan).agreed
    by_host = isinstance(permit(house, agreed.rules, "propose_release", actor, agreed.host), Permit)
    body = agreed.host if by_host else body_id(BodyKind.CCG, ccg)

    def decide(state: OnPool) -> Decision | Refused:
        books, allowed, _ = state
        if isinstance(allowed, Refused):
            return allowed
        money = money_of(house, plan)
        document, due = statement_document(money), money.due.get(ccg, {})
        decided = propose_release(
            books,
            quarter,
            ccg,
            pence,
            document.digest,
            due=due,
            on_behalf_of=body,
            claimed_by=claimants(house, agreed, quarter),
        )
        if isinstance(decided, Decision):
            return Decision(decided.facts, decided.answer, (document,))
        return decided

    request = {"quarter": str(quarter), "ccg": ccg, "pence": pence}
    return act_on_pool(house, actor, agreed, "propose_release", body, decide, request)


def approve_release_of(
    house: House, actor: Actor, plan: str, quarter: Quarter, ccg: str, side: Side
) -> Done | Refused:
    """One side approves a release; the second approval moves the money, in the same instant."""
    agreed = agreed_plan(house, plan)
    _check_pays(agreed.rules)
    _, rule = settling_of(house, agreed, quarter)
    body = agreed.host if side is Side.HOST else body_id(BodyKind.CCG, ccg)

    def decide(state: OnPool) -> Decision | Refused:
        books, allowed, _ = state
        return (
            allowed
            if isinstance(allowed, Refused)
            else claims(house, agreed, quarter, actor.account)
            or approve_release(
                books, quarter, ccg, side, actor.account, rule, claimants(house, agreed, quarter)
            )
        )

    request = {"quarter": str(quarter), "ccg": ccg, "side": side.code}
    return act_on_pool(house, actor, agreed, "approve_release", body, decide, request)


def claimants(house: House, agreed: Agreed, quarter: Quarter) -> tuple[str, ...]:
    """The accounts whose return claims a quarter's money, and whom the rules keep from approving it."""
    rules, _ = settling_of(house, agreed, quarter)
    done = claims_on(house, agreed.id, quarter)
    return tuple(sorted(each for each in done if kept_apart(rules.authorities, "approve_release", done[each])))  # fmt: skip


def claims(house: House, agreed: Agreed, quarter: Quarter, account: str) -> Refused | None:
    """Why an account may not approve a quarter's payment although its office could: a return of theirs claims it."""
    done = claimed_by(house, agreed.id, quarter, account)
    if not done:
        return None
    rules, _ = settling_of(house, agreed, quarter)
    return kept_apart(rules.authorities, "approve_release", done)


def keep_money_of(house: House, actor: Actor, plan: str) -> Done | Refused:
    """The host closes the year: what was never earned stays with the CCGs."""
    money = money_of(house, plan)
    document = statement_document(money)

    def decide(state: OnPool) -> Decision | Refused:
        books, allowed, _ = state
        if isinstance(allowed, Refused):
            return allowed
        decided = keep_money(books, money.due, document.digest, money.agreed.host)
        if isinstance(decided, Decision):
            return Decision(decided.facts, decided.answer, (document,))
        return decided

    return act_on_pool(house, actor, money.agreed, "open_pool", money.agreed.host, decide, {"keep": True})


def statement_document(money: Money) -> Document:
    """The statement as it is kept with a release: every figure that the payment follows from."""
    statement = money.statement
    agreed = money.agreed
    content = {
        "plan": agreed.id,
        "digest": agreed.version.digest,
        "rules": {"name": agreed.rules.name, "digest": agreed.rules.digest},
        "england": agreed.area.england.digest,
        "host": agreed.host,
        "unit_value_pence": statement.terms.unit_value,
        "fund_pence": statement.money.fund,
        "quarters": [
            {
                "quarter": str(each.quarter),
                "baseline": line.baseline,
                "planned": line.planned,
                "actual": line.actual,
                "return": money.reported[each.quarter].sent.digest
                if each.quarter in money.reported
                else None,
                "maximum_payment_pence": each.maximum_payment,
                "computed_pence": each.payment,
                "payment_pence": money.payments[each.quarter],
                "due_pence": {ccg: due[each.quarter] for ccg, due in money.due.items()},
            }
            for line, each in zip(statement.lines, statement.quarters, strict=True)
        ],
    }
    return Document("statement", "application/json", canonical(content))


def year_of(year: str) -> tuple[Quarter, ...]:
    """The quarters of a financial year."""
    return tuple(Quarter(int(year[:4]), number) for number in (1, 2, 3, 4))


class OnPool(NamedTuple):
    """What one attempt at an action on a pool rests on."""

    books: Books
    permit: Permit | Refused
    after: Books | None
    """The books of a later year, where they were named."""


def act_on_pool(
    house: House, actor: Actor, agreed: Agreed, action: str, body: str, decide: Callable[[OnPool], Decision | Refused],
    request: Mapping[str, object], after: str = "",
) -> Done | Refused:  # fmt: skip
    """What all actions on a pool share: the authority is read with the books, so an office that ends counts at once.

    ``after`` names books of a later year, ``POOL/YEAR``, that it is to be entered in.
    """
    authority = agreed.rules.authorities.of(action)

    def load(reading: Reading) -> OnPool:
        held = holdings(reading.read(office_stream(body)))
        pool, _, year = after.rpartition("/")
        later = house.shelf.now(pool, year, reading.after) if after else None
        for quarter in {*performance_quarters(agreed), *year_of(agreed.year)}:
            reading.version(return_stream(agreed.id, quarter))
        # Another version signed off in the meantime would be another agreement.
        reading.read(signoff_stream(agreed.id))
        if agreed_plan(house, agreed.id).version.digest != agreed.version.digest:
            again = Refused("Another version was signed off in the meantime. Look at the page again.")
            return OnPool(house.shelf.now(agreed.id, agreed.year, reading.after), again, later)
        allowed = may(authority, held, actor.account, body, house.today)
        if isinstance(allowed, Refused) and body in agreed.area.bodies:
            allowed = replace(allowed, says=allowed.says.replace(body, agreed.area.bodies[body].name))
        return OnPool(house.shelf.now(agreed.id, agreed.year, reading.after), allowed, later)

    asked = {"action": action, "plan": agreed.id, "digest": agreed.version.digest, "body": body, **request}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )
