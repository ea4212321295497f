"""One plan checked, and 150 workbooks read, checked and reported in a batch, beside LibreOffice where it is."""

import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from time import perf_counter

import xlsxwriter

from benchmarks.measuring import Figure, seconds
from carepool.actions.house import House
from carepool.actions.planning import begun, check_plan
from carepool.basics.refusals import Unusable
from carepool.plans.document import as_data
from carepool.plans.versions import PlanHistory
from carepool.wiring.house import current_house
from carepool.workbooks.checking import check_workbook
from carepool.workbooks.offers import offers
from carepool.workbooks.reading import Reader
from carepool.workbooks.writing import origin_of, write_workbook

FILES, FORMULAS = 150, 1_637
RULES = "bcf-2014-08"
TIMES = 8
"""How many times faster than one LibreOffice process, side by side, on the same files."""
ONCE = 22
"""Seconds that one needed for as many workbooks with as many formulas: what the bound is made of where there is none."""
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""LibreOffice's own setting to calculate every workbook anew when it opens it."""


def measure() -> list[Figure]:
    """The figures."""
    house = current_house()
    files = _workbooks(house)
    data = _plan(house)
    one = 1000 * seconds(lambda: check_plan(house, data), 9)
    with Reader() as reader:
        took = seconds(lambda: _report(house, reader, files), 3)
    peer, note = _libreoffice(files)
    return [
        Figure("One plan checked", one, "ms", 9, bound=5),
        Figure(f"{FILES} workbooks of {FORMULAS:,} formulas read, checked and reported", took, "s", 3, bound=(peer or ONCE) / TIMES, peer=peer, note=note),
    ]  # fmt: skip


def _report(house: House, reader: Reader, files: list[bytes]) -> int:
    """Every file's faults as JSON."""
    said = 0
    for book in reader.read_all(files):
        assert not isinstance(book, Unusable), book
        said += len(json.dumps([fault.as_data() for fault in check_workbook(house, book).faults]))
    return said


def _history(house: House, board: str) -> PlanHistory:
    return PlanHistory("", RULES, (board,), "A plan", "", house.clock())


def _plan(house: House) -> dict[str, object]:
    """A new plan of Kent, with forty lines of spend, as data."""
    board = "E10000016"
    data = as_data(begun(house, _history(house, board), house.areas.of_boards((board,), house.rulebook.named(RULES).about.places)))  # fmt: skip
    data["schemes"] = {"schemes": [{"id": f"S{n}", "name": f"Scheme {n}"} for n in range(10)]}
    data["spend"] = {"spend": [{"scheme": f"S{n % 10}", "commissioner": board, "year_2": 100 * n} for n in range(40)]}  # fmt: skip
    return data


def _workbooks(house: House) -> list[bytes]:
    """A plan of every board as its workbook, with a sheet of formulas to make it as large as those that LibreOffice was given."""
    places, rules = house.areas.england.england.places, house.rulebook.named(RULES)
    area = house.areas.real(rules.about.places)
    made = []
    for board in list(places.boards)[:FILES]:
        plan = begun(house, _history(house, board), area)
        content = write_workbook(plan, rules, origin_of(plan), offers(rules, area, plan))
        made.append(_with_formulas(content))
    return made


def _with_formulas(content: bytes) -> bytes:
    """The workbook with one more sheet of formulas, put in among its parts."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("Sums")
    for number in range(FORMULAS):
        sheet.write_formula(number // 10, number % 10, f"=SUM({number},1)", None, number + 1)
    book.close()
    with zipfile.ZipFile(held) as made:
        sums = made.read("xl/worksheets/sheet1.xml").replace(b' tabSelected="1"', b"")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            xml = old.read(part.filename)
            match part.filename:
                case "xl/workbook.xml":
                    xml = xml.replace(
                        b"</sheets>", b'<sheet name="Sums" sheetId="99" r:id="rId999"/></sheets>'
                    )
                case "xl/_rels/workbook.xml.rels":
                    xml = xml.replace(b"</Relationships>", b'<Relationship Id="rId999" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet99.xml"/></Relationships>')  # fmt: skip
                case "[Content_Types].xml":
                    xml = xml.replace(b"</Types>", b'<Override PartName="/xl/worksheets/sheet99.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>')  # fmt: skip
            new.writestr(part.filename, xml)
        new.writestr("xl/worksheets/sheet99.xml", sums)
    return out.getvalue()


def _libreoffice(files: list[bytes]) -> tuple[float | None, str]:
    """Seconds that one LibreOffice process needs to recalculate and convert the same files; none where it is not installed."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return None, f"LibreOffice is not installed: the bound is one {TIMES}th of the {ONCE} s once measured"
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(RECALCULATE)
        paths = []
        for number, content in enumerate(files):
            paths.append(Path(folder) / f"{number}.xlsx")
            paths[-1].write_bytes(content)
        before = perf_counter()
        subprocess.run([office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "ods", "--outdir", folder, *map(str, paths)], check=True, capture_output=True)  # fmt: skip
        took = perf_counter() - before
        assert len(list(Path(folder).glob("*.ods"))) == len(files), (
            "LibreOffice converted fewer files than it was given"
        )
        return took, "one LibreOffice process that recalculates and converts the same files"
