"""The access log: who looked at a person's record and why, in words that the person can read, and what the governance lead has to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from carepool.basics.canonical import Digest
from carepool.basics.periods import LONDON, in_words
from carepool.basics.refusals import Refused
from carepool.care.sharing.facts import KINDS
from carepool.journal.facts import Body, Fact
from carepool.journal.folding import fold
from carepool.rules.sharing import PurposeWord, RelationWord, RoleWord, Sharing

PURPOSES: Mapping[PurposeWord, str] = {
    "direct_care": "to give you care",
    "carers_assessment": "to see what your carer needs",
    "safeguarding": "to keep you or somebody else safe",
    "vital_interests": "because a life could have been at risk",
    "court_order": "because a court or the law asked for it",
    "subject_access": "for a copy of your record",
    "oversight": "to see who had looked",
    "matching": "to see whether two records are of one person",
    "audit": "to see how good the care was",
    "research": "for a study",
    "commissioning": "to plan services",
    "payment": "to pay for services",
}
"""What somebody looked for, as the person reads it."""

ROLES: Mapping[RoleWord, str] = {
    "practitioner": "a practitioner",
    "support_staff": "who arranges care",
    "governance_lead": "who watches over records",
    "person": "yourself",
    "representative": "who acts for you",
    "carer": "your carer",
    "researcher": "a researcher",
    "commissioner": "who plans services",
    "finance_officer": "who pays for services",
    "analyst": "who counts",
}
RELATIONS: Mapping[RelationWord, str] = {
    "self": "It is your own record.",
    "acts_for": "They are recorded as acting for you.",
    "cares_for": "They are recorded as caring for you.",
    "team": "They are in your team.",
    "organisation": "They work for an organisation that cares for you and are not in your team.",
    "none": "They are not in your team, nor in an organisation that cares for you.",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look, share, refusal or breaking of the glass."""

    version: int
    """Its number in the person's stream, by which a review names it."""
    kind: str
    at: datetime
    by: str
    """The account."""
    organisation: str
    purpose: PurposeWord
    role: RoleWord
    relation: RelationWord
    fields: tuple[str, ...] = ()
    to: str = ""
    """The organisation that it was shared with."""
    why: Digest | None = None
    """The document with the reason for breaking the glass."""
    justified: bool | None = None
    """What the governance lead found of it; None while nobody has said."""
    again: date | None = None
    """The day on which the governance lead looks again at whether the person may read of it; None where they may."""
    kept_why: Digest | None = None
    """The document with the reason for which the person may not read of it."""

    @property
    def waits(self) -> bool:
        """Whether the glass was broken and the governance lead has still to look at it."""
        return self.kind == "GlassBroken" and self.justified is None


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Every look at one person's record, in the order in which they happened."""

    looks: tuple[Look, ...] = field(default=())

    @property
    def notices(self) -> tuple[Look, ...]:
        """What waits for the governance lead."""
        return tuple(each for each in self.looks if each.waits)

    @property
    def for_person(self) -> tuple[Look, ...]:
        """What the person, and who acts for them, may read: all but what would do serious harm."""
        return tuple(each for each in self.looks if each.again is None)

    def due(self, day: date) -> tuple[Look, ...]:
        """What is kept from the person and is to be looked at again by a day."""
        return tuple(each for each in self.looks if each.again is not None and each.again <= day)

    def look(self, version: int) -> Look | None:
        """The look that has this version in the stream, or None."""
        return next((each for each in self.looks if each.version == version), None)


def why_not_withheld(log: AccessLog, version: int, sharing: Sharing, on: date, again: date) -> Refused | None:
    """Why a look may not be kept from the person's page until a day, or None where it may."""
    look, rule = log.look(version), sharing.withholding
    if look is None:
        return Refused(f"There is no look number {version} in this log. Look at the log again.")
    if look.purpose not in rule.purpose:
        return Refused("Only a look for somebody's safety or for a court can be kept from the person. Leave this one on their page.")  # fmt: skip
    last = on + timedelta(days=int(rule.days_at_most))
    if not on < again <= last:
        return Refused(f"Name a day after today and no later than {in_words(last)} on which you look at it again.")  # fmt: skip
    return None


def log_of(facts: Iterable[Fact]) -> AccessLog:
    """The access log that the facts of a person's stream come to."""
    return fold(facts, AccessLog(), _apply, KINDS)


def words(look: Look, sharing: Sharing, names: Mapping[str, str], reason: str | None = None) -> str:
    """One look in sentences for the person; ``names`` are those of accounts and organisations, by id.

    ``reason`` is the text of the document ``why``, where it is still held.
    """
    who = f"{_name(look.by, names)}, {ROLES[look.role]}, of {_name(look.organisation, names)},"
    subject = "You" if look.role == "person" else who
    what = _list([each.says for each in sharing.fields if each.id in look.fields])
    done = {
        "Looked": f"looked at {what}",
        "Shared": f"shared {what} with {_name(look.to, names)}",
        "RefusedLook": "asked to look at your record",
        "GlassBroken": f"looked at {what} without being in your team",
    }[look.kind]
    end = f", and {'were' if subject == 'You' else 'was'} refused" if look.kind == "RefusedLook" else ""
    sentences = [f"{_when(look.at)}: {subject} {done}, {PURPOSES[look.purpose]}{end}."]
    if subject != "You":
        sentences.append(RELATIONS[look.relation])
    if look.kind == "GlassBroken":
        sentences.append(f"They said why: “{reason}”." if reason else "The reason that they gave is no longer held.")  # fmt: skip
        sentences.append(found_of(look.justified))
    return " ".join(sentences)


def found_of(justified: bool | None) -> str:
    """What the governance lead found of a broken glass, as the person reads it."""
    if justified is None:
        return "The governance lead has been told and has still to look at it."
    if justified:
        return "The governance lead looked at it and found that it was right to."
    return "The governance lead looked at it and found that it was not right to. Ask them what follows."


def _apply(log: AccessLog, fact: Fact) -> AccessLog:
    body = fact.body
    if fact.kind == "GlassReviewed":
        return _changed(log, body, justified=bool(body["justified"]))
    if fact.kind in {"LookWithheld", "LookShown"}:
        again = date.fromisoformat(str(body["again"])) if "again" in body else None
        why = Digest(str(body["words"])) if "words" in body else None
        return _changed(log, body, again=again, kept_why=why)
    look = Look(
        fact.version,
        fact.kind,
        fact.at,
        fact.by,
        fact.on_behalf_of or "",
        cast("PurposeWord", body["purpose"]),
        cast("RoleWord", body["role"]),
        cast("RelationWord", body["relation"]),
        tuple(cast("list[str]", body.get("fields", []))),
        str(body.get("to", "")),
        Digest(str(body["why"])) if "why" in body else None,
    )
    return AccessLog((*log.looks, look))


def _changed(log: AccessLog, body: Body, **changes: Any) -> AccessLog:
    version = body["version"]
    return AccessLog(tuple(replace(each, **changes) if each.version == version else each for each in log.looks))  # fmt: skip


def _name(id_: str, names: Mapping[str, str]) -> str:
    return names.get(id_, "somebody whose name is no longer held")


def _list(parts: list[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _when(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{in_words(local.date())} at {local:%H:%M}"
