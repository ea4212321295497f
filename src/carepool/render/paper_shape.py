"""The shape of a paper: numbered chapters of numbered paragraphs and tables, the same for a page, a PDF and a DOCX."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Something said; a number is put before it, and its points stand below it."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Figures or short words; every cell is as it is read."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()
    """Which columns stand at the right."""
    foot: tuple[str, ...] = ()


Item = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with what stands under it."""

    title: str
    items: tuple[Item, ...]
    new_page: bool = False
    """Whether it begins a page."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper for a meeting."""

    title: str
    about: tuple[tuple[str, str], ...]
    """For whom, on which day, of which version: label and words."""
    mark: str
    """What stands on every page of what is fictitious; empty otherwise."""
    chapters: tuple[Chapter, ...]
    foot: tuple[str, ...]
    """What stands at the foot of every page: the date, and the digest."""
    day: str = ""
    """The date as computers write it."""
    compact: bool = False
    """Whether it is set small and close, for what has to fit on so many pages."""

    @property
    def page_begins(self) -> frozenset[int]:
        """The numbers of the chapters that begin a page."""
        return frozenset(number for number, each in enumerate(self.chapters, 1) if each.new_page)

    def numbered(self) -> Iterator[tuple[int, str, tuple[tuple[str, Item], ...]]]:
        """Each chapter's number and title, and its items, each paragraph with its number, each table with none."""
        for number, chapter in enumerate(self.chapters, 1):
            items, count = [], 0
            for item in chapter.items:
                count += isinstance(item, Paragraph)
                items.append((f"{number}.{count}" if isinstance(item, Paragraph) else "", item))
            yield number, chapter.title, tuple(items)


@dataclass
class Writing:
    """Items as they are written down, one after the other."""

    items: list[Item] = field(default_factory=list)

    def say(self, text: str, points: Iterable[str] = ()) -> None:
        """A paragraph, unless it is empty."""
        if text:
            self.items.append(Paragraph(text, tuple(points)))

    def table(
        self, caption: str, columns: Iterable[str], rows: Iterable[Iterable[str]], *, figures: Iterable[int] = (),
        foot: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """A table, unless it has no rows."""
        made = tuple(tuple(row) for row in rows)
        if made:
            self.items.append(Table(caption, tuple(columns), made, frozenset(figures), tuple(foot)))

    def chapter(self, title: str, *, new_page: bool = False) -> Chapter:
        """All of it under a heading."""
        return Chapter(title, tuple(self.items), new_page)
