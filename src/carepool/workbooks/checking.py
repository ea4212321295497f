"""Checks a workbook without a database: shape and all checks of the plan at once, each finding at its cell."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.actions.planning import check_plan
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import Unusable
from carepool.conditions.known import YEAR_KEYS
from carepool.plans.document import Plan, as_data
from carepool.rules.rulebook import RuleSet
from carepool.workbooks import layout
from carepool.workbooks.cells import Place, reference
from carepool.workbooks.contents import Contents, read_contents
from carepool.workbooks.faults import Fault
from carepool.workbooks.finding import find
from carepool.workbooks.layout import LAYOUT, sheets_of
from carepool.workbooks.maps import TemplateMap
from carepool.workbooks.merging import overlaid
from carepool.workbooks.origin import Origin, read_origin
from carepool.workbooks.properties import NAMES
from carepool.workbooks.raising import raised
from carepool.workbooks.reading import Book
from carepool.workbooks.templates import found_by_map


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a workbook comes to."""

    origin: Origin
    contents: Contents
    plan: Digest | None
    """The digest of the plan that stands in the workbook; None where a cell cannot be read."""
    faults: tuple[Fault, ...]
    area: Area | None

    @property
    def blocked(self) -> bool:
        """Whether a fault blocks."""
        return any(fault.severity is Severity.BLOCKER for fault in self.faults)


_ORDER = [Severity.BLOCKER, Severity.WARNING, Severity.NOTE]


def check_workbook(house: House, book: Book, rules: str = "") -> Checked:
    """A workbook of ours, checked. Unusable when it does not say under which rules it was made, and none are given."""
    origin = read_origin(book)
    if rules:
        origin = Origin(rules, origin.boards, origin.title, origin.plan, origin.version, origin.layout)
    if not origin.rules:
        raise Unusable("The workbook has lost the hidden sheet that names its rules. Name them: --rules bcf-2014-08.")  # fmt: skip
    if origin.layout > LAYOUT:
        raise Unusable(f"The workbook was written by a newer carepool (layout {origin.layout}; this one reads up to {LAYOUT}). Use that one.")  # fmt: skip
    named = house.rulebook.named(origin.rules)
    book = raised(book, origin.layout)
    contents = read_contents(book, find(book, sheets_of(named)))
    if not contents.sections:
        raise Unusable("No sheet of the workbook is a section of a plan. Begin from one: carepool workbook export BOARD OUT.xlsx.")  # fmt: skip
    return checked(house, named, origin, contents, macros=book.macros)


def checked(
    house: House,
    rules: RuleSet,
    origin: Origin,
    contents: Contents,
    *,
    macros: bool = False,
    beneath: Plan | None = None,
) -> Checked:
    """What was read, through all checks of the plan; ``beneath`` is what stands where a map says nothing."""
    data: dict[str, object] = {"rules": origin.rules, "title": origin.title}
    unread = contents.found.lost if beneath is None else set()
    if beneath is None:
        data |= {name: as_data(section.part) for name, section in contents.sections.items()}
    else:
        data = as_data(beneath)
        for name, section in contents.sections.items():
            data[name] = overlaid(section, as_data(beneath.section(name)))
    faults = list(contents.faults)
    if macros:
        faults.append(Fault(layout.INSTRUCTIONS, "A1", "macros-ignored", Severity.NOTE, "The workbook has macros. They were not run, and nothing of them is read.", "Nothing need be done."))  # fmt: skip
    if "parties" in unread:
        held = data.get("parties")
        boards = held["boards"] if isinstance(held, Mapping) else None
        data["parties"] = {
            **(held if isinstance(held, Mapping) else {}),
            "boards": boards or list(origin.boards),
        }
    digest, findings, area, more = _through_checks(house, origin, contents, data, unread)
    locate = Locator(contents, rules)
    faults += more
    faults += [
        _fault(finding, contents, locate)
        for finding in findings
        # What cannot be read was said of its cell; what stands in for it is nobody's answer.
        if locate.place(finding.where) not in contents.faulty
    ]
    faults.sort(key=lambda fault: _ORDER.index(fault.severity))
    return Checked(origin, contents, digest if not (contents.unread or unread) else None, tuple(faults), area)


