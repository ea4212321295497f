"""Batch tracing: people go out in a file to the national demographic service, and what comes back is believed only where it agrees.

A number that is sent back counts where the date of birth and the given name agree, or the family name where one of the two has
no given name. Everything else waits for a person in a queue of exceptions. No sentence here holds a name or a number: only local ids and rows.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast, get_args

from carepool.basics.refusals import Unusable, nearest, printable
from carepool.basics.tables import read_table
from carepool.care.people.nhs_number import held
from carepool.rules.sharing import NumberStatuses, StatusWord

OutcomeWord = Literal["matched", "not_matched", "multiple", "superseded", "deceased"]
"""What the service says of one person."""
SENT = ("local_id", "nhs_number", "family_name", "given_name", "date_of_birth", "sex", "postcode")
"""The columns of a trace file, and of a file of people, which may have ``status`` too."""
RETURNED = ("local_id", "outcome", "nhs_number", "family_name", "given_name", "date_of_birth", "date_of_death")  # fmt: skip
"""The columns of a response."""
FOUND: frozenset[OutcomeWord] = frozenset({"matched", "superseded", "deceased"})
"""Outcomes that come with a number."""
LEFT_ALONE: frozenset[StatusWord] = frozenset({"verified", "not_required", "postponed"})
"""Statuses with which nobody is sent."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/ -]{0,99}")
_NO_LETTERS = re.compile(r"[\W\d_]+")

TOO_LITTLE = "A family name and a date of birth are both needed: less finds somebody else. Ask the person."
NO_DATE = "The date of birth is no day that can be read. Write it like 1938-02-14 or 14/02/1938."
NO_NUMBER = "The number held cannot be this person's: {} It is left out."
TWICE = "The number held stands on another record too ({}). It was sent with neither. See whose it is, or whether both are one person."  # fmt: skip
NOT_MATCHED = "Nobody was found. Check the spelling, the date of birth and former names, and send it again."
MULTIPLE = "More than one was found. Ask the person for an address or a former name, and send it again."
OTHER_NUMBER = (
    "Another number came back than the one held. The one held stays until somebody has seen whose each is."
)
OTHER_BIRTH = "A number came back with another date of birth, or none. It is not taken over: see whose it is."
OTHER_NAME = "A number came back with the same date of birth and another name: a twin, or another name of the same person. See which."  # fmt: skip
SAME_NUMBER = "The same number came back for another record too ({}). See whether both are one person."
SUPERSEDED = (
    "The number held was replaced by another, which stands now. Tell those with whom the old one was shared."
)
DECEASED = "The service says that the person has died. Check it before anything is sent to the home, and end what was arranged."  # fmt: skip
UNANSWERED = "The response says nothing of this person. Wait for it, or send the person again."


