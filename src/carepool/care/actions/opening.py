"""Every look at a record goes through the table of who may see what, and leaves its record before anything is shown.

It is the one thing that a page writes when it is only looked at. The same look within a quarter of an hour is one look.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from carepool.basics.periods import LONDON
from carepool.basics.refusals import NotHere
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity, Looked, Role, RoleKind
from carepool.care.actions.recording import Unlocked, locked, record, unlocked
from carepool.care.actions.standing import rights_of
from carepool.care.actions.standing import stream_of as rights_stream
from carepool.care.sharing import facts
from carepool.care.sharing.deciding import (
    Allow,
    AllowPart,
    Asked,
    Broken,
    Refuse,
    Verdict,
    break_glass,
    decide,
)
from carepool.care.sharing.log import AccessLog, Look, log_of
from carepool.journal.commands import Decision, Done, Reading
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact
from carepool.rules.sharing import PurposeWord, RelationWord

ONE_LOOK = timedelta(minutes=15)
BROKEN_FOR = timedelta(hours=1)
"""How long a broken glass lets look."""
SEEN_BACK = 200
"""Looks at a person among which one by an organisation's own people is looked for."""
NOBODY = "There is no such person here. They may have been found under another record, or erased."
LISTED = frozenset({"name", "date_of_birth", "accountable", "plan"})
"""What the list of a day shows of each person."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as somebody may see it."""

    identity: Identity
    verdict: Allow
    look: Look | None = None
    """The breaking of the glass by which it is seen, where it is."""

    def shows(self, field: str) -> bool:
        """Whether a field may be shown."""
        return field in self.verdict.shown


def identity_of(house: CareHouse, person: str) -> Identity:
    """Who that is. NotHere for nobody, and for somebody whose key is gone: an erasure that is being finished."""
    found = house.people.person(person)
    if found is None or not house.vault.holds([person]):
        raise NotHere(NOBODY)
    return found


def relation_of(house: CareHouse, role: Role, person: str) -> RelationWord:
    """What an account is to a person."""
    if role.kind in {RoleKind.PERSON, RoleKind.CARER}:
        mine: RelationWord = "self" if role.kind is RoleKind.PERSON else "cares_for"
        return mine if role.person == person else "none"
    team = house.people.team(person)
    if role.account in team:
        return "team"
    # Who watches over an organisation watches what its own people look at, too.
    looked = house.people.looks_at(person, SEEN_BACK) if role.kind is RoleKind.GOVERNANCE else ()
    there = {
        each.organisation for each in house.people.roles((*team, *(each.account for each in looked))).values()
    }
    return "organisation" if role.organisation in there else "none"


def asked(house: CareHouse, role: Role, person: str, purpose: PurposeWord) -> Asked:
    """The question that is put to the table."""
    rights = rights_of(unlocked(house, person, house.journal.read(rights_stream(person))).facts)
    return Asked(
        purpose, role.kind.value, relation_of(house, role, person), house.today,
        objection=rights.objection, consent=rights.consent, opted_out=rights.opted_out,
    )  # fmt: skip


def judged(house: CareHouse, role: Role, person: str, purpose: PurposeWord) -> Verdict:
    """What the table says."""
    return decide(*house.sharing, asked(house, role, person, purpose))


def look(house: CareHouse, role: Role, person: str, purpose: PurposeWord) -> Opened | Refuse:
    """Open a record for a purpose, or refuse it; both leave their record. NotHere where there is nobody."""
    identity = identity_of(house, person)
    verdict = judged(house, role, person, purpose)
    if isinstance(verdict, Refuse):
        through = _through_glass(house, role, person) if verdict.glass else None
        if through is not None:
            fields = tuple(each for each in house.sharing[1].fields if each.id in through.fields)
            return Opened(identity, AllowPart(verdict.asked, fields, (), (), verdict.reason), through)
    note(house, role, person, verdict)
    return verdict if isinstance(verdict, Refuse) else Opened(identity, verdict)


def share(house: CareHouse, role: Role, person: str, purpose: PurposeWord, to: str) -> Opened | Refuse:
    """Open a record to give it to an organisation, or refuse it; each time leaves its record."""
    identity = identity_of(house, person)
    verdict = judged(house, role, person, purpose)
    if isinstance(verdict, Refuse):
        news = facts.refused(person, verdict, role.organisation)
    else:
        news = facts.shared(person, verdict, role.organisation, to)
    _write(house, role, [(person, news, "refuse" if isinstance(verdict, Refuse) else "share")])
    return verdict if isinstance(verdict, Refuse) else Opened(identity, verdict)


