"""Where a figure of a plan came from, and what it reached: version, person, time and rule one way, every output the other."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from carepool.actions.commenting import no_place
from carepool.actions.house import House
from carepool.actions.planning import PlanView, begun, content_of, view
from carepool.actions.releasing import Agreed, agreed_plan, pool_books, statement_of, without_money
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Unusable
from carepool.basics.workings import Amount
from carepool.journal.documents import Document
from carepool.journal.facts import Fact
from carepool.payment.release import Statement
from carepool.plans.comments import Place, follow, part_at, place_of, stands
from carepool.plans.document import EVERY, Part, Plan, Source, read_section
from carepool.plans.versions import Version
from carepool.pool.accounts import Heading
from carepool.pool.books import Books
from carepool.signoff.facts import stream_of as signoff_stream

RULES: Mapping[str, tuple[str, ...]] = {
    "parties": ("decisions", "authority"),
    "sources": ("composition", "allocation/methods"),
    "spend": ("composition",),
    "freed": ("composition",),
    "benefits": ("savings/planned",),
    "target": ("payment/guideline", "payment/unit_value", "payment/release"),
    "metrics": ("metrics",),
    "flows": ("payment/release",),
    "conditions": ("conditions",),
    "protection": ("conditions",),
    "seven_days": ("conditions",),
    "sharing": ("conditions",),
    "assessment": ("conditions",),
    "commentaries": ("conditions",),
    "earmarks": ("composition",),
    "transfer": ("transfer",),
}
"""The files of a set of rules that speak of each section, where the set has them."""

IMPORTS = "imports/{}"
"""The stream in which imports of workbooks into a plan are looked for."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The cell of a workbook that a figure was read from."""

    file: str
    sheet: str
    cell: str
    by: str
    at: datetime
    receipt: str
    """The digest of the receipt, which tells of every cell of the file."""


