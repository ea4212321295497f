"""Exceptions are granted by whoever the rules let, with a reason and a last day, and everybody can read them."""

import json
from dataclasses import dataclass
from datetime import date

from carepool.actions.assurances import national_for
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.standings import name_of
from carepool.basics.canonical import canonical
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.publication.waivers import STREAM, Waiver, grant, waivers_in

ACTION = "grant_waiver"
LONGEST = 2_000
"""Characters of a reason."""
WITHDRAWN = "These words were withdrawn; their digest stands."


@dataclass(frozen=True, slots=True)
class Told:
    """An exception in words, as everybody reads it."""

    waiver: Waiver
    body: str
    granter: str
    office: str
    reason: str
    stands: bool
    """Whether it stands today."""

    def as_data(self) -> dict[str, object]:
        """For JSON and CSV."""
        each = self.waiver
        return {
            "number": each.number, "rule": each.rule, "body": each.body, "body_name": self.body, "reason": self.reason,
            "granted_by": each.granter, "granted_by_name": self.granter, "office": self.office,
            "from": each.first.isoformat(), "until": each.until.isoformat(), "stands": self.stands,
        }  # fmt: skip


def grant_waiver(
    house: House, actor: Actor, rules: str, rule: str, body: str, reason: str, until: date
) -> Done | Refused:
    """Grant an exception from a file of the rules to a body until a day, from today; the answer is its number.

    NotHere for a rule or body that there is not; Unusable without a reason, or with a last day that has passed. Refused
    without an office that grants exceptions under these rules.
    """
    named, found = house.rulebook.named(rules), house.areas.body(body)
    which, _, path = rule.partition("/")
    if path not in house.rulebook.named(which).sections:
        raise NotHere(f"There is no rule “{rule}”. Name its set and file, like decision-making/procedure.")
    if not 0 < len(reason.strip()) <= LONGEST:
        raise Unusable(f"Say why in 1 to {LONGEST:,} characters: an exception is public, with its reason.")
    if until < house.today:
        raise Unusable("Its last day has passed. An exception is granted before it is used.")
    bodies, salt = national_for(named, ACTION), house.salt()

    def load(reading: Reading) -> tuple[Permit | Refused, int]:
        held = [each for one in bodies for each in holdings(reading.read(office_stream(one)))]
        answers = [
            may(named.authorities.of(ACTION), held, actor.account, each, house.today) for each in bodies
        ]
        allowed = next((each for each in answers if isinstance(each, Permit)), answers[0])
        return allowed, len(reading.read(STREAM)) + 1

    def decide(state: tuple[Permit | Refused, int]) -> Decision | Refused:
        allowed, number = state
        if isinstance(allowed, Refused):
            return Refused(allowed.says.replace(bodies[0], name_of(house, bodies[0])), allowed.ended)
        holding = allowed.holding
        said = {
            "rule": rule,
            "body": found.id,
            "reason": reason.strip(),
            "name": actor.name,
            "office": holding.office,
        }
        words = Document("waiver-words", "application/json", canonical(said), salt)
        made = grant(rule, found.id, words.digest, holding.body, holding.office, house.today, until)
        return Decision((made,), number, (words,))

    request = {
        "action": ACTION,
        "rules": rules,
        "rule": rule,
        "body": body,
        "reason": reason.strip(),
        "until": until,
    }
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


def every_waiver(house: House) -> tuple[Told, ...]:
    """Every exception that was ever granted, the latest first: who granted it by body and office, and no person."""
    found = waivers_in(house.journal.read(STREAM))
    held = house.journal.kept(each.words for each in found)
    told = []
    for each in reversed(found):
        document = held.get(each.words)
        reason = str(json.loads(document.content)["reason"]) if isinstance(document, Document) else WITHDRAWN
        told.append(
            Told(
                each,
                name_of(house, each.body),
                name_of(house, each.granter),
                each.office.replace("_", " "),
                reason,
                each.on(house.today),
            )
        )
    return tuple(told)


def waived(house: House, rule: str, body: str) -> Waiver | None:
    """The exception from a rule that a body has today; None where it has none."""
    found = waivers_in(house.journal.read(STREAM))
    return next(
        (each for each in found if (each.rule, each.body) == (rule, body) and each.on(house.today)), None
    )