def listed(house: CareHouse, role: Role, people: Sequence[str]) -> dict[str, Verdict]:
    """Open the names of a list for care: each that may be shown is noted once a day."""
    verdicts = {person: judged(house, role, person, "direct_care") for person in people}
    midnight = house.clock().astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    writes = []
    for person, verdict in verdicts.items():
        if isinstance(verdict, Refuse) or house.people.looked(role.account, person, midnight):
            continue
        shown = replace(verdict, fields=tuple(each for each in verdict.fields if each.id in LISTED))
        writes.append((person, facts.looked(person, shown, role.organisation), "list"))
    _write(house, role, writes)
    return verdicts


def break_the_glass(
    house: CareHouse, role: Role, person: str, purpose: PurposeWord, why: str, key: str
) -> Done | Refuse:
    """Open what is needed at once to somebody outside the team, with a reason that the person and the governance lead read."""
    question = asked(house, role, identity_of(house, person).person, purpose)
    glass = break_glass(*house.sharing, question, why)
    if isinstance(glass, Refuse):
        return glass

    def then(_state: Unlocked, _reading: Reading) -> Decision:
        return _broken(glass, person, role)

    with house.journal.transaction():
        done = record(
            house, person, then, stream=facts.stream_of(person), by=role.account, key=key,
            request={"glass": purpose, "why": glass.why},
        )  # fmt: skip
        assert isinstance(done, Done)  # noqa: S101  (a broken glass is never refused)
        if not done.again:
            house.people.note(
                Looked(person, each.version, each.at, role.account, "glass", True) for each in done.facts
            )
    return done


def access_log(house: CareHouse, person: str) -> tuple[AccessLog, dict[str, str]]:
    """Every look at a person's record, with the texts of reasons by digest."""
    found = unlocked(house, person, house.journal.read(facts.stream_of(person)))
    return log_of(found.facts), dict(found.documents)


def reason_in(look: Look, texts: dict[str, str]) -> str | None:
    """The reason for which the glass was broken, where it is held."""
    return texts.get(look.why) if look.why else None


def _broken(glass: Broken, person: str, role: Role) -> Decision:
    why = Document("reason", "text/plain", glass.why.encode())
    return Decision(facts.broken(person, glass, role.organisation, why.digest), documents=(why,))


def _through_glass(house: CareHouse, role: Role, person: str) -> Look | None:
    since = house.clock() - BROKEN_FOR
    log, _ = access_log(house, person)
    return next(
        (
            each
            for each in reversed(log.looks)
            if each.kind == "GlassBroken" and each.by == role.account and each.at >= since
        ),
        None,
    )


def note(house: CareHouse, role: Role, person: str, verdict: Verdict) -> None:
    """Record a look that the table let somebody have, or refused."""
    if isinstance(verdict, Refuse):
        written, what = facts.refused(person, verdict, role.organisation), "refuse"
    else:
        written, what = facts.looked(person, verdict, role.organisation), f"look:{verdict.asked.purpose}"[:20]
    _write(house, role, [(person, written, what)], again=True)


def _write(
    house: CareHouse,
    role: Role,
    writes: Iterable[tuple[str, tuple[NewFact, ...], str]],
    *,
    again: bool = False,
) -> None:
    """Write looks, each with its row, in one transaction; where ``again``, not what was written within the quarter hour."""
    at = house.clock()
    some = [
        (person, each, outcome)
        for person, news, outcome in writes
        for each in news
        if not (again and house.people.looked(role.account, person, at - ONE_LOOK, outcome))
    ]
    if not some:
        return
    streams = sorted({each.stream for _, each, _ in some})
    with house.journal.transaction():
        house.journal.hold(streams)
        written = house.journal.append(
            [locked(house, person, each) for person, each, _ in some],
            expecting={stream: house.journal.version(stream) for stream in streams},
            by=role.account, at=at,
        )  # fmt: skip
        house.people.note(
            Looked(person, fact.version, fact.at, role.account, outcome, False)
            for (person, _, outcome), fact in zip(some, written, strict=True)
        )
    house.journal.seal()
