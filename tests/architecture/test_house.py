"""What the house promises of itself: rooms with a card, docs that are there, lock files without addresses."""

import ast
import re
from pathlib import Path

import pytest

from carepool.wiring.main import application

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "carepool").rglob("*.py"))
ROOMS = sorted(
    {path.parent for path in SOURCES if path.name == "__init__.py" and path.parent.name != "migrations"}
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in SOURCES if "migrations" not in p.parts], ids=name)
def test_every_module_begins_with_a_true_sentence(path: Path) -> None:
    """Each module says in one sentence what it is, and each public function and class what it promises."""
    tree = ast.parse(path.read_text())
    assert (ast.get_docstring(tree) or "").split("\n")[0].rstrip().endswith((".", ":", "?")), (
        "one sentence on top"
    )
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_branch_on_a_year_or_place(path: Path) -> None:
    """Policy is data: no code compares with a year, an ONS code or a set of rules."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare):
            for each in [node.left, *node.comparators]:
                for constant in ast.walk(each):
                    if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                        assert not re.fullmatch(
                            r"E\d{8}|HWB_[A-Z]+|(itf|bcf)-\d{4}.*|20\d\d(-\d\d)?", constant.value
                        ), ast.unparse(node)
                    if isinstance(constant, ast.Constant) and isinstance(constant.value, int):
                        assert not 2010 <= constant.value <= 2030, ast.unparse(node)


@pytest.mark.slow
def test_rooms_exist_only_with_something_in_them() -> None:
    """A room appears with its first real function, never as a stub."""
    for room in ROOMS:
        definitions = [
            node
            for path in room.glob("*.py")
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        # The wing is a house within the house: its rooms hold what there is.
        assert definitions or room.name in {"carepool", "care"}, name(room)


def test_lock_files_have_hashes_and_no_addresses() -> None:
    """Every package is pinned by version and hash; no address of any host is written down."""
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")


def test_decisions_are_recorded() -> None:
    """Each ADR has a context, a decision and its consequences, and their numbers follow."""
    paths = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    for path in paths:
        text = path.read_text().lower()
        assert all(word in text for word in ("context", "decision", "consequences")), path.name


def test_every_command_is_in_the_readme() -> None:
    """A newcomer finds each command in the README."""
    readme = (ROOT / "README.md").read_text()
    app = application()
    names = [each.name or each.callback.__name__ for each in app.registered_commands if each.callback]
    for group in app.registered_groups:
        inner = group.typer_instance
        assert inner
        names += [
            f"{group.name} {each.name or each.callback.__name__}"
            for each in inner.registered_commands
            if each.callback
        ]
    assert len(names) >= 10
    for each in names:
        assert f"carepool {each}" in readme or f"carepool`: {each}" in readme, each


def test_every_room_is_on_the_readmes_map() -> None:
    """The README maps the rooms that exist."""
    readme = (ROOT / "README.md").read_text()
    for room in ROOMS:
        if room.name != "carepool":
            assert f"`{room.name}`" in readme, room.name
