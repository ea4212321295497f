"""From a signed-off plan to money in the account: the statement as outturns arrive, and releases by two approvers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carepool.actions.areas import Area
from carepool.actions.expecting import people_of
from carepool.actions.house import House
from carepool.actions.nation import cautions, terms_of
from carepool.actions.permits import Actor, permit
from carepool.actions.planning import area_of, content_of, read_history
from carepool.actions.pools import books_now
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
from carepool.payment.methods import RELEASES
from carepool.payment.release import Line, Statement
from carepool.payment.working import explain
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.document import Plan
from carepool.plans.versions import Version
from carepool.pool.accounts import LONGEST_TITLE
from carepool.pool.books import Books, Contribution, Opening, Partner, Scheme, Side, stream_of
from carepool.pool.facts import books_of
from carepool.pool.releases import Due, approve_release, dues, keep_money, open_pool, propose_release
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


def statement_of(agreed: Agreed, day: date) -> tuple[Statement, tuple[Flag, ...]]:
    """The plan's payment statement from the outturns published by a day, and the doubts that it rests on.

    Unusable under rules that compute no payment.
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
        if each.kind in {"PoolOpened", "Posted", "ReleasePosted"}
        or (each.kind == "MoneyKept" and each.body["kept"])
    ]
    return Pool(agreed, books, {each.id: fact for each, fact in zip(books.postings, posting, strict=True)})


def money_of(house: House, plan: str, day: date | None = None, upto: int | None = None) -> Money:
    """A plan's money as known on a day. NotHere before it is signed off, Unusable under rules that compute no payment."""
    agreed = agreed_plan(house, plan, upto)
    statement, flags = statement_of(agreed, day or house.today)
    books = pool_books(house, agreed, upto)
    data = f"plan {plan}, version {agreed.version.number}, and the Monthly Activity Return"
    working = explain(statement, agreed.rules.name, data, cautions(agreed.rules))
    return Money(agreed, statement, working, books, _due(statement, books), flags)


def _due(statement: Statement, books: Books) -> dict[str, dict[Quarter, int | None]]:
    if books.opening is None:
        return {}
    return dues({each.quarter: each.payment for each in statement.quarters}, books.opening.performance)


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

    def decide(state: tuple[Books, Permit | Refused]) -> Decision | Refused:
        books, allowed = state
        return (
            allowed
            if isinstance(allowed, Refused)
            else open_pool(books, opening_of(agreed, statement), agreed.host)
        )

    return _perform(house, actor, agreed, "open_pool", agreed.host, decide, {})


def propose_release_of(
    house: House, actor: Actor, plan: str, quarter: Quarter, ccg: str, pence: int
) -> Done | Refused:
    """The host, or the CCG, proposes that the CCG releases what a quarter earned; the statement is kept with it."""
    money = money_of(house, plan)
    agreed = money.agreed
    document = statement_document(money)
    by_host = isinstance(permit(house, agreed.rules, "propose_release", actor, agreed.host), Permit)
    body = agreed.host if by_host else body_id(BodyKind.CCG, ccg)
    due: Due = money.due.get(ccg, {})

    def decide(state: tuple[Books, Permit | Refused]) -> Decision | Refused:
        books, allowed = state
        if isinstance(allowed, Refused):
            return allowed
        decided = propose_release(books, quarter, ccg, pence, document.digest, due=due, on_behalf_of=body)
        if isinstance(decided, Decision):
            return Decision(decided.facts, decided.answer, (document,))
        return decided

    request = {"quarter": str(quarter), "ccg": ccg, "pence": pence}
    return _perform(house, actor, agreed, "propose_release", body, decide, request)


def approve_release_of(
    house: House, actor: Actor, plan: str, quarter: Quarter, ccg: str, side: Side
) -> Done | Refused:
    """One side approves a release; the second approval moves the money, in the same instant."""
    agreed = agreed_plan(house, plan)
    _check_pays(agreed.rules)
    body = agreed.host if side is Side.HOST else body_id(BodyKind.CCG, ccg)

    def decide(state: tuple[Books, Permit | Refused]) -> Decision | Refused:
        books, allowed = state
        return (
            allowed
            if isinstance(allowed, Refused)
            else approve_release(books, quarter, ccg, side, actor.account)
        )

    request = {"quarter": str(quarter), "ccg": ccg, "side": side.code}
    return _perform(house, actor, agreed, "approve_release", body, decide, request)


def keep_money_of(house: House, actor: Actor, plan: str) -> Done | Refused:
    """The host closes the year: what was never earned stays with the CCGs."""
    money = money_of(house, plan)
    document = statement_document(money)

    def decide(state: tuple[Books, Permit | Refused]) -> Decision | Refused:
        books, allowed = state
        if isinstance(allowed, Refused):
            return allowed
        decided = keep_money(books, money.due, document.digest, money.agreed.host)
        if isinstance(decided, Decision):
            return Decision(decided.facts, decided.answer, (document,))
        return decided

    return _perform(house, actor, money.agreed, "open_pool", money.agreed.host, decide, {"keep": True})


def statement_document(money: Money) -> Document:
    """The statement as it is kept with a release: every figure that the payment follows from."""
    statement = money.statement
    content = {
        "plan": money.agreed.id,
        "digest": money.agreed.version.digest,
        "rules": {"name": money.agreed.rules.name, "digest": money.agreed.rules.digest},
        "england": money.agreed.area.england.digest,
        "unit_value_pence": statement.terms.unit_value,
        "fund_pence": statement.money.fund,
        "quarters": [
            {
                "quarter": str(each.quarter),
                "baseline": line.baseline,
                "planned": line.planned,
                "actual": line.actual,
                "maximum_payment_pence": each.maximum_payment,
                "payment_pence": each.payment,
            }
            for line, each in zip(statement.lines, statement.quarters, strict=True)
        ],
    }
    return Document("statement", "application/json", canonical(content))


def _perform(
    house: House, actor: Actor, agreed: Agreed, action: str, body: str,
    decide: Callable[[tuple[Books, Permit | Refused]], Decision | Refused], request: Mapping[str, object],
) -> Done | Refused:  # fmt: skip
    """What all actions on a pool share: the authority is read with the books, so an office that ends counts at once."""
    authority = agreed.rules.authorities.of(action)

    def load(reading: Reading) -> tuple[Books, Permit | Refused]:
        held = holdings(reading.read(office_stream(body)))
        # Another version signed off in the meantime would be another agreement.
        reading.read(signoff_stream(agreed.id))
        if agreed_plan(house, agreed.id).version.digest != agreed.version.digest:
            again = Refused("Another version was signed off in the meantime. Look at the page again.")
            return house.shelf.now(agreed.id, agreed.year, reading.after), again
        allowed = may(authority, held, actor.account, body, house.today)
        if isinstance(allowed, Refused) and body in agreed.area.bodies:
            allowed = replace(allowed, says=allowed.says.replace(body, agreed.area.bodies[body].name))
        return house.shelf.now(agreed.id, agreed.year, reading.after), allowed

    asked = {"action": action, "plan": agreed.id, "digest": agreed.version.digest, "body": body, **request}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )
