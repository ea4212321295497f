"""What LibreOffice itself has opened and saved again is the same plan: our own workbook, and a template by its map."""

import shutil
import subprocess
from pathlib import Path

import pytest

from carepool.actions.demonstration import Stage
from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.plans.document import Plan, plan_digest
from carepool.rules.rulebook import Rulebook
from carepool.workbooks.checking import check_template, check_workbook
from carepool.workbooks.drawing import write_map
from carepool.workbooks.importing import Imported, import_workbook
from carepool.workbooks.issued import read_issued
from carepool.workbooks.layout import sheets_of
from carepool.workbooks.maps import parse_map
from carepool.workbooks.proposing import propose
from carepool.workbooks.templates import fill
from tests.workbooks.issuing import LAYOUTS
from tests.workbooks.making import export, of_plan, read

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
COUNTY = ("carrowby", "wolds", "farrowdale", "stonebeck", "lindenmouth", "merrow")
TEXTS = ("=1+1", "+44", "-5", "@SUM(A1)", "_x0041_", "a\nb", "é😀", "TRUE", "1e5", "2014-04-01")

pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (on Debian: libreoffice-calc-nogui)")  # fmt: skip


def saved_again(folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """Workbooks as LibreOffice saves them, all by one process."""
    before, after = folder / "before", folder / "after"
    before.mkdir()
    for name, content in files.items():
        (before / f"{name}.xlsx").write_bytes(content)
    assert OFFICE
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx", "--outdir", str(after), *map(str, before.iterdir())],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    found = {name: (after / f"{name}.xlsx").read_bytes() for name in files}
    assert all(found[name] != files[name] for name in files)
    return found


@pytest.fixture(scope="module")
def ours(county: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every plan of the county, saved again."""
    return saved_again(tmp_path_factory.mktemp("ours"), {plan: export(county, plan) for plan in COUNTY})


@pytest.mark.parametrize("plan", COUNTY)
def test_it_is_the_same_plan(county: House, ours: dict[str, bytes], plan: str) -> None:
    """The digest of the plan, what it was exported from, and every finding in its place are as they were."""
    before, after = (check_workbook(county, read(content)) for content in (export(county, plan), ours[plan]))
    assert after.plan == before.plan == plan_digest(view(county, plan).plan)
    assert (after.origin, after.faults) == (before.origin, before.faults)


def test_imported_no_draft_changes(stage: Stage, ours: dict[str, bytes]) -> None:
    """Export, save again in LibreOffice, import: no draft, no conflict, nothing rejected."""
    book = read(ours["carrowby"])
    done = import_workbook(stage.house, stage.actor("carrowby.lead"), ours["carrowby"], book, check_workbook(stage.house, book))  # fmt: skip
    assert isinstance(done, Imported), done
    assert (done.receipt.sections, done.receipt.conflicts, done.receipt.counts()["rejected"]) == ([], [], 0)
    assert stage.house.drafts.of_editor("carrowby", "demo-29") == ()


def test_what_looks_like_a_formula_stays_a_text(county: House, carrowby: Plan, tmp_path: Path) -> None:
    """Texts that begin with = + - @, look like numbers or hold line breaks come back as they were."""
    plans = {f"text-{n}": carrowby.with_section("vision", carrowby.vision.model_copy(update={"vision": text, "case": text})) for n, text in enumerate(TEXTS)}  # fmt: skip
    again = saved_again(tmp_path, {name: of_plan(county, plan) for name, plan in plans.items()})
    for name, plan in plans.items():
        assert check_workbook(county, read(again[name])).contents.sections["vision"].part == plan.vision


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_template_filled_by_its_map(rulebook: Rulebook, county: House, carrowby: Plan, tmp_path: Path, layout: str) -> None:  # fmt: skip
    """A template filled by the map that was proposed for it, saved again, is read by the same map as before."""
    issued = LAYOUTS[layout]()
    drawing = propose(read_issued(issued), sheets_of(rulebook.named("bcf-2014-08")), "bcf-2014-08")
    mapped, findings = parse_map("map.yaml", write_map(drawing)[0].encode(), rulebook)
    assert mapped is not None, findings
    filled = fill(issued, carrowby, mapped)
    again = saved_again(tmp_path, {layout: filled})[layout]
    before, after = (check_template(county, read(content), mapped, carrowby) for content in (filled, again))
    assert {name: section.part for name, section in after.contents.sections.items()} == {name: section.part for name, section in before.contents.sections.items()}  # fmt: skip
