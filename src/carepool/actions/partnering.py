"""Partners' own books, read: what each shows of a pool, a partner's ledger held against it, and every pound once over all pools."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.actions.planning import all_plans, area_of, content_of
from carepool.actions.pools import books_now, named, pools, years_of
from carepool.basics.money import Pence
from carepool.basics.refusals import Unusable, unknown
from carepool.plans.document import Plan
from carepool.plans.versions import PlanHistory
from carepool.pool import kept
from carepool.pool.accounts import Heading
from carepool.pool.books import Books, stream_of
from carepool.pool.once import Claim, Known, Near, Once, claims_of, counted_twice, once, opened_twice
from carepool.pool.own import OwnBooks
from carepool.pool.partners import Partners, partners_of
from carepool.pool.reconciling import DAYS, Reconciled, read_listing, reconcile
from carepool.rules.rulebook import RuleSet


def partners_now(
    house: House, books: Books, day: date | None = None, upto: int | None = None, *,
    entries: bool | range = True,
) -> Partners:  # fmt: skip
    """Every partner's own books of a pool's year, of what is dated up to a day where one is given; see ``partners_of`` for ``entries``."""
    before = left_before(house, books, upto)
    asked = "partners", day, tuple(sorted(before.items())), entries
    return kept.once(books, asked, lambda: partners_of(books, day, before, entries=entries))


def left_before(house: House, books: Books, upto: int | None = None) -> Mapping[str, Pence]:
    """What the years before left each partner; nothing where nothing is brought forward."""
    if not books.amount(Heading.BROUGHT):
        return {}
    before: Mapping[str, Pence] = {}
    for year in years_of(house.journal, books.pool, upto):
        if year < books.year:
            before = partners_of(books_now(house, books.pool, year, upto), before=before, entries=False).left
    return before


def partner_in(found: Partners, pool: str, code: str) -> OwnBooks:
    """One partner's own books. NotHere where it is no partner of the pool."""
    if code not in found.books:
        raise unknown("partner in the pool", code, found.books, f"Partners of {pool}: {', '.join(found.books)}.")  # fmt: skip
    return found.books[code]


def reconcile_now(
    house: House, pool: str, year: str, code: str, file: str, content: bytes, *,
    account: str = "", day: date | None = None, days: int = DAYS, upto: int | None = None,
) -> tuple[Books, Reconciled]:  # fmt: skip
    """A partner's ledger held against the pool up to a day, the year's last without one.

    NotHere for a pool, year or partner that there is not; Unusable for a file that cannot be read.
    """
    if not 0 <= days <= 366:
        raise Unusable(f"{days} days cannot lie between two sides of one thing. Give 0 to 366.")
    books = named(house, pool, year, upto)
    # Of every day, since what is dated after the year can explain what a ledger has before its end.
    own = partner_in(partners_now(house, books, date.max, upto), pool, code)
    rows = read_listing(file, content, own, account)
    return books, reconcile(own, rows, day or books.last_day, days)


def wrote(house: House, books: Books, upto: int | None = None) -> dict[str, str]:
    """The digest of the fact that each posting is from, by the posting's id."""
    facts = house.journal.read(stream_of(books.pool, books.year), upto=upto)
    digests = {fact.version: fact.digest for fact in facts}
    return {each.id: digests[each.version] for each in books.postings}


# Every pound once.


@dataclass(frozen=True, slots=True)
class _Planned:
    """A plan as it stands, with what its money is judged by."""

    history: PlanHistory
    plan: Plan
    rules: RuleSet
    area: Area

    @property
    def year(self) -> str:
        """The year that its pool is of."""
        return self.rules.about.years[-1]


def count_once(house: House, place: str = "", upto: int | None = None) -> Once:
    """Every pound of every pool once, and of the plans that have no pool yet; of one board or region where it is named.

    NotHere where no plan is of that board or region.
    """
    plans = {each.history.id: each for each in _planned(house, upto)}
    every = [books_now(house, *each, upto=upto) for each in pools(house.journal, upto)]
    if place:
        plans = {plan: each for plan, each in plans.items() if place in _places(each)}
        every = [each for each in every if each.opening and each.opening.plan in plans]
        if not plans:
            raise unknown("board or region with a plan", place, (), "Give a board's code, or its region's.")
    pooled = {(each.opening.plan, each.year) for each in every if each.opening}
    claims = [claim for each in every for claim in claims_of(each)]
    for plan, each in plans.items():
        if (plan, each.year) not in pooled:
            claims += _claims_of_plan(each)
    findings = opened_twice(every) + counted_twice(claims, _known(house, plans.values(), upto), _near(house))
    return once([(each, partners_now(house, each, upto=upto)) for each in every], findings)


def _near(house: House) -> Near:
    rules, asked = house.rulebook.section_75(house.today)
    return Near(asked.near.per_cent, f"{rules.cite('section_75')}: {asked.near.source}")


def _planned(house: House, upto: int | None) -> Iterator[_Planned]:
    for history in all_plans(house, upto):
        if history.current is not None:
            try:
                plan = content_of(house, history.current)
            except Unusable:  # withdrawn: it counts on nothing any more
                continue
            yield _Planned(history, plan, house.rulebook.named(history.rules), area_of(house, history))


def _places(each: _Planned) -> set[str]:
    boards = each.area.england.places.boards
    return {*each.plan.parties.boards, *(boards[code].region for code in each.plan.parties.boards if code in boards)}  # fmt: skip


def _claims_of_plan(each: _Planned) -> list[Claim]:
    found: dict[tuple[str, str], Pence] = {}
    for row in each.plan.sources.sources:
        key = row.contributor, row.source
        found[key] = found.get(key, 0) + row.year_2
    return [Claim(*key, each.year, "plan", each.history.id, pence) for key, pence in found.items() if pence]


def _known(house: House, plans: Iterable[_Planned], upto: int | None) -> dict[tuple[str, str, str], Known]:
    """What each commissioner has of each stream, over all its boards, where the rules share it out."""
    found: dict[tuple[str, str, str], Known] = {}
    for rules, area in {
        (each.rules.name, each.area.illustrative): (each.rules, each.area) for each in plans
    }.values():
        try:
            allocation = house.allocation(rules.name, area, upto)
        except Unusable:  # rules that share nothing out: nobody knows what a party has
            continue
        year = rules.about.years[-1]
        sums: dict[tuple[str, str], Pence] = {}
        for stream, pairs in allocation.streams.items():
            for (ccg, _), pence in pairs.items():
                if ccg:
                    sums[ccg, stream] = sums.get((ccg, stream), 0) + pence
        found |= {
            (ccg, stream, year): Known(pence, allocation.source) for (ccg, stream), pence in sums.items()
        }
    return found
