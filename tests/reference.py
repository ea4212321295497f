"""Makes docs/reference from the spec chapters: python -m tests.reference, with --check to compare only."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHAPTERS = ROOT / "tests" / "spec"
PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Made from {} by “make reference”. Change the test, not this page. -->\n"


def title_of(name: str) -> str:
    """A name in the code as a heading: ``test_a_share_is_exact`` is “A share is exact”."""
    words = name.removeprefix("test_").replace("_", " ")
    return words[:1].upper() + words[1:]


def said(node: ast.Module | ast.FunctionDef, where: str) -> str:
    """A docstring as a paragraph. SystemExit when there is none: a page needs one."""
    text = ast.get_docstring(node)
    if not text:
        raise SystemExit(f"{where} has no docstring. Write what it promises, as a sentence.")
    return text.replace("``", "`")


def page(path: Path) -> str:
    """One chapter as Markdown."""
    name = path.relative_to(ROOT).as_posix()
    module = ast.parse(path.read_text(encoding="utf-8"))
    parts = [MADE.format(name), f"# {title_of(path.stem)}\n", said(module, name) + "\n"]
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            parts += [f"## {title_of(node.name)}\n", said(node, f"{name}, {node.name}") + "\n"]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Every page by its file name, and the list of them."""
    chapters = sorted(CHAPTERS.glob("test_*.py"))
    made = {f"{path.stem.removeprefix('test_')}.md": page(path) for path in chapters}
    lines = [
        f"- [{title_of(path.stem)}]({name}): {said(ast.parse(path.read_text(encoding='utf-8')), str(path))}"
        for path, name in zip(chapters, made, strict=True)
    ]
    about = "What carepool promises, chapter by chapter. Each paragraph is a test that passes.\n"
    index = [
        MADE.format("tests/spec"),
        "# Reference\n",
        about,
        "\n".join(" ".join(each.split()) for each in lines),
    ]
    return {"README.md": "\n".join(index) + "\n", **made}


def main(check: bool) -> int:
    """Write the pages, or say which differ. 0 when all is as it should be, 1 otherwise."""
    wanted = pages()
    held = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    differ = sorted(name for name in wanted.keys() | held.keys() if wanted.get(name) != held.get(name))
    if check:
        for name in differ:
            sys.stderr.write(f"docs/reference/{name} is not what the tests say. Run: make reference\n")
        return 1 if differ else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for name in held.keys() - wanted.keys():
        (PAGES / name).unlink()
    for name, text in wanted.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"docs/reference: {len(wanted)} pages, {len(differ)} changed.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
