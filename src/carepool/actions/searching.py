"""A search over everything that the public site has a page of: places, released plans, schemes, metrics and measures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.measuring import definitions
from carepool.actions.open_book import Book
from carepool.actions.staking import regions

MOST = 60
"""What is found at most; the search says that there is more."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One page that was found."""

    kind: str
    name: str
    route: str
    """The name of its route."""
    args: tuple[str | int, ...]
    says: str
    mark: str = ""
    words: str = ""
    """What it is found by besides its name."""


def search(house: House, found: Iterable[Book], typed: str) -> tuple[Hit, ...]:
    """Every page whose words hold each word that was typed, names that begin with them first; ``found`` are the standing releases."""
    wanted = typed.casefold().split()
    if not wanted:
        return ()
    hits = [each for each in _pages(house, found) if all(word in f"{each.name} {each.words}".casefold() for word in wanted)]  # fmt: skip
    return tuple(sorted(hits, key=lambda each: not each.name.casefold().startswith(wanted[0])))


def _pages(house: House, found: Iterable[Book]) -> Iterator[Hit]:
    for code, name in regions(house).items():
        yield Hit("Region", name, "region", (code,), "Its boards, with published statistics", words=code)
    for area in (house.areas.england, house.areas.county):
        mark, places = MARK if area.illustrative else "", area.england.places
        for board in places.boards.values():
            ccgs = [
                places.ccgs[each.ccg].name for each in places.by_board[board.code] if each.ccg in places.ccgs
            ]
            names = [each.name for each in board.councils] + [one for each in board.councils for one in each.districts]  # fmt: skip
            yield Hit("Board", board.name, "board", (board.code,), f"Health and Wellbeing Board, {board.region_name}", mark, " ".join([board.code, *names, *ccgs]))  # fmt: skip
    for book in found:
        release, mark = book.release, str(book.about.get("mark", ""))
        parties = " ".join(each["name"] for each in book.about["parties"])
        yield Hit("Plan", str(book.about["title"]), "release", (release.plan, release.number), f"Release {release.name}", mark, parties)  # fmt: skip
        for scheme in book.documents["money.json"].get("schemes", ()):
            yield Hit("Scheme", scheme["name"], "release-scheme", (release.plan, release.number, scheme["id"]), f"In {book.about['title']}", mark, f"{scheme['what']} {scheme['who_for']}")  # fmt: skip
        for metric in book.documents["plan.json"].get("metrics", {}).get("metrics", ()):
            name = metric["metric"].replace("_", " ").capitalize()
            yield Hit("Metric", name, "release-metric", (release.plan, release.number, metric["metric"]), f"In {book.about['title']}", mark)  # fmt: skip
    for each in definitions(house):
        yield Hit("Measure", each.title, "measure", (each.id,), "By board and period", words=each.id.replace("_", " "))  # fmt: skip
