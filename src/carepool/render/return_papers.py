"""A return's print as a paper: nothing but the text is read, and what is set when a return is closed is kept."""

import re
from collections.abc import Iterator

from carepool.render.paper_shape import Chapter, Paper, Writing
from carepool.render.pdf import pdf

_ANSWER = re.compile(r"(.+?)(?:\?|:)(?: (.*))?")


def pdf_of_print(content: bytes, mark: str = "") -> bytes:
    """A print set as a tagged PDF. Unusable where the machine lacks the libraries that set type."""
    return pdf(paper_of_print(content, mark))


def paper_of_print(content: bytes, mark: str = "") -> Paper:
    """The paper of a print: its head, then a chapter for each part, with the answers of each row in a table."""
    lines = content.decode().splitlines()
    starts = [n - 1 for n, line in enumerate(lines) if line and set(line) == {"="}]
    head = [line for line in lines[: starts[0] if starts else len(lines)] if line and line != mark]
    chapters = tuple(
        _chapter(lines[start], lines[start + 2 : end])
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    )
    about = tuple((f"{n}", line) for n, line in enumerate(head[1:], 1))
    labels = ("Rules and days", "Signature")
    about = tuple((label, line) for label, (_, line) in zip(labels, about, strict=False))
    return Paper(head[0], about, f"{mark.rstrip('.')}." if mark else "", chapters, (head[0],))


def _chapter(title: str, lines: list[str]) -> Chapter:
    made = Writing()
    for caption, rows in _tables(title, lines):
        made.table(caption, ("Question", "Answer"), rows)
    return made.chapter(title)


def _tables(title: str, lines: list[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each row's answers under its title; those of the part itself under its own."""
    caption, indent, rows = title, "", list[tuple[str, str]]()
    after_blank = False
    for line in lines:
        if not line.strip():
            after_blank = True
            continue
        if after_blank and not line.startswith(" "):
            yield caption, rows
            caption, indent, rows = line, "  ", []
        elif line.startswith(f"{indent}  ") and rows:
            question, answer = rows[-1]
            rows[-1] = (question, f"{answer} {line.strip()}")
        else:
            found = _ANSWER.fullmatch(line.strip())
            rows.append((found[1], found[2] or "-") if found else (line.strip(), ""))
        after_blank = False
    yield caption, rows