def check_template(house: House, book: Book, mapped: TemplateMap, beneath: Plan) -> Checked:
    """A filled template of somebody else's, read by a map and checked; what it does not hold stands as in a plan."""
    named = house.rulebook.named(mapped.rules)
    contents = read_contents(book, found_by_map(book, mapped, sheets_of(named)), mapped.units)
    plan, version = (book.properties.get(each, "") for each in NAMES)
    origin = Origin(mapped.rules, beneath.parties.boards, beneath.title, plan, version)
    return checked(house, named, origin, contents, macros=book.macros, beneath=beneath)


def _through_checks(
    house: House, origin: Origin, contents: Contents, data: dict[str, object], lost: Collection[str]
) -> tuple[Digest | None, list[Finding], Area | None, list[Fault]]:
    """The checks of the plan. Boards that do not go together are a fault, and the rest is checked for those that it began with."""
    try:
        digest, findings, area = check_plan(house, data, lost)
        return digest, findings, area, []
    except Unusable as error:
        parties = data.get("parties")
        if not isinstance(parties, Mapping):
            raise
        boards = [str(each) for each in parties["boards"]]
        place = next((contents.sections["parties"].places[f"parties/boards/{at}"] for at, each in enumerate(boards) if each not in origin.boards), None)  # fmt: skip
        if place is None or not origin.boards:
            raise
        sheet, row, column = place
        fault = Fault(sheet, reference(row, column), "unknown-party", Severity.BLOCKER, str(error), "Write the code of a board of this area, or take it out.", "parties/boards", "decisions")  # fmt: skip
        kept = [each for each in boards if each in origin.boards] or list(origin.boards)
        digest, findings, area = check_plan(house, {**data, "parties": {**parties, "boards": kept}}, lost)
        contents.unread["parties"] = contents.unread.get("parties", 0) + 1
        return None, findings, area, [fault]


def _fault(finding: Finding, contents: Contents, locate: "Locator") -> Fault:
    sheet, row, column = locate.place(finding.where)
    unread = [contents.sections[name].found.name for name in contents.unread if name in contents.sections]
    says = finding.says
    if unread:
        says = f"{says} (Cells on {', '.join(f'“{name}”' for name in unread)} that cannot be read count as empty here.)"  # fmt: skip
    return Fault(sheet, reference(row, column), finding.code, finding.severity, says, finding.remedy, finding.where, finding.rule)  # fmt: skip


class Locator:
    """Turns the locators of findings into cells of this workbook: the cell itself, else its row, table or sheet."""

    def __init__(self, contents: Contents, rules: RuleSet) -> None:
        self.contents, self.years = contents, rules.about.years
        self._rows: dict[str, Place] = {}
        for section in contents.sections.values():
            for where, place in section.places.items():
                around = where.rpartition("/")[0]
                self._rows[around] = min(self._rows.get(around, place), place)

    def place(self, where: str) -> Place:
        """Sheet, row and column for a locator."""
        name, *rest = where.split("/")
        section = self.contents.sections.get(name)
        if section is None:
            return layout.INSTRUCTIONS, 1, 1
        for each in self._spellings(name, rest):
            if each in section.places:
                return section.places[each]
            if each in self._rows and each.rpartition("/")[2].isdecimal():
                return self._rows[each]
        return next(iter(self._around(name, rest)), (section.found.name, 1, 2))

    def _spellings(self, name: str, rest: list[str]) -> Iterator[str]:
        """A locator as it is, and with the list named that it leaves out: ``schemes/3`` is ``schemes/schemes/3``."""
        yield "/".join([name, *rest])
        lists = self.contents.sections[name].found.tables
        if rest and rest[0].isdecimal():
            for each in sorted(lists, key=lambda each: each != name):
                yield "/".join([name, each, *rest])

    def _around(self, name: str, rest: list[str]) -> Iterator[Place]:
        """The heading of the year or the table that a locator is about."""
        found = self.contents.sections[name].found
        if rest and rest[0] in self.years:
            key = YEAR_KEYS[-len(self.years) :][self.years.index(rest[0])]
            for table in found.tables.values():
                if key in table.columns:
                    yield table.sheet, table.heading, table.columns[key]
        tables = [found.tables[each] for each in rest[:1] if each in found.tables]
        for table in tables or (
            [*found.tables.values()] if (rest and rest[0].isdecimal()) or not rest else []
        ):
            if table.columns:
                yield table.sheet, table.heading, min(table.columns.values())
