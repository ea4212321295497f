"""A board defines measures of its own, and somebody else checks them; until then they do not count."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.basics.canonical import canonical
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.measures.own import (
    OwnMeasure,
    OwnVersion,
    checked,
    defined,
    may_check,
    may_define,
    own_measures,
    read_own,
    stream_of,
)
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import BodyKind, body_id
from carepool.rules.measuring import OwnDefinition

DEFINE, CHECK = "define_measure", "check_measure"
DOCUMENT_KIND = "own-measure"
Held = Mapping[str, OwnMeasure]


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure of a board's own, one version of it, and its words."""

    measure: OwnMeasure
    version: OwnVersion
    definition: OwnDefinition


def bodies_of(house: House, board: str) -> tuple[str, ...]:
    """The bodies whose officers may define or check a board's measures: the board, its councils, and the CCGs of its people."""
    places = house.areas.of_board(board).england.places
    councils = [body_id(BodyKind.COUNCIL, each.code) for each in places.boards[board].councils]
    commissioners = [body_id(places.commissioner, each.ccg) for each in places.by_board[board]]
    return (body_id(BodyKind.BOARD, board), *councils, *dict.fromkeys(commissioners))


def define_measure(house: House, actor: Actor, board: str, content: Mapping[str, str]) -> Done | Refused:
    """Lay down a wording of a board's own measure, from its fields as text. Unusable, naming the field, for what cannot be read.

    Its earlier wordings stay, and go on counting for the days before it.
    """
    own, faults = read_own(content)
    if own is None:
        raise Unusable(" ".join(f"{each.says} {each.remedy}" for each in faults))
    words = {**content, "name": actor.name}
    document = Document(DOCUMENT_KIND, "application/json", canonical(words), house.salt())

    def decide(held: Held, body: str) -> Decision | Refused:
        before = held.get(own.id)
        last = _words(house, before.versions[-1]) if before else None
        refusal = may_define(own, held, last, house.rulebook.definitions.measures)
        if refusal:
            return refusal
        return Decision((defined(board, own, document.digest, body),), {"measure": own.id}, (document,))

    return carried_out(house, actor, board, DEFINE, decide, {"content": dict(content)})


def check_measure(house: House, actor: Actor, board: str, measure: str, document: str) -> Done | Refused:
    """Say that a wording, as it was shown, was read by somebody other than whoever wrote it: from now on it counts."""

    def decide(held: Held, body: str) -> Decision | Refused:
        refusal = may_check(held, measure, document, actor.account)
        return refusal or Decision((checked(board, measure, document, body),), {"measure": measure})

    return carried_out(house, actor, board, CHECK, decide, {"measure": measure, "document": document})


def carried_out(
    house: House, actor: Actor, board: str, action: str,
    decide: Callable[[Held, str], Decision | Refused], request: Mapping[str, object],
) -> Done | Refused:  # fmt: skip
    """What the verbs of a board's own measures share: the measures and the offices of the board's bodies are read together."""
    bodies = bodies_of(house, board)
    rules = house.rulebook.measuring

    def load(reading: Reading) -> tuple[Held, str | Refused]:
        refusal = Refused("Nobody of the board's bodies may do this yet.")
        for body in bodies:
            answer = may(
                rules.authorities.of(action), holdings(reading.read(office_stream(body))), actor.account, body, house.today
            )  # fmt: skip
            if isinstance(answer, Permit):
                return own_measures(reading.read(stream_of(board))), body
            refusal = answer
        return {}, refusal

    def judged(seen: tuple[Held, str | Refused]) -> Decision | Refused:
        held, body = seen
        return body if isinstance(body, Refused) else decide(held, body)

    asked = {"action": action, "board": board, **request}
    return perform(
        house.journal, judged, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )


def own_of(house: House, board: str, upto: int | None = None) -> Held:
    """A board's own measures, as they stand or stood at a position. NotHere for an unknown board."""
    house.areas.of_board(board)
    return own_measures(house.journal.read(stream_of(board), upto=upto))


def shown(house: House, board: str, measure: str, day: date | None = None) -> Shown:
    """A board's own measure in its last version, or that which counts on a day. NotHere where there is none."""
    found = own_of(house, board).get(measure)
    version = (found.on(day) if day else found.versions[-1]) if found else None
    if found is None or version is None:
        raise NotHere(
            f"The board {board} has no measure “{measure}” of its own{' that counts then' if found else ''}."
        )
    own = _words(house, version)
    if own is None:
        raise NotHere(f"The words of “{measure}” have been withdrawn.")
    return Shown(found, version, own)


def _words(house: House, version: OwnVersion) -> OwnDefinition | None:
    """The definition of a version, or None where its words were withdrawn."""
    return words_of(house, version)[0]


def words_of(house: House, version: OwnVersion) -> tuple[OwnDefinition | None, str]:
    """The definition of a version with the name of whoever wrote it; None and no name where its words were withdrawn."""
    document = house.journal.document(version.document)
    if not isinstance(document, Document):
        return None, ""
    words = json.loads(document.content)
    return read_own({name: each for name, each in words.items() if name != "name"})[0], str(
        words.get("name", "")
    )
