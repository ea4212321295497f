"""A copy of all that is held of a person: for themselves, or for whoever prepares it; what the rules keep back is named, not shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carepool.basics.canonical import instant, plain
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import Opened, access_log, look
from carepool.care.actions.ports import Identity, Role, RoleKind
from carepool.care.actions.recording import recorded, unlocked
from carepool.care.actions.showing import part_of
from carepool.care.actions.standing import stream_of as rights_stream
from carepool.care.people.pairs import stream_of as identity_stream
from carepool.care.sharing.deciding import Refuse
from carepool.care.sharing.log import AccessLog
from carepool.journal.facts import Fact

FIELDS: Mapping[str, str] = {
    "AssessmentSaved": "needs",
    "AssessmentCompleted": "needs",
    "CarePlanSaved": "plan",
    "CarePlanAgreed": "plan",
    "PackageStarted": "plan",
    "PackageChanged": "plan",
    "PackageEnded": "plan",
    "ReviewHeld": "plan",
    "VoiceHeard": "wishes",
    "RightsRecorded": "consents",
    "IdentityCorrected": "consents",
    "RecordsJoined": "name",
    "RecordsKeptApart": "name",
    "PairPassedOn": "name",
    "RecordsSplit": "name",
}
"""To which field of a record a fact belongs; what is not named here is about who is responsible."""

WRITTEN = {"AssessmentSaved", "CarePlanSaved", "TeamRecorded"}


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy."""

    opened: Opened
    identity: Mapping[str, object]
    others: tuple[Mapping[str, object], ...]
    """Who the person is in records that were joined to this one."""
    recorded: tuple[Mapping[str, object], ...]
    log: AccessLog
    texts: Mapping[str, str]
    """Reasons in the log, by digest."""
    kept: tuple[str, ...]
    """What is held and not shown, in words: it could do serious harm, or is about others."""


def copy_of(house: CareHouse, role: Role, person: str) -> Copy | Refuse:
    """The copy, by the rules for copies; that it was taken stands in the log."""
    opened = look(house, role, person, "subject_access")
    if isinstance(opened, Refuse):
        return opened
    records = house.people.records_of(person)
    said = [recorded(house, each) for each in records]
    said += [
        unlocked(house, each, house.journal.read(stream))
        for each in records
        for stream in (rights_stream(each), identity_stream(each))
    ]
    documents = {digest: text for each in said for digest, text in each.documents.items()}
    facts = sorted((fact for each in said for fact in each.facts), key=lambda each: each.at)
    log, texts = _logs(house, records) if opened.shows("log") else (AccessLog(), {})
    others = house.people.persons(set(records) - {opened.identity.person})
    if role.kind is not RoleKind.GOVERNANCE:  # who prepares the copy has to know what not to give
        log = AccessLog(log.for_person)
    _, sharing = house.sharing
    return Copy(
        opened,
        _identity(opened, opened.identity),
        tuple(_identity(opened, each) for each in others.values()),
        tuple(
            _entry(each, documents, opened)
            for each in facts
            if opened.shows(FIELDS.get(each.kind, "accountable"))
        ),
        log,
        texts,
        tuple(each.says for each in sharing.fields if each.identifies and not opened.shows(each.id) and each.id != "ordered"),
    )  # fmt: skip


def _logs(house: CareHouse, records: Sequence[str]) -> tuple[AccessLog, dict[str, str]]:
    """The looks at any of a person's records, in the order in which they happened."""
    found = [access_log(house, each) for each in records]
    looks = sorted((look for log, _ in found for look in log.looks), key=lambda each: each.at)
    return AccessLog(tuple(looks)), {name: text for _, texts in found for name, text in texts.items()}


def _identity(opened: Opened, who: Identity) -> Mapping[str, object]:
    found = {
        "name": {"given": who.given, "family": who.family},
        "date_of_birth": who.born.isoformat() if who.born else None,
        "address": {"address": who.address, "postcode": who.postcode, "sex": who.sex},
        "contacts": {"telephone": who.telephone},
        "nhs_number": {"number": who.number, "status": who.number_status, "elsewhere": dict(who.local_ids)},
    }
    return {name: each for name, each in found.items() if opened.shows(name)}


def _entry(fact: Fact, documents: Mapping[str, str], opened: Opened) -> Mapping[str, object]:
    # What is completed or agreed stands where it was written, word for word.
    text = documents.get(str(fact.body.get("document", ""))) if fact.kind in WRITTEN else None
    return {
        "at": instant(fact.at),
        "by": fact.by,
        "what": fact.kind,
        "said": plain(
            {name: each for name, each in fact.body.items() if name != "why" or isinstance(each, str)}
        ),
        **({"document": part_of(text, opened)} if text else {}),
    }