@dataclass(frozen=True, slots=True)
class Local:
    """Somebody as the case system holds them."""

    local_id: str
    number: str | None
    """Ten digits that can be an NHS number."""
    family_name: str
    given_name: str
    born: date | None
    sex: str
    postcode: str
    status: StatusWord

    @property
    def cells(self) -> tuple[str, ...]:
        """A row of a trace file."""
        born = self.born.isoformat() if self.born else ""
        return (
            self.local_id,
            self.number or "",
            self.family_name,
            self.given_name,
            born,
            self.sex,
            self.postcode,
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that waits for a person: which record, and what to do about it."""

    local_id: str
    code: str
    """A stable name for the kind of doubt, in lower-case-with-hyphens."""
    says: str


@dataclass(frozen=True, slots=True)
class Out:
    """Who is sent, what is wrong with what is held, and everybody with the status that they have now."""

    sent: tuple[Local, ...]
    people: tuple[Local, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """What came of one person that was sent."""

    local_id: str
    number: str | None
    """The number that stands now."""
    status: StatusWord
    outcome: OutcomeWord | None
    """None where the response says nothing of them."""
    former: str | None = None
    """The number that was replaced."""
    died: date | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of some people have a number that was checked against the nation's register."""

    people: int
    traced: int
    """Answered by the service with a match, checked or in doubt."""
    verified: int
    without_number: int
    by_status: Mapping[str, int]
    """By the standard's code; every code is there, and they add to ``people``."""


def people_of(name: str, content: bytes, statuses: NumberStatuses, *, production: bool) -> Out:
    """Who of a file of people is to be sent. Unusable for a file that is none, for an id that is missing, odd or there twice.

    What is wrong with one person keeps that person back, or the number, and nobody else.
    """
    people: dict[str, Local] = {}
    doubts: list[Doubt] = []
    for row, cells in read_table(name, content, SENT):
        id_ = _id_of(name, row, cells, people)
        number, why = _number(cells["nhs_number"], production)
        if why:
            doubts.append(Doubt(id_, "number-refused", NO_NUMBER.format(why)))
        status = _status(name, row, cells.get("status", ""), statuses)
        if status is None or (status in {"verified", "not_traced"} and number is None):
            status = "not_traced" if number else "trace_required"
        try:
            born = _day(cells["date_of_birth"])
        except ValueError:
            born = None
            doubts.append(Doubt(id_, "date-unreadable", NO_DATE))
        people[id_] = Local(id_, number, cells["family_name"], cells["given_name"], born, cells["sex"], cells["postcode"], status)  # fmt: skip
    for id_, others in _shared((each.local_id, each.number) for each in people.values()):
        doubts.append(Doubt(id_, "number-on-two-records", TWICE.format(others)))
        people[id_] = replace(people[id_], number=None, status="conflict")
    sent = []
    for each in people.values():
        if each.status in LEFT_ALONE:
            continue
        if each.family_name and each.born:
            sent.append(each)
        else:
            doubts.append(Doubt(each.local_id, "too-little", TOO_LITTLE))
    return Out(tuple(sent), tuple(people.values()), tuple(doubts))


def sent_of(name: str, content: bytes, *, production: bool) -> tuple[Local, ...]:
    """The people of a trace file that was sent. Unusable, with file and row, where it is not as it was written."""
    people: dict[str, Local] = {}
    for row, cells in read_table(name, content, SENT):
        id_ = _id_of(name, row, cells, people)
        number, why = _number(cells["nhs_number"], production)
        if why:
            raise _odd(name, row, f"has a number that was never sent. {why}")
        try:
            born = _day(cells["date_of_birth"])
        except ValueError:
            raise _odd(name, row, "has a date of birth that was never sent.") from None
        people[id_] = Local(id_, number, cells["family_name"], cells["given_name"], born, cells["sex"], cells["postcode"], "in_progress")  # fmt: skip
    return tuple(people.values())


def returned(sent: Sequence[Local], name: str, content: bytes, *, production: bool) -> tuple[tuple[Traced, ...], tuple[Doubt, ...]]:  # fmt: skip
    """What came back of whoever was sent, in that order, with what waits for a person.

    Unusable, with file and row, for a row that is malformed, of somebody who was not sent, or there twice: nothing is taken over then.
    """
    asked = {each.local_id: each for each in sent}
    answers: dict[str, _Answer] = {}
    for row, cells in read_table(name, content, RETURNED):
        id_ = _id_of(name, row, cells, answers)
        if id_ not in asked:
            raise _odd(name, row, f"answers for “{id_}”, who was not sent. Hand in the response to this very file.")  # fmt: skip
        answers[id_] = _answer(name, row, cells, asked[id_], production)
    found = {each.local_id: _traced(each, answers.get(each.local_id)) for each in sent}
    numbers = ((each.local_id, each.number) for each, _ in found.values() if each.outcome)
    for id_, others in _shared(numbers):
        traced = found[id_][0]
        found[id_] = replace(traced, status="conflict"), Doubt(id_, "number-on-two-records", SAME_NUMBER.format(others))  # fmt: skip
    return tuple(each for each, _ in found.values()), tuple(doubt for _, doubt in found.values() if doubt)


def coverage(people: Iterable[Local], traced: Iterable[Traced], statuses: NumberStatuses) -> Coverage:
    """How far people are traced: those of a file, with what came back in the place of what they were."""
    standing: dict[str, tuple[StatusWord, str | None]] = {
        each.local_id: (each.status, each.number) for each in people
    }
    answered = tuple(traced)
    standing |= {each.local_id: (each.status, each.number) for each in answered}
    counts = Counter(statuses.named(status).code for status, _ in standing.values())
    by_id = Counter(status for status, _ in standing.values())
    return Coverage(
        len(standing),
        by_id["verified"] + sum(each.outcome in FOUND and each.status == "conflict" for each in answered),
        by_id["verified"],
        sum(number is None for _, number in standing.values()),
        {each.code: counts[each.code] for each in statuses.statuses},
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """A row of a response, read."""

    outcome: OutcomeWord
    number: str | None
    family_name: str
    given_name: str
    born: date | None
    died: date | None


def _answer(name: str, row: int, cells: Mapping[str, str], asked: Local, production: bool) -> _Answer:
    outcome = cells["outcome"]
    if outcome not in get_args(OutcomeWord):
        near = nearest(outcome, get_args(OutcomeWord))
        hint = f"Did you mean {near}?" if near else f"Known are {', '.join(get_args(OutcomeWord))}."
        raise _odd(name, row, f"has an outcome “{printable(outcome)[:40]}” that is not known. {hint}")
    number, why = _number(cells["nhs_number"], production)
    if why:
        raise _odd(name, row, f"has a number that cannot be one. {why}")
    if (number is not None) != (outcome in FOUND):
        raise _odd(name, row, f"is {outcome} and has {'a' if number else 'no'} number. Ask for the response again.")  # fmt: skip
    if outcome == "superseded" and asked.number in {None, number}:
        raise _odd(name, row, "says that the number sent was replaced, and no other number was sent. Ask for the response again.")  # fmt: skip
    try:
        born, died = _day(cells["date_of_birth"]), _day(cells["date_of_death"])
    except ValueError:
        raise _odd(name, row, "has a date that is no day that can be read. Write it like 1938-02-14 or 14/02/1938.") from None  # fmt: skip
    if (died is not None) != (outcome == "deceased") or (died and born and died < born):
        raise _odd(name, row, f"is {outcome} and its date of death does not go with that. Ask for the response again.")  # fmt: skip
    return _Answer(
        cast("OutcomeWord", outcome), number, cells["family_name"], cells["given_name"], born, died
    )


def _traced(asked: Local, answer: _Answer | None) -> tuple[Traced, Doubt | None]:
    """What stands after an answer, and what waits for a person."""
    id_ = asked.local_id
    if answer is None:
        return Traced(id_, asked.number, "in_progress", None), Doubt(id_, "unanswered", UNANSWERED)
    kept = Traced(id_, asked.number, "conflict", answer.outcome)
    if answer.outcome in {"not_matched", "multiple"}:
        says = NOT_MATCHED if answer.outcome == "not_matched" else MULTIPLE
        return replace(kept, status="no_match"), Doubt(id_, answer.outcome.replace("_", "-"), says)
    if answer.born is None or answer.born != asked.born:
        return kept, Doubt(id_, "date-of-birth-differs", OTHER_BIRTH)
    if not _named_alike(asked, answer):
        return kept, Doubt(id_, "name-differs", OTHER_NAME)
    if answer.outcome != "superseded" and asked.number not in {None, answer.number}:
        return kept, Doubt(id_, "number-differs", OTHER_NUMBER)
    taken = replace(kept, number=answer.number, status="verified", died=answer.died)
    if answer.outcome == "superseded":
        return replace(taken, former=asked.number), Doubt(id_, "superseded", SUPERSEDED)
    return taken, Doubt(id_, "deceased", DECEASED) if answer.died else None


def _named_alike(asked: Local, answer: _Answer) -> bool:
    """Whether the given names can be one person's: the shorter begins the longer. Where one is missing, the family names are the same."""
    ours, theirs = _letters(asked.given_name), _letters(answer.given_name)
    if not (ours and theirs):
        return _letters(asked.family_name) == _letters(answer.family_name)
    return ours.startswith(theirs) or theirs.startswith(ours)


def _letters(name: str) -> str:
    return _NO_LETTERS.sub("", name).casefold()


def _shared(numbers: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
    """Each id whose number stands on other records too, with the ids of those."""
    holders: dict[str, list[str]] = {}
    for id_, number in numbers:
        if number:
            holders.setdefault(number, []).append(id_)
    return [
        (id_, ", ".join(each for each in ids if each != id_))
        for ids in holders.values()
        if len(ids) > 1
        for id_ in ids
    ]


def _number(text: str, production: bool) -> tuple[str | None, str | None]:
    """The number in a cell, or why there is none; neither where the cell is empty."""
    if not text:
        return None, None
    judged = held(text, production=production)
    return (judged.number, None) if judged.valid else (None, judged.reason)


def _status(name: str, row: int, code: str, statuses: NumberStatuses) -> StatusWord | None:
    if not code:
        return None
    found = statuses.coded(code.zfill(2))
    if found is None:
        raise _odd(name, row, f"has a status “{printable(code)[:20]}” that is not known. Known are {', '.join(each.code for each in statuses.statuses)}.")  # fmt: skip
    return found.id


def _id_of(name: str, row: int, cells: Mapping[str, str], seen: Mapping[str, object]) -> str:
    id_ = cells["local_id"]
    if not _ID.fullmatch(id_):
        raise _odd(name, row, "has no local id that begins with a letter or a digit and holds these, dots, slashes, spaces or hyphens only.")  # fmt: skip
    if id_ in seen:
        raise _odd(name, row, f"is the second one of “{id_}”. Keep one row a person.")
    return id_


def _day(text: str) -> date | None:
    """The day in a cell, None for an empty one. ValueError for anything else."""
    if not text:
        return None
    day, month, year = text.split("/") if "/" in text else reversed(text.split("-"))
    if not all(each.isascii() and each.isdigit() for each in (day, month, year)) or len(year) != 4:
        raise ValueError(text)
    return date(int(year), int(month), int(day))


def _odd(name: str, row: int, says: str) -> Unusable:
    return Unusable(f"{name}, row {row} {says} Nothing was taken over.")
