"""Facts of a return, in the stream ``return/PLAN/QUARTER``: put forward, sent, corrected, closed; and what they come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.journal.facts import Body, Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold


def _without_pdf(body: Body) -> Body:
    """Its PDF was set from the text whenever it was asked for."""
    return {**body, "pdf": None}


KINDS = Kinds(
    (
        Kind("ReturnPutForward", cites=("document", "reasons")),
        Kind("ReturnSigned"),
        Kind("ReturnSubmitted", cites=("document",)),
        Kind("ReturnCorrected", cites=("document", "reasons")),
        Kind("ReturnClosed", 2, {1: _without_pdf}, cites=("printed", "pdf")),
    )
)


@dataclass(frozen=True, slots=True)
class Forward:
    """A return that was put forward for signature."""

    digest: str
    document: str
    """The digest that its bytes are kept under."""
    reasons: str
    """The digest of the words by which it corrects what was sent; empty for a first one."""
    by: str
    at: datetime
    signed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Who has signed it for which board, while another board's signature is missing."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A return that was signed and sent."""

    digest: str
    document: str
    put_forward_by: str
    signed_by: str
    body: str
    """In whose name it was signed."""
    at: datetime
    late: bool
    reasons: str = ""
    """The digest of the words by which it corrects the one before; empty for the first."""
    signed_before: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Who had signed it for another board of the plan before."""


@dataclass(frozen=True, slots=True)
class Closed:
    """That nothing more is corrected, and the prints that were kept."""

    digest: str
    printed: str
    """The digest of the text."""
    pdf: str
    """The digest of the PDF; empty where it was closed before PDFs were kept."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Filed:
    """What has happened to a return."""

    plan: str
    quarter: Quarter
    waiting: Forward | None = None
    """What waits for a signature."""
    sent: tuple[Sent, ...] = ()
    """What was sent, the first and each correction of it."""
    closed: Closed | None = None

    @property
    def current(self) -> Sent | None:
        """What was sent last, which is what holds."""
        return self.sent[-1] if self.sent else None


def stream_of(plan: str, quarter: Quarter) -> str:
    """The stream of a plan's return, ``return/kent/2015-16Q2``."""
    return f"return/{plan}/{quarter}"


def filed(plan: str, quarter: Quarter, facts: Iterable[Fact]) -> Filed:
    """What the facts of the stream come to. Unusable where one of them could not have been decided."""
    return fold(facts, Filed(plan, quarter), _apply, KINDS)


def _apply(held: Filed, fact: Fact) -> Filed:
    body = {name: str(value) if value is not None else "" for name, value in fact.body.items()}
    if held.closed:
        raise _impossible(fact, "nothing follows once a return is closed")
    match fact.kind:
        case "ReturnPutForward":
            if bool(body["reasons"]) != bool(held.sent):
                raise _impossible(fact, "a correction gives its reasons, and a first return has none")
            waiting = Forward(body["return"], body["document"], body["reasons"], fact.by, fact.at)
            return replace(held, waiting=waiting)
        case "ReturnSigned":
            return replace(held, waiting=_signed_too(held, fact, body["return"]))
        case "ReturnSubmitted" | "ReturnCorrected":
            if held.waiting is None or held.waiting.digest != body["return"]:
                raise _impossible(fact, "only what was put forward is sent")
            if (fact.kind == "ReturnCorrected") != bool(held.sent):
                raise _impossible(fact, "the first one is sent, and each later one corrects it")
            if fact.by == held.waiting.by:
                raise _impossible(fact, "whoever put a return forward does not sign it")
            sent = Sent(
                body["return"], body["document"], held.waiting.by, fact.by, fact.on_behalf_of or "", fact.at,
                fact.body["late"] is True, held.waiting.reasons, held.waiting.signed,
            )  # fmt: skip
            return replace(held, waiting=None, sent=(*held.sent, sent))
        case _:
            if held.waiting or held.current is None or held.current.digest != body["return"]:
                raise _impossible(fact, "only what was sent last is closed, and nothing may wait")
            return replace(
                held, closed=Closed(body["return"], body["printed"], body["pdf"], fact.by, fact.at)
            )


def _signed_too(held: Filed, fact: Fact, digest: str) -> Forward:
    waiting, board = held.waiting, fact.on_behalf_of or ""
    if waiting is None or waiting.digest != digest:
        raise _impossible(fact, "only what was put forward is signed")
    if fact.by == waiting.by:
        raise _impossible(fact, "whoever put a return forward does not sign it")
    if board in waiting.signed:
        raise _impossible(fact, f"{board} has signed it already")
    return replace(waiting, signed={**waiting.signed, board: fact.by})


def _impossible(fact: Fact, why: str) -> Unusable:
    return Unusable(f"Version {fact.version} of {fact.stream} cannot be: {why}.")


def put_forward(
    held: Filed, digest: str, document: str, rules: tuple[str, str], reasons: str, on_behalf_of: str
) -> NewFact:
    """The fact that a return is put forward. ``rules``: the set by its name and digest."""
    name, rules_digest = rules
    body = {
        "return": digest, "document": document, "rules": {"name": name, "digest": rules_digest},
        "reasons": reasons or None,
    }  # fmt: skip
    return NewFact(stream_of(held.plan, held.quarter), "ReturnPutForward", 1, body, on_behalf_of=on_behalf_of)


def signed_for(held: Filed, forward: Forward, on_behalf_of: str) -> NewFact:
    """The fact that one board has signed what waits, while another has not."""
    body = {"return": forward.digest}
    return NewFact(stream_of(held.plan, held.quarter), "ReturnSigned", 1, body, on_behalf_of=on_behalf_of)


def signed(held: Filed, forward: Forward, due: str, on_behalf_of: str, *, late: bool) -> NewFact:
    """The fact that what was put forward is signed and sent, first or as a correction."""
    body: dict[str, object] = {
        "return": forward.digest,
        "document": forward.document,
        "due": due,
        "late": late,
    }
    kind = "ReturnSubmitted"
    if held.current:
        kind = "ReturnCorrected"
        body |= {"replaces": held.current.digest, "reasons": forward.reasons}
    return NewFact(stream_of(held.plan, held.quarter), kind, 1, body, on_behalf_of=on_behalf_of)


def closed(held: Filed, digest: str, printed: str, pdf: str, on_behalf_of: str) -> NewFact:
    """The fact that a return is closed, with its print as text and as PDF."""
    body = {"return": digest, "printed": printed, "pdf": pdf}
    return NewFact(stream_of(held.plan, held.quarter), "ReturnClosed", 2, body, on_behalf_of=on_behalf_of)
