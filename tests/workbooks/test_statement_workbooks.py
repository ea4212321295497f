"""A payment statement as a workbook: LibreOffice calculates every formula anew and comes to our pence, in every cell."""

import io
import random
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from benchmarks.workbooks import RECALCULATE
from carepool.basics.workings import Working
from carepool.payment.instead import Commitment, out_of_hospital
from carepool.payment.methods import AnyStatement
from carepool.payment.rebasing import rebased_release
from carepool.payment.release import release
from carepool.payment.tranches import nothing_withheld, own_measures, passed_tests
from carepool.workbooks.statements import write_statements
from tests.scenarios import PEOPLE, Scenario, scenarios

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
EACH = 12
"""Statements a method; all are calculated by one LibreOffice process."""


def statements() -> list[AnyStatement]:
    """Some of every method, random ones, with what is unknown, tied, and over and under plan among them."""
    drawn = scenarios(random.Random(20150401), EACH)
    return [found for each in drawn for found in of_scenario(each)]


def of_scenario(each: Scenario) -> list[AnyStatement]:
    """One scenario under every method."""
    return [
        release(each.board, each.lines, each.terms, each.people, each.share),
        rebased_release(each.board, each.lines, each.terms, each.people, each.share),
        passed_tests(each.board, each.tests, each.seen, each.people, each.whole),
        nothing_withheld(each.board, each.tests, each.seen, each.people, each.whole),
        own_measures(each.board, each.own, each.seen, each.people, each.whole),
        out_of_hospital(each.board, each.commitment, each.people, each.whole),
    ]


def written() -> bytes:
    """All of them in one workbook."""
    found = statements()
    return write_statements(found, PEOPLE, [Working("", 0, "pence", (), ("recalled",))], "every method")


def without_answers(content: bytes) -> bytes:
    """The workbook with what its formulas came to taken out, so that whatever is read was calculated."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(held, "w") as after:
        for item in before.infolist():
            data = before.read(item)
            if item.filename.startswith("xl/worksheets/"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            after.writestr(item, data)
    return held.getvalue()


def cells(content: bytes) -> dict[tuple[str, str], object]:
    """What stands in every cell, by sheet and cell; an empty text is an empty cell."""
    book = load_workbook(io.BytesIO(content), data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in {None, ""}
    }


def formulas(content: bytes) -> list[tuple[str, str]]:
    """The cells that hold a formula."""
    book = load_workbook(io.BytesIO(content))
    return [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (on Debian: libreoffice-calc-nogui)")
def test_libreoffice_comes_to_our_pence(tmp_path: Path) -> None:
    """Every formula, calculated from the inputs alone, is what we answered; so every figure can be checked by hand."""
    assert OFFICE
    ours = written()
    settings = tmp_path / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    (tmp_path / "in.xlsx").write_bytes(without_answers(ours))
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / "in.xlsx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    theirs = cells((tmp_path / "out" / "in.xlsx").read_bytes())
    expected = cells(ours)
    live = formulas(ours)
    assert len(live) > 5_000
    assert not cells(without_answers(ours)).keys() & set(live)
    wrong = [(at, expected.get(at), theirs.get(at)) for at in live if theirs.get(at) != expected.get(at)]
    assert not wrong, wrong[:20]


def test_the_same_statements_give_the_same_bytes() -> None:
    """A workbook can be compared with the one that was sent: nothing in it is of the hour."""
    assert written() == written()


def test_inputs_are_the_statements_own() -> None:
    """The sheet holds the statement's own numbers, and says in words what they rest on."""
    found = cells(written())
    assert found["Rests on", "A1"] == "recalled"
    first = statements()[0]
    sheet = next(name for name, _ in found if name.startswith("1 "))
    assert found[sheet, "A1"] == f"{first.board} under every method"
    assert found[sheet, "B5"] == first.terms.unit_value
    assert isinstance(found[sheet, "B11"], int | float)
    assert Decimal(str(found[sheet, "B11"])) == first.lines[0].baseline  # type: ignore[union-attr]


def test_a_commitment_that_is_not_known_stays_empty() -> None:
    """What is drawn of a risk share is not guessed: the cell is empty until plan, outturn and value are given."""
    found = out_of_hospital("E10000016", Commitment(100, 50), {"09C": 1}, 200)
    sheet = cells(write_statements([found], {"E10000016": {"09C": 1}}, [], "bcf-2016-17"))
    drawn = next(cell for (_, cell), value in sheet.items() if value == "Drawn for admissions above the plan")
    assert (f"1 {found.board}", drawn.replace("A", "B")) not in sheet
