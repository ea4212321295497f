"""A package of care over time, and who is accountable for it at any instant: one name, or an alarm with since when.

Nobody is accountable who has not accepted. Who hands over stays until the other accepts; who is away is stood in for by a
deputy who has accepted; who leaves holds nothing from that instant. Of an integrated package that runs, the rest is alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Gap(StrEnum):
    """Why an integrated package has nobody; the words are those on the page."""

    NOBODY = "Nobody has accepted to be the accountable professional"
    LEFT = "The accountable professional has left"
    NO_DEPUTY = "The accountable professional is away and no deputy is named"
    NOT_YET = "The accountable professional is away and the deputy has not accepted"
    DEPUTY_LEFT = "The accountable professional is away and the deputy has left"


@dataclass(frozen=True, slots=True)
class Offer:
    """A professional who is asked and has not answered."""

    professional: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tenure:
    """A professional's time as the accountable one: from when they accepted until somebody else did."""

    professional: str
    body: str
    first: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """When a professional is away: from ``first``, no longer from ``until`` on."""

    professional: str
    first: datetime
    until: datetime
    deputy: str | None
    told: datetime
    accepted: datetime | None = None
    """When the deputy accepted."""

    def covers(self, at: datetime) -> bool:
        """Whether the professional is away at an instant."""
        return self.first <= at < self.until

    def meets(self, first: datetime, until: datetime) -> bool:
        """Whether they are away in any part of a time."""
        return max(self.first, first) < min(self.until, until)


@dataclass(frozen=True, slots=True)
class Package:
    """What is known of a package of care."""

    id: str
    plan: str
    """The digest of the plan's version that it started by."""
    starts: datetime
    ends: datetime | None = None
    integrated: tuple[tuple[datetime, bool], ...] = ()
    """From when it is integrated, and from when not, in order."""
    offer: Offer | None = None
    tenures: tuple[Tenure, ...] = ()
    absences: tuple[Absence, ...] = ()
    left: tuple[tuple[str, datetime], ...] = ()
    """Who left, and when."""

    def runs(self, at: datetime) -> bool:
        """Whether care is given at an instant."""
        return self.starts <= at and not self.over(at)

    def over(self, at: datetime) -> bool:
        """Whether it has ended by an instant."""
        return self.ends is not None and self.ends <= at

    def is_integrated(self, at: datetime) -> bool:
        """Whether it is integrated at an instant; before its first word on it, as that word says."""
        known = [yes for since, yes in self.integrated if since <= at]
        return known[-1] if known else self.integrated[0][1]

    def needs_one(self, at: datetime) -> bool:
        """Whether exactly one professional has to be accountable for it at an instant."""
        return self.runs(at) and self.is_integrated(at)

    def leaves(self, professional: str, since: datetime) -> datetime | None:
        """The first instant, not before another, at which a professional leaves."""
        return min((on for who, on in self.left if who == professional and on >= since), default=None)

    def gone(self, professional: str, since: datetime, at: datetime) -> bool:
        """Whether a professional has left by an instant, since another."""
        leaves = self.leaves(professional, since)
        return leaves is not None and leaves <= at

    def tenure(self, at: datetime) -> Tenure | None:
        """Whose time it is at an instant, whether or not they have left or are away."""
        return next(
            (each for each in reversed(self.tenures) if each.first <= at and (each.until is None or at < each.until)),
            None,
        )  # fmt: skip

    def away(self, professional: str, at: datetime) -> Absence | None:
        """The absence of a professional at an instant."""
        return next((each for each in self.absences if each.professional == professional and each.covers(at)), None)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Accountable:
    """The one professional who is accountable, and since when."""

    professional: str
    since: datetime
    acting_for: str | None = None
    """For whom, where it is a deputy."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """That an integrated package has nobody: why now, and since when it has been so."""

    why: Gap
    since: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which one answer holds: from ``first``, until another instant or for ever."""

    first: datetime
    until: datetime | None
    answer: Accountable | Alarm


def accountable(package: Package, at: datetime) -> Accountable | Alarm | None:
    """Who is accountable for a package at an instant, or the alarm; None where none is needed and none is there."""
    span = next((each for each in timeline(package) if each.first <= at and (each.until is None or at < each.until)), None)  # fmt: skip
    return span.answer if span else None


def timeline(package: Package) -> tuple[Span, ...]:
    """Every time in which somebody is accountable, or somebody should be, in order and without overlaps.

    An alarm goes on as one, since its first instant, while its reason changes.
    """
    instants = sorted(set(_instants(package)))
    spans: list[Span] = []
    for number, first in enumerate(instants):
        until = instants[number + 1] if number + 1 < len(instants) else None
        answer = _answer(package, first)
        if answer is None:
            continue
        last = spans[-1] if spans and spans[-1].until == first else None
        match answer:
            case Accountable() if last and _same(last.answer, answer):
                spans[-1] = Span(last.first, until, last.answer)
            case Alarm() if last and isinstance(last.answer, Alarm):
                spans.append(Span(first, until, Alarm(answer.why, last.answer.since)))
            case _:
                spans.append(Span(first, until, answer))
    return tuple(spans)


def _same(one: Accountable | Alarm, other: Accountable) -> bool:
    return isinstance(one, Accountable) and (one.professional, one.acting_for) == (
        other.professional,
        other.acting_for,
    )


def _instants(package: Package) -> Iterator[datetime]:
    """Every instant at which the answer can change."""
    yield package.starts
    if package.ends is not None:
        yield package.ends
    for since, _ in package.integrated:
        yield since
    for each in package.tenures:
        yield each.first
        if each.until is not None:
            yield each.until
    for absence in package.absences:
        yield absence.first
        yield absence.until
        if absence.accepted is not None:
            yield absence.accepted
    for _, on in package.left:
        yield on


def _answer(package: Package, at: datetime) -> Accountable | Alarm | None:
    found = _who(package, at)
    if isinstance(found, Gap):
        return Alarm(found, at) if package.needs_one(at) else None
    return None if package.over(at) else found


def _who(package: Package, at: datetime) -> Accountable | Gap:
    """Who answers for a package at an instant, or why nobody does."""
    tenure = package.tenure(at)
    if tenure is None:
        return Gap.NOBODY
    if package.gone(tenure.professional, tenure.first, at):
        return Gap.LEFT
    absence = package.away(tenure.professional, at)
    if absence is None:
        return Accountable(tenure.professional, at)
    if absence.deputy is None:
        return Gap.NO_DEPUTY
    if package.gone(absence.deputy, absence.told, at):
        return Gap.DEPUTY_LEFT
    if absence.accepted is None or absence.accepted > at:
        return Gap.NOT_YET
    return Accountable(absence.deputy, at, tenure.professional)