@dataclass(frozen=True, slots=True)
class Step:
    """A version in which a figure came to be what it is."""

    version: Version
    before: object
    """What stood there before; None where it was not there."""
    value: object
    imported: Imported | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure came from."""

    place: Place
    value: object
    version: Version | None
    """The version that is looked at; None before the first."""
    steps: tuple[Step, ...]
    """Each version that changed it, the first that had it first."""
    whole: bool
    """Whether every version before could be read."""
    began: bool
    """Whether it is what the plan began from, before anybody wrote in it."""
    findings: tuple[Finding, ...]
    rules: tuple[str, ...]
    """What rules speak of it, as they are cited."""


class Output(StrEnum):
    """What a figure can reach; the words are those on the page."""

    TOTAL = "Total"
    AT_STAKE = "At stake"
    DECISION = "Decision"
    STATEMENT = "Statement"
    RELEASE = "Release"
    POSTING = "Posting"
    PAGE = "Page"
    PAPER = "Board paper"


@dataclass(frozen=True, slots=True)
class Reached:
    """An output that a figure is part of."""

    output: Output
    says: str
    value: Amount = None
    unit: str = ""
    page: str = "plan"
    """The name of the page that shows it."""
    fragment: str = ""
    """The part of the page; of a posting, its id."""
    at: datetime | None = None
    code: tuple[str, str] | None = None
    """Of a sum of the rows of a code, what the code is of, and the code."""


# Where it came from


def origin(house: House, plan: str, locator: str, upto: int | None = None) -> Origin:
    """Where a figure of the current version came from, or of the one at a position.

    NotHere for a place that no plan has, or a row that this version has not.
    """
    found = view(house, plan, upto)
    return origin_in(house, found, place_in(found, locator))


def origin_in(house: House, found: PlanView, place: Place) -> Origin:
    """The same for a plan that is looked at already."""
    steps, whole = _steps(house, found, place)
    rules = [found.rules.cite(path) for path in RULES.get(place.section, ()) if path in found.rules.sections]
    findings = tuple(each for each in found.findings if speaks_of(each, place, found.known.year_fields))
    return Origin(
        place, part_at(found.plan, place), found.history.current, steps, whole,
        _began(house, found, place, steps), findings,
        tuple(dict.fromkeys([*rules, *(each.rule for each in findings)])),
    )  # fmt: skip


def place_in(found: PlanView, locator: str) -> Place:
    """A place of a plan as it is looked at. NotHere, in words, for one that it has not."""
    place = place_of(locator)
    if place is None:
        raise no_place(locator)
    if not stands(found.plan, place):
        title = EVERY[place.section].title
        raise NotHere(
            f"“{title}” has no row {(place.row or 0) + 1} in this version. Look at the whole section, or an earlier day."
        )
    return place


def _steps(house: House, found: PlanView, place: Place) -> tuple[tuple[Step, ...], bool]:
    """Each version that changed what stands at a place, and whether all could be read."""
    held: list[tuple[Version, object, Plan, Place]] = []
    whole = True
    for version, content, here in _back(house, found, place):
        if content is None:
            whole = False
            break
        held.append((version, part_at(content, here), content, here))
    imports = imports_of(house, found)
    steps: list[Step] = []
    before: object = None
    for version, value, content, here in reversed(held):
        if value != before and (steps or not empty(value)):
            cell = _imported(imports, found.history.versions, version, content, here)
            steps.append(Step(version, before, value, cell))
        before = value
    return tuple(steps), whole


def _back(house: House, found: PlanView, place: Place) -> Iterator[tuple[Version, Plan | None, Place]]:
    """The versions from the one that is looked at back to the first that has the place, with what each holds."""
    content: Plan | None = None
    section = None
    for version in reversed(found.history.versions):
        same = content is not None and place.section and version.sections.get(place.section) == section
        if not same:
            try:
                earlier = content_of(house, version)
            except Unusable:
                yield version, None, place
                return
            now = follow(content, earlier, place) if content is not None else place
            if now is None or not stands(earlier, now):
                return
            content, place = earlier, now
        section = version.sections.get(place.section)
        yield version, content, place


def empty(value: object) -> bool:
    """Whether nobody has filled a field in. A nought that was written is a figure; the nought of a row not yet written is not."""
    return value is None or value == "" or value == ()


def _began(house: House, found: PlanView, place: Place, steps: tuple[Step, ...]) -> bool:
    if not place.field and place.row is None:
        return False
    begins = begun(house, found.history, found.area)
    now = follow(found.plan, begins, place)
    if now is None or not stands(begins, now):
        return False
    first = steps[0].value if steps else part_at(found.plan, place)
    return not empty(first) and part_at(begins, now) == first


def speaks_of(finding: Finding, place: Place, years: Mapping[str, str]) -> bool:
    """Whether a finding is about a place, about what it is part of, or about something in it."""
    spoken = place_of(finding.where)
    if spoken is None:
        first, _, rest = finding.where.partition("/")
        field = next((key for key, year in years.items() if year == rest), "")
        return first == place.section and (not field or not place.field or field == place.field)
    if not spoken.section or not place.section:
        return spoken == place
    one, other = f"{spoken.where}/", f"{place.where}/"
    return one.startswith(other) or other.startswith(one)


def imports_of(house: House, found: PlanView) -> tuple[tuple[Fact, Mapping[str, object]], ...]:
    """Every import of a workbook into a plan with what its receipt says; none where there is no such fact or receipt."""
    read = []
    for fact in house.journal.read(IMPORTS.format(found.history.id)):
        receipt = (
            house.journal.document(str(fact.body.get("receipt"))) if fact.kind == "PlanImported" else None
        )
        content = json.loads(receipt.content) if isinstance(receipt, Document) else None
        if isinstance(content, Mapping):
            read.append((fact, content))
    return tuple(read)


def _imported(
    imports: Iterable[tuple[Fact, Mapping[str, object]]], versions: Iterable[Version], version: Version, content: Plan, place: Place
) -> Imported | None:  # fmt: skip
    """The cell that a version's figure was read from: of the last import that gave it, by its saver, since they saved before.

    What was typed over before it was saved came from no cell.
    """
    saved = [each.at for each in versions if each.by == version.by and each.number < version.number]
    found = None
    for fact, receipt in imports:
        if fact.by != version.by or fact.at > version.at or (saved and fact.at < saved[-1]):
            continue
        there = _as_imported(receipt, content, place)
        for cell in _cells(receipt) if there else ():
            said = str(cell.get("where", ""))
            if said and cell.get("outcome") == "accepted" and place_of(said) == there:
                file = str(receipt.get("file") or f"workbook {str(receipt.get('workbook', ''))[:12]}".strip())
                sheet, at = str(cell.get("sheet")), str(cell.get("cell"))
                found = Imported(file, sheet, at, fact.by, fact.at, str(fact.body["receipt"]))
    return found


def _as_imported(receipt: Mapping[str, object], content: Plan, place: Place) -> Place | None:
    """Where an import put what a version holds at a place; None where it put something else there, or nothing."""
    drafted = receipt.get("drafted")
    if not isinstance(drafted, Mapping) or place.section not in drafted:
        return None
    section, _ = read_section(place.section, drafted[place.section])
    if section is None:
        return None
    draft = content.with_section(place.section, section)
    there = follow(content, draft, place)
    same = there is not None and stands(draft, there) and part_at(draft, there) == part_at(content, place)
    return there if same else None


def _cells(receipt: Mapping[str, object]) -> list[Mapping[str, object]]:
    cells = receipt.get("cells")
    return [each for each in cells if isinstance(each, Mapping)] if isinstance(cells, list) else []


# What it reached


def reaches(house: House, plan: str, locator: str, upto: int | None = None) -> tuple[Reached, ...]:
    """Every output that a figure of the current version is part of: totals, decisions, statements, the pool, pages."""
    found = view(house, plan, upto)
    return reaches_in(house, found, place_in(found, locator), upto)


def reaches_in(house: House, found: PlanView, place: Place, upto: int | None = None) -> tuple[Reached, ...]:
    """The same for a plan that is looked at already."""
    if found.history.current is None:
        return ()
    agreed = _signed_off(house, found, upto)
    there = follow(found.plan, agreed.plan, place) if agreed else None
    # Money follows the version that was signed off: a figure that is another there has reached none of it.
    same = agreed if agreed and there and part_at(agreed.plan, there) == part_at(found.plan, place) else None
    return (
        *_totals(found, place),
        *_decisions(house, found, place, upto),
        *(_of_money(house, found, there, same, upto) if same and there else ()),
        *_pages(found, same),
    )


def _totals(found: PlanView, place: Place) -> Iterator[Reached]:
    """The sums of the plan that a figure of a row is in: of its column, and of the rows of the same code."""
    about, section = place.about, EVERY.get(place.section)
    if about is None or section is None or place.row is None:
        return
    if about.kind == "money":
        rows = part_at(found.plan, Place(place.section, place.list))
        assert isinstance(rows, tuple)  # noqa: S101 (a list of rows)
        titled = about.titled(found.known.years).removesuffix(", pounds")
        yield _total(f"{section.title}, {titled}, all rows", rows, place)
        for column in place.rows_about.fields if place.rows_about else ():
            code = getattr(rows[place.row], column.name)
            if code and (column.kind == "code" or column.codes):
                same = tuple(row for row in rows if getattr(row, column.name) == code)
                said = f"{section.title}, {titled}, {column.title.lower()}"
                if column.codes:
                    yield _total(f"{said}: {column.codes[code]}", same, place)
                else:
                    yield replace(_total(said, same, place), code=(column.of, code))
        if place.section == "spend":
            yield _bought(found, rows, titled, place)
    if place.section == "target" and about.kind == "count":
        quarters = found.plan.target.quarters
        cut = sum((row.baseline - row.planned for row in quarters), Decimal(0))
        yield Reached(
            Output.TOTAL, "Fewer admissions in the four quarters", cut, "admissions", "plan-check", "target"
        )
        if found.rules.pays:
            says = "What the target puts at stake, before any cap"
            yield Reached(Output.AT_STAKE, says, found.known.worth_of(found.plan), "pence", "plan-decisions")


def _bought(found: PlanView, rows: tuple[Part, ...], titled: str, place: Place) -> Reached:
    """What is spent on schemes that buy the same as this line's: what a paper begins with."""
    kinds = {each.id: each.buys for each in found.plan.schemes.schemes}
    words = next(each.codes for each in EVERY["schemes"].lists[0].fields if each.name == "buys")
    buys = kinds.get(rows[place.row or 0].scheme, "")  # type: ignore[attr-defined]  # lines of spending
    same = tuple(row for row in rows if kinds.get(row.scheme, "") == buys)  # type: ignore[attr-defined]  # lines of spending
    says = f"{EVERY['spend'].title}, {titled}, what the money buys: {words.get(buys, 'The plan does not say').lower()}"
    return replace(_total(says, same, place), page="plan-paper", fragment="")


