"""Whether a return may be put forward, signed, corrected or closed now. Pure; who may is decided before, by ``offices``."""

from datetime import date, datetime

from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import LONDON, in_words
from carepool.basics.refusals import Refused
from carepool.basics.words import blank
from carepool.journal.commands import Decision
from carepool.journal.documents import Document
from carepool.returns import facts
from carepool.returns.asking import Asking
from carepool.returns.document import Return, document_of, return_digest
from carepool.returns.facts import Filed, stream_of

REASON = "return-reason"
PRINT = "return-print"
PAPER = "return-paper"


def put_forward(
    asking: Asking, held: Filed, found: Return, findings: list[Finding], why: str, salts: tuple[bytes, bytes], today: date, body: str
) -> Decision | Refused:  # fmt: skip
    """Put a return forward for the board's signature, instead of one that waits; a correction says why."""
    if held.closed:
        return _is_closed(held)
    if today <= asking.quarter.last_day:
        return Refused(f"{asking.quarter} is not over. Put its return forward from {in_words(asking.quarter.plus(1).first_day)} on.")  # fmt: skip
    blocked = [each for each in findings if each.severity is Severity.BLOCKER]
    if blocked:
        more = f" {len(blocked) - 1} more of its findings block too." if len(blocked) > 1 else ""
        return Refused(f"{blocked[0].says} {blocked[0].remedy}{more}")
    digest = return_digest(found)
    if held.current and held.current.digest == digest:
        return Refused("This is what was sent already, to the last word. Change what has to be corrected first.")  # fmt: skip
    if held.current and blank(why):
        return Refused("A return that was sent is corrected with reasons. Say what was wrong, and how it came to light.")  # fmt: skip
    if not held.current and why.strip():
        return Refused("Nothing was sent yet, so there is nothing to give reasons for. Leave them empty.")
    document = document_of(found, salts[0])
    documents = [document]
    reasons = ""
    if held.current:
        said = Document(REASON, "text/plain; charset=utf-8", why.strip().encode(), salts[1])
        documents.append(said)
        reasons = said.digest
    fact = facts.put_forward(
        held, digest, document.digest, (asking.rules, asking.digest), reasons, on_behalf_of=body
    )
    return Decision((fact,), _answer(held, digest), tuple(documents))


def sign(
    asking: Asking, held: Filed, digest: str, at: datetime, body: str, boards: tuple[str, ...]
) -> Decision | Refused:
    """Sign what waits, as it was seen, for one of the plan's boards; the last board's signature sends it."""
    if held.closed:
        return _is_closed(held)
    if held.waiting is None:
        return Refused("Nothing waits for a signature. The return is put forward first.")
    if held.waiting.digest != digest:
        return Refused("Another return was put forward in the meantime. Read that one, and sign it then.")
    if body in held.waiting.signed:
        return Refused("This board has signed it. It is sent once every board of the plan has.")
    missing = [each for each in boards if each != body and each not in held.waiting.signed]
    if missing:
        return Decision((facts.signed_for(held, held.waiting, body),), _answer(held, digest) | {"missing": missing})  # fmt: skip
    # What is corrected was in time or not when it was first sent.
    late = held.sent[0].late if held.sent else asking.late(at)
    due = asking.due.at.written
    return Decision((facts.signed(held, held.waiting, due, body, late=late),), _answer(held, digest) | {"late": late})  # fmt: skip


def close(
    held: Filed, printed: bytes, pdf: bytes, salts: tuple[bytes, bytes], body: str
) -> Decision | Refused:
    """Close what was sent last: from then on nothing is corrected, and its print is the one that is kept, as text and as PDF."""
    if held.closed:
        return _is_closed(held)
    if held.current is None:
        return Refused("Nothing was sent yet. A return is closed once it was.")
    if held.waiting:
        return Refused("A correction waits for a signature. It is signed first, or put forward again as it was sent.")  # fmt: skip
    text = Document(PRINT, "text/plain; charset=utf-8", printed, salts[0])
    paper = Document(PAPER, "application/pdf", pdf, salts[1])
    fact = facts.closed(held, held.current.digest, text.digest, paper.digest, body)
    answer = _answer(held, held.current.digest) | {"printed": text.digest, "pdf": paper.digest}
    return Decision((fact,), answer, (text, paper))


def _is_closed(held: Filed) -> Refused:
    at = held.closed.at.astimezone(LONDON).date() if held.closed else None
    return Refused(f"The return was closed on {in_words(at) if at else ''}. Nothing in it is changed any more.")  # fmt: skip


def _answer(held: Filed, digest: str) -> dict[str, object]:
    return {"stream": stream_of(held.plan, held.quarter), "return": digest}
