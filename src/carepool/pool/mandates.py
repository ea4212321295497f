"""Mandates: a decision of the joint board, or of all partners, by which more is entered than an officer may alone.

Pure, on the books as read. Who may record or agree is decided before, by ``offices``; what a decision lets be entered is
decided by the agreement, in ``partnership.limits``.
"""

from datetime import date

from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.pool import record_facts
from carepool.pool.accounts import Event
from carepool.pool.books import Books, stream_of
from carepool.pool.events import Asked
from carepool.pool.records import Mandate, Matter
from carepool.pool.releases import not_open

TAKING_BACK = (Event.REVERSED.code, Event.UNCOMMITTED.code)


def record_mandate(
    books: Books,
    by: str,
    matter: Matter,
    decided_on: date,
    document: str,
    *,
    today: date,
    partner: str = "",
    on_behalf_of: str | None = None,
) -> Decision | Refused:
    """Record what the joint board decided, or ask the partners to agree. The answer has the number of the mandate.

    ``partner`` is whose officer records it, the host's where it is empty: what the host alone records of the joint
    board another partner confirms.
    """
    if books.opening is None:
        return not_open(books)
    partner = partner or books.opening.host
    if books.opening.partner(partner) is None:
        return Refused(f"{partner} is no partner of the agreement. A partner's officer records a decision.")
    if by not in {"joint_board", "partners"}:
        return Refused("A mandate is of the joint board or of the partners. Name one of the two.")
    if decided_on > today:
        return Refused(f"{in_words(decided_on)} is still to come. Record the decision once it was made.")
    if not document:
        return Refused(
            "What was decided stands in a document. Hand in the minute, or what the partners agree to."
        )
    fact = record_facts.mandate_recorded(
        books.pool, books.year, by, matter, decided_on, document, partner, on_behalf_of
    )
    return Decision((fact,), _answer(books, str(books.version + 1)))


def agree_mandate(
    books: Books, id: str, partner: str, account: str, on_behalf_of: str
) -> Decision | Refused:  # fmt: skip
    """One partner agrees, or confirms what the host recorded of the joint board. Doing so again writes nothing; nobody agrees for two."""
    found = mandate_of(books, id)
    if isinstance(found, Refused) or books.opening is None:
        return found if isinstance(found, Refused) else not_open(books)
    codes = [each.code for each in books.opening.partners]
    if partner in found.agreed:
        return Decision((), _answer(books, id))
    if partner not in found.awaited(codes):
        waits = found.waits_for(found.awaited(codes)) or "nobody"
        return Refused(
            f"Mandate {id} does not wait for {partner}: it waits for {waits}. The partners are {', '.join(codes)}."
        )
    if found.by == "joint_board" and account == found.recorded_by:
        return Refused(
            "You have recorded this decision. Somebody else, of another partner, has to confirm it."
        )
    if account in found.agreed.values():
        return Refused("You have agreed for another partner. Somebody of this partner has to.")
    fact = record_facts.mandate_agreed(books.pool, books.year, id, partner, on_behalf_of)
    return Decision((fact,), _answer(books, id))


def mandate_of(books: Books, id: str) -> Mandate | Refused:
    """A mandate by its number."""
    found = books.records.mandates.get(id)
    having = ", ".join(books.records.mandates) or "none"
    return found or Refused(f"There is no mandate {id}. The pool has: {having}.")


def lets(books: Books, mandate: Mandate, word: str, asked: Asked, account: str = "") -> Refused | None:
    """Why a mandate does not let this be entered, or None when it does: agreed, about this, as much, and not used for it."""
    codes = [each.code for each in books.opening.partners] if books.opening else []
    if awaited := mandate.awaited(codes):
        return Refused(
            f"Mandate {mandate.id} still waits for {mandate.waits_for(awaited)} to {mandate.waits_to}."
        )
    if mandate.by == "joint_board" and not mandate.agreed and account and account == mandate.recorded_by:
        return Refused(
            f"You alone say that mandate {mandate.id} was decided. Have somebody else enter what it lets be entered."
        )
    about = Matter(
        mandate.matter.word,
        mandate.matter.pence,
        asked.party or mandate.matter.party,
        asked.source,
        asked.scheme or mandate.matter.scheme,
        asked.to_scheme,
    )
    if mandate.matter.word != word or about != mandate.matter:
        return Refused(
            f"Mandate {mandate.id} is about something else. Enter what was decided, or have this decided."
        )
    if asked.amount > mandate.matter.pence:
        return Refused(
            f"Mandate {mandate.id} is for {in_pounds(mandate.matter.pence)}. Enter no more than that."
        )
    if by := mandate.used.get(asked.event.code) or _taken_back_by(mandate, asked):
        return Refused(f"Mandate {mandate.id} was used for posting {by}. There is nothing left of it.")
    return None


def _taken_back_by(mandate: Mandate, asked: Asked) -> str | None:
    """A decision to take something back is one by itself: what was used to enter something lets nothing be taken back."""
    others = mandate.used.values() if asked.event.code in TAKING_BACK else [mandate.used[each] for each in TAKING_BACK if each in mandate.used]  # fmt: skip
    return next(iter(others), None)


def _answer(books: Books, id: str) -> dict[str, str]:
    return {"stream": stream_of(books.pool, books.year), "mandate": id}
