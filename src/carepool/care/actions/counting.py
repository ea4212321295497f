"""What is counted of all people for a board: by month, through the rules for small numbers, as the one document that leaves the wing."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from carepool.basics.canonical import digest_of
from carepool.basics.periods import LONDON
from carepool.basics.refusals import Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.care.actions.recording import Unlocked, recorded, unlocked
from carepool.care.actions.standing import rights_of
from carepool.care.actions.standing import stream_of as rights_stream
from carepool.care.planning.assessment import read_assessment
from carepool.care.planning.care import Care, care_of
from carepool.care.planning.counts import Leaving, Placed, leaving
from carepool.care.planning.plan import read_plan
from carepool.rules.caring import VoiceQuestions
from carepool.rules.schema import Disclosure

FORM = "carepool-care-counts/1"
"""What the document is; whoever takes it in looks at this first."""
KIND, SCHEMA = "care-counts", 1
DATA = "people_in_care"
"""The kind of data in the rules for small numbers."""
VERIFIED = "01"


@dataclass(frozen=True, slots=True)
class Counts:
    """The document, and how much of it is shown."""

    document: dict[str, object]
    shown: int
    hidden: int
    elsewhere: tuple[str, ...] = ()
    """Other boards to which answers were given, and which are not in the document."""


def count(house: CareHouse, board: str, months: Collection[str]) -> Counts:
    """What may be shown of a board's months, with the digest of all of it. Unusable where the rules do not say how."""
    _, procedure = house.rulebook.procedure(house.today)
    for month in months:
        procedure.check(date.fromisoformat(f"{month}-01"))
    asked = house.rulebook.caring(house.today).find("voice", VoiceQuestions)
    small = house.rulebook.measuring.find("disclosure", Disclosure)
    rule = next((each for each in small.suppressions if each.data == DATA), None) if small else None
    if asked is None or rule is None:
        raise Unusable("The rules do not say what is asked after a review, or what counts are small. Nothing leaves without them.")  # fmt: skip
    found: Leaving = leaving(_placed(house, board), months, asked, rule, procedure.closed)
    rows = [{**asdict(each), "metric": each.metric.value} for each in found.rows if each.board == board]
    content: dict[str, object] = {
        "form": FORM,
        "board": board,
        "counted": house.today.isoformat(),
        "small_numbers": {
            "says": rule.says, "hide_from": int(rule.hide_from), "hide_to": int(rule.hide_to), "nearest": int(rule.nearest),
        },
        "illustrative": not house.production,
        "rows": rows,
    }  # fmt: skip
    shown = sum(each["numerator"] is not None for each in rows)
    return Counts(
        {**content, "digest": digest_of(KIND, SCHEMA, content)},
        shown,
        len(rows) - shown,
        tuple(sorted({each.board for each in found.rows} - {board})),
    )


def _placed(house: CareHouse, board: str) -> Iterator[Placed]:
    """Every person whose key is there, with what is known of when."""
    for identity in house.people.everybody():
        if not house.vault.holds([identity.person]):
            continue
        said = recorded(house, identity.person)
        rights = unlocked(house, identity.person, house.journal.read(rights_stream(identity.person)))
        moments = sorted(each.at.astimezone(LONDON).date() for each in (*said.facts, *rights.facts))
        # Of whom nothing is recorded yet, nobody can tell since when they are known: from today, then.
        since = moments[0] if moments else house.today
        care = care_of(identity.person, said.facts)
        yield Placed(care, board, since, _verified(identity, rights, since), _joint(care, said))


def _verified(identity: Identity, rights: Unlocked, since: date) -> date | None:
    """Since when the number is verified: since it was put right last, or since the person is known."""
    if identity.number is None or identity.number_status != VERIFIED:
        return None
    corrected = [
        each.at.astimezone(LONDON).date()
        for each in rights_of(rights.facts).corrected
        if "number" in str(each.body["fields"])
    ]
    return corrected[-1] if corrected else since


def _joint(care: Care, said: Unlocked) -> frozenset[str]:
    """The plans that rest on an assessment to which health and social care both contributed."""
    found = set()
    for version in care.plans:
        text = said.documents.get(version.document)
        rests_on = read_plan(text.encode()).assessment if text else None
        # A plan names the assessment by its own digest; the journal keeps it by that of its document.
        assessments = (said.documents.get(each.document) for each in care.assessments)
        if any(
            (one := read_assessment(each.encode())).digest == rests_on and one.joint
            for each in assessments
            if each
        ):
            found.add(version.document)
    return frozenset(found)
