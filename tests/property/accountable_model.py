"""A small model of who is accountable, which knows no facts and no intervals: it paints names on a strip of minutes.

Whatever happens is painted over what was there, from its minute on. Nothing of it is shared with what it is held against.
"""

from dataclasses import dataclass, field

MINUTES = 180
LEFT = "left"
ASKED, WITHOUT, GONE = "asked", "without", "gone"


@dataclass
class Strip:
    """A package, minute by minute."""

    runs: list[bool] = field(default_factory=lambda: [False] * MINUTES)
    integrated: list[bool] = field(default_factory=lambda: [False] * MINUTES)
    holder: list[str | None] = field(default_factory=lambda: [None] * MINUTES)
    away: dict[str, list[tuple[int, str, str | None] | None]] = field(default_factory=dict)
    """Of each who is ever away: the absence, how its deputy stands, and who that is."""
    absences: list[tuple[str, int, int, str | None]] = field(default_factory=list)
    asked: tuple[str, int] | None = None
    starts: int = 0
    ends: int = MINUTES

    def paint(self, row: list, first: int, until: int, what: object) -> None:
        for minute in range(max(first, 0), min(until, MINUTES)):
            row[minute] = what


class Paper:
    """A person's packages, and who has left."""

    def __init__(self) -> None:
        self.strips: dict[str, Strip] = {}
        self.left: list[tuple[str, int]] = []

    def start(self, package: str, starts: int, integrated: bool) -> None:
        strip = self.strips[package] = Strip(starts=starts)
        strip.paint(strip.runs, starts, MINUTES, True)
        strip.paint(strip.integrated, 0, MINUTES, integrated)

    def change(self, package: str, now: int, integrated: bool) -> None:
        strip = self.strips[package]
        strip.paint(strip.integrated, now, MINUTES, integrated)

    def end(self, package: str, ends: int) -> None:
        strip = self.strips[package]
        strip.ends = ends
        strip.paint(strip.runs, strip.starts, ends, True)
        strip.paint(strip.runs, ends, MINUTES, False)

    def over(self, package: str, now: int) -> bool:
        return self.strips[package].ends <= now

    def offer(self, package: str, who: str, now: int) -> None:
        self.strips[package].asked = who, now

    def waiting(self, package: str, now: int) -> str | None:
        asked = self.strips[package].asked
        if asked is None or any(who == asked[0] and asked[1] <= on <= now for who, on in self.left):
            return None
        return asked[0]

    def accept(self, package: str, who: str, now: int) -> None:
        strip = self.strips[package]
        strip.asked = None
        strip.paint(strip.holder, now, MINUTES, who)
        leaves = [on for name, on in self.left if name == who and on >= now]
        if leaves:
            strip.paint(strip.holder, min(leaves), MINUTES, LEFT)

    def unask(self, package: str) -> None:
        self.strips[package].asked = None

    def tell(self, package: str, who: str, first: int, until: int, deputy: str | None, now: int) -> None:
        strip = self.strips[package]
        strip.absences.append((who, first, until, deputy))
        row = strip.away.setdefault(who, [None] * MINUTES)
        number = len(strip.absences)
        strip.paint(row, first, until, (number, ASKED if deputy else WITHOUT, deputy))
        leaves = [on for name, on in self.left if name == deputy and on >= now]
        if leaves:
            strip.paint(row, max(first, min(leaves)), until, (number, GONE, deputy))

    def stand_in(self, package: str, absence: int, now: int) -> None:
        row = self.strips[package].away[self.strips[package].absences[absence - 1][0]]
        for minute in range(now, MINUTES):
            found = row[minute]
            if found and found[:2] == (absence, ASKED):
                row[minute] = absence, "accepted", found[2]

    def back(self, package: str, absence: int, now: int) -> None:
        row = self.strips[package].away[self.strips[package].absences[absence - 1][0]]
        for minute in range(now, MINUTES):
            if row[minute] and row[minute][0] == absence:  # type: ignore[index]
                row[minute] = None

    def is_away(self, package: str, who: str, first: int, until: int) -> bool:
        row = self.strips[package].away.get(who, [None] * MINUTES)
        return any(row[first:until])

    def leave(self, who: str, on: int) -> None:
        self.left.append((who, on))
        for strip in self.strips.values():
            for minute in range(on, MINUTES):
                if strip.holder[minute] == who:
                    strip.holder[minute] = LEFT
                for row in strip.away.values():
                    found = row[minute]
                    if found and found[2] == who:
                        row[minute] = found[0], GONE, who

    def names(self, package: str, minute: int) -> set[str]:
        """Everybody who is accountable at a minute."""
        strip = self.strips[package]
        holder = strip.holder[minute]
        if holder in {None, LEFT} or strip.ends <= minute:
            return set()
        away = strip.away.get(holder or "", [None] * MINUTES)[minute]
        if away is None:
            return {holder or ""}
        return {away[2] or ""} if away[1] == "accepted" else set()

    def alarm(self, package: str, minute: int) -> bool:
        """Whether somebody should be and nobody is."""
        strip = self.strips[package]
        return strip.runs[minute] and strip.integrated[minute] and not self.names(package, minute)
