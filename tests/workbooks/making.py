"""Makes plans and workbooks for the tests: random ones by a seed that is printed, and grids that are written by another hand."""

import io
import os
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter

from carepool.actions.house import House
from carepool.actions.planning import all_plans, area_of, begun, view
from carepool.plans.describe import FieldAbout
from carepool.plans.document import EVERY, Plan, as_data, read_plan
from carepool.plans.versions import PlanHistory
from carepool.workbooks.layout import sheets_of
from carepool.workbooks.offers import offers
from carepool.workbooks.reading import Book, Reader
from carepool.workbooks.writing import origin_of, write_workbook

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
SEED = int(os.environ.get("CAREPOOL_SEED", "20140818"))
Grid = dict[str, dict[tuple[int, int], object]]
"""For each sheet, by row and column from 1: a text, number, bool or date; a Formula."""

NASTY = ("=1+1", "+44", "-5", "@SUM(A1)", "\tx", "\0=cmd|' /C calc'!A0", "'=x", "' =y", "_x0041_", "a\r\nb", "a\nb", "é😀", "carepool", "Total", "#REF!", "TRUE", "1e5", "2014-04-01")  # fmt: skip


class Formula:
    """A formula with its last result, or none."""

    def __init__(self, text: str, result: object = "") -> None:
        self.text, self.result = text, result


def seeds(many: int, soak: int) -> range:
    """Seeds for so many random workbooks, or the large count; printed by pytest as part of a failing test's name."""
    return range(SEED, SEED + (soak if SOAK else many))


def export(house: House, plan: str) -> bytes:
    """A plan that is held, as a workbook."""
    found = view(house, plan)
    version = found.history.current.digest if found.history.current else ""
    return write_workbook(found.plan, found.rules, origin_of(found.plan, plan, version), offers(found.rules, found.area, found.plan))  # fmt: skip


def of_plan(house: House, plan: Plan, address: str = "", version: str = "") -> bytes:
    """Any plan as a workbook."""
    rules = house.rulebook.named(plan.rules)
    area = house.areas.of_boards(plan.parties.boards, rules.about.places)
    return write_workbook(plan, rules, origin_of(plan, address, version), offers(rules, area, plan))


def new_plan(house: House, board: str, rules: str) -> Plan:
    """What a new plan of a board begins from."""
    history = PlanHistory("", rules, (board,), "A plan", "", house.clock())
    return begun(house, history, area_of(house, history))


def plans(house: House) -> Iterator[str]:
    """The address of every plan."""
    return (each.id for each in all_plans(house))


def random_plan(house: House, base: Plan, random: random.Random) -> Plan:
    """A plan with random answers to everything that its rules ask, beginning from one that is whole."""
    rules = house.rulebook.named(base.rules)
    data = as_data(base)
    for sheet in sheets_of(rules):
        section: dict[str, Any] = dict(data[sheet.section])  # type: ignore[call-overload]
        for about in sheet.fields:
            if random.random() < 0.6:
                value = a_value(about, random, section[about.name])
                section[about.name] = (
                    str(value)[:40] if about.name == "host" else value
                )  # the length of a code
        for table in sheet.tables:
            if table.row is None:
                continue
            rows = [] if random.random() < 0.5 else list(section[table.name])
            for number in range(random.randrange(5)):
                row = {about.name: a_value(about, random, None, number) for about in table.columns if about.required or random.random() < 0.7}  # fmt: skip
                rows.append(row)
            section[table.name] = rows
        data[sheet.section] = section
    plan, findings = read_plan(data)
    assert plan is not None, findings
    return plan


def a_value(about: FieldAbout, random: random.Random, now: object, number: int = 0) -> object:
    """A value that a field takes, as JSON has it."""
    match about.kind:
        case "money":
            return random.choice([0, 1, 99, random.randrange(10**6), random.randrange(10**12)])
        case "count":
            return random.choice(["0", str(random.randrange(9000)), f"{random.randrange(9000)}.{random.randrange(10**5):05}1", "2520.5"])  # fmt: skip
        case "percent":
            return random.choice(["0", "0.5", "12.5", "100", str(random.randrange(100))])
        case "day":
            return (date(1890, 1, 1) + timedelta(days=random.randrange(60_000))).isoformat()
        case "choice" | "yesno":
            return random.choice(list(about.codes))
        case "quarter":
            return f"2015-16Q{1 + number % 4}"
        case "code":
            return f"{random.choice(['X', '0', '1-', '='])}{random.randrange(10**4)}"
        case _:
            return random.choice([random.choice(NASTY).strip() or "x", "Some words", f"Line {random.randrange(99)}", "w" * random.randrange(1, 290)])  # fmt: skip


def grid_of(book: Book) -> Grid:
    """A workbook as a grid, every cell as a plain text, number, bool or date; no formats, widths or validations."""
    grid: Grid = {}
    for page in book.sheets:
        cells = grid.setdefault(page.name, {})
        for cell in page.cells:
            value: object = cell.text
            if cell.kind == "number":
                value = float(cell.text)
            elif cell.kind == "yesno":
                value = cell.text == "yes"
            elif cell.kind == "day":
                value = date.fromisoformat(cell.text)
            cells[cell.row, cell.column] = Formula("=SUM(1)", value) if cell.formula else value
    return grid


def written(grid: Grid) -> bytes:
    """A grid as a workbook by another hand than ours."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.set_properties({"created": datetime(2015, 1, 1)})  # noqa: DTZ001  (the same bytes each time)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, cells in grid.items():
        sheet = book.add_worksheet(name)
        for (row, column), value in sorted(cells.items()):
            match value:
                case bool():
                    sheet.write_boolean(row - 1, column - 1, value)
                case int() | float():
                    sheet.write_number(row - 1, column - 1, value)
                case date():
                    sheet.write_datetime(row - 1, column - 1, value, day)
                case Formula():
                    sheet.write_formula(row - 1, column - 1, value.text, None, value.result)
                case _:
                    sheet.write_string(row - 1, column - 1, str(value))
    book.close()
    return held.getvalue()


def read(content: bytes) -> Book:
    """A workbook through the children that the tests share."""
    return READER.read(content)


READER = Reader(2)


def sections_of(plan: Plan) -> dict[str, Any]:
    """A plan's sections in JSON's shapes, with each list in an order of its own and numbers without trailing noughts, which are no difference."""
    found: dict[str, Any] = {}
    for name, about in EVERY.items():
        data = as_data(plan.section(name))
        numbers = {each.name for fields in (about.fields, *(each.fields for each in about.lists)) for each in fields if each.kind in {"count", "percent"}}  # fmt: skip
        found[name] = {key: sorted(repr(_plainly(row, numbers)) for row in each) if isinstance(each, list) else each for key, each in _plainly(data, numbers).items()}  # fmt: skip
    return found


def _plainly(data: Any, numbers: set[str]) -> Any:
    if not isinstance(data, dict):
        return data
    return {key: format(Decimal(value).normalize(), "f") if key in numbers and value else value for key, value in data.items()}  # fmt: skip