def _total(says: str, rows: tuple[Part, ...], place: Place) -> Reached:
    total = sum(getattr(row, place.field) or 0 for row in rows)
    return Reached(Output.TOTAL, says, total, "pence", "plan-check", place.section)


_DECIDED = {"PlanAgreed": "agreed to", "PlanRefused": "refused"}


def _decisions(house: House, found: PlanView, place: Place, upto: int | None) -> Iterator[Reached]:
    """The decisions on a version in which this stood as it stands now."""
    same = {
        version.digest: version.number
        for version, content, here in _back(house, found, place)
        if content is not None and part_at(content, here) == part_at(found.plan, place)
    }
    for fact in house.journal.read(signoff_stream(found.history.id), upto=upto):
        number = same.get(Digest(str(fact.body.get("plan"))))
        if number is not None:
            done = _DECIDED.get(fact.kind) or str(fact.body.get("stage", "decided on")).replace("_", " ")
            says = f"{fact.on_behalf_of} {done} version {number}, which has it so"
            yield Reached(Output.DECISION, says, page="plan-decisions", at=fact.at)


def _signed_off(house: House, found: PlanView, upto: int | None) -> Agreed | None:
    try:
        return agreed_plan(house, found.history.id, upto)
    except Unusable:
        return None


def _of_money(
    house: House, found: PlanView, place: Place, agreed: Agreed, upto: int | None
) -> Iterator[Reached]:
    """The statements, releases and postings that rest on a place of the version that was signed off."""
    if without_money(agreed.rules) or place.row is None:
        return
    books = pool_books(house, agreed, upto)
    if place.section == "target" and place.field in {"quarter", "baseline", "planned"}:
        statement, _ = statement_of(agreed, found.known.on or house.today)
        yield from _of_target(statement, books, agreed.plan.target.quarters[place.row].quarter)
    if place.section == "sources" and place.field in {"contributor", "source", "year_2"}:
        yield from _of_contribution(agreed, books, agreed.plan.sources.sources[place.row])


