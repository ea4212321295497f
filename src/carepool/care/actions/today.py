"""A practitioner's day: of the people they work with, whose review is overdue, who has just come home, who has nobody responsible."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from carepool.care.actions.caring import Responsible, responsible, review_due
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import listed
from carepool.care.actions.ports import Identity, Role
from carepool.care.actions.recording import recorded, stream_of
from carepool.care.planning.care import care_of
from carepool.care.planning.packages import Alarm
from carepool.care.sharing.deciding import Refuse

JUST_STARTED = timedelta(days=7)
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a practitioner's list."""

    identity: Identity
    due: date | None
    """When the next review is due."""
    overdue: bool
    soon: bool
    started: bool
    """Whether a package started within the week: somebody who has just come home, or just begun to be helped."""
    alarm: bool
    """Whether an integrated package of theirs has nobody responsible."""
    alarmed_since: datetime | None
    """Since when."""
    why: str
    """Why, in words."""
    gap: datetime | None
    """When, after now, nobody will be, as it stands: an absence without a deputy who has accepted."""
    mine: bool
    """Whether the practitioner is responsible."""
    asked: bool
    """Whether the practitioner was asked to be, or to stand in, and has not answered."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a practitioner has before them."""

    lines: tuple[Line, ...]
    kept: tuple[str, ...]
    """Why the names of others on the list are not shown."""

    @property
    def asked(self) -> tuple[Line, ...]:
        """Who waits for an answer."""
        return tuple(each for each in self.lines if each.asked)

    @property
    def alarms(self) -> tuple[Line, ...]:
        """Who has nobody responsible, the longest first."""
        found = [
            (each.alarmed_since, number, each) for number, each in enumerate(self.lines) if each.alarmed_since
        ]
        return tuple(each for _, _, each in sorted(found))

    @property
    def gaps(self) -> tuple[Line, ...]:
        """Who will have nobody responsible, as it stands, the soonest first."""
        found = [
            (each.gap, number, each) for number, each in enumerate(self.lines) if each.gap and not each.alarm
        ]
        return tuple(each for _, _, each in sorted(found))

    @property
    def overdue(self) -> tuple[Line, ...]:
        """Whose review is overdue, the longest first."""
        late = [each for each in self.lines if each.overdue]
        return tuple(sorted(late, key=lambda each: each.due or date.max))

    @property
    def started(self) -> tuple[Line, ...]:
        """Whose package has just started."""
        return tuple(each for each in self.lines if each.started)

    @property
    def others(self) -> tuple[Line, ...]:
        """Who is on the list for none of these."""
        urgent = {*self.asked, *self.alarms, *self.gaps, *self.overdue, *self.started}
        return tuple(each for each in self.lines if each not in urgent)


def day(house: CareHouse, role: Role) -> Day:
    """The day of a practitioner; each name shown is noted in the person's log once a day."""
    people = house.people.persons(house.vault.holds(house.people.caseload(role.account)))
    # Of somebody with two records the one that stands is listed, and the other only where care is recorded in it.
    people = {
        person: each
        for person, each in people.items()
        if each.into not in people or house.journal.version(stream_of(person))
    }
    verdicts = listed(house, role, tuple(people))
    lines = [
        _line(house, role, people[person])
        for person, verdict in verdicts.items()
        if not isinstance(verdict, Refuse)
    ]
    kept = tuple(each.says for each in verdicts.values() if isinstance(each, Refuse))
    return Day(tuple(sorted(lines, key=lambda each: (each.identity.family, each.identity.given))), kept)


def _line(house: CareHouse, role: Role, identity: Identity) -> Line:
    said, now = recorded(house, identity.person), house.clock()
    found = care_of(identity.person, said.facts)
    packages = responsible(found, now)
    due = review_due(said, found)
    alarms = sorted((each.now.since, each.now.why.value) for each in packages if isinstance(each.now, Alarm))
    return Line(
        identity, due, due is not None and due < house.today, due is not None and house.today <= due <= house.today + SOON,
        any(timedelta() <= now - each.package.starts <= JUST_STARTED for each in packages),
        bool(alarms), alarms[0][0] if alarms else None, alarms[0][1] if alarms else "",
        min((each.gap for each in packages if each.gap), default=None),
        any(_is(each, role.account) for each in packages),
        any(each.waits_for(role.account) for each in packages),
    )  # fmt: skip


def _is(each: Responsible, account: str) -> bool:
    return getattr(each.now, "professional", None) == account