def _of_target(statement: Statement, books: Books, first: Quarter) -> Iterator[Reached]:
    yield Reached(Output.STATEMENT, "The fund: what is at stake at first", statement.money.fund, "pence", "plan-money", "working")  # fmt: skip
    for each in statement.quarters:
        if each.quarter >= first:
            yield Reached(Output.STATEMENT, f"{each.quarter}: at most", each.maximum_payment, "pence", "plan-money", "quarters")  # fmt: skip
            yield Reached(Output.STATEMENT, f"{each.quarter}: earned", each.payment, "pence", "plan-money", "quarters")  # fmt: skip
    for (quarter, ccg), release in sorted(books.releases.items()):
        if quarter >= first:
            says = f"{quarter}, from ccg:{ccg}: {release.says}"
            yield Reached(Output.RELEASE, says, release.pence, "pence", "plan-money", "releases", release.proposed_at)  # fmt: skip
            if release.released_at:
                yield Reached(Output.POSTING, f"{quarter} earned: released by ccg:{ccg}", release.pence, "pence", "pool-posting", f"release/{quarter}/{ccg}", release.released_at)  # fmt: skip


def _of_contribution(agreed: Agreed, books: Books, source: Source) -> Iterator[Reached]:
    stream = agreed.rules.composition.inside("performance")
    for posting in books.postings[:1]:  # the opening
        for line in posting.lines:
            mine = line.credit.party == source.contributor
            paid_in = line.credit.heading is Heading.CONTRIBUTED and line.credit.source == source.source
            held = line.credit.heading is Heading.CONTINGENT and source.source == (
                stream.within if stream else None
            )
            if mine and (paid_in or held):
                says = "Off the pool until it is earned" if held else "Contributed to the pool"
                yield Reached(Output.POSTING, says, line.pence, "pence", "pool-posting", posting.id)


def _pages(found: PlanView, agreed: Agreed | None) -> Iterator[Reached]:
    """The pages and papers that a version is printed on."""
    number = found.history.current.number if found.history.current else 0
    yield Reached(Output.PAPER, f"The board paper of version {number}", page="plan-paper")
    yield Reached(Output.PAGE, f"Version {number} as JSON", page="plan-json")
    if agreed:
        says = f"The public page, of version {agreed.version.number}"
        yield Reached(Output.PAGE, says, page="plan-public")
