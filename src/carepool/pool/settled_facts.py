"""Facts that follow releases: how corrections, disputes and uses are written in the stream of the pool's year, and their fold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.journal.facts import Body, Fact, NewFact
from carepool.journal.folding import Kind
from carepool.pool.approving import CLAIMED, Approval, Side, claims_named, unclaimed
from carepool.pool.settled import Correction, Dispute, Fallen, Said, Settled, Use

Each = TypeVar("Each")


def _within_the_year(body: Body) -> Body:
    """Schema 2 knew no later books: a correction moved money in its own year."""
    return {**body, "after": ""}


KINDS = (
    Kind("CorrectionProposed", 3, {1: unclaimed, 2: _within_the_year}, cites=("statement",)),
    Kind("CorrectionApproved", 2, {1: unclaimed}),
    Kind("CorrectionPosted"),
    Kind("CorrectionEnteredAfter"),
    Kind("ReleaseDisputed", cites=("reasons",)),
    Kind("ReleaseDisputeAnswered", cites=("words",)),
    Kind("ReleaseDisputeEnded", cites=("words",)),
    Kind("UnreleasedUseRecorded", cites=("minute",)),
    Kind("UnreleasedUseConfirmed"),
)
POSTS = "CorrectionPosted"
"""The only one of them that moves money."""
ENTERED_AFTER = "CorrectionEnteredAfter"
"""That the money moves in the books of a later year."""
STANDS, FALLS = "stands", "falls"
"""How a dispute ends: the payment stands as it was, or it falls."""


# How each is written.


def proposed(
    stream: str, quarter: Quarter, ccg: str, pence: Pence, due: Pence, statement: str, rule: str, claimed_by: Iterable[str],
    on_behalf_of: str | None, after: str = "",
) -> NewFact:  # fmt: skip
    """The fact that a correction is proposed: by how much, to what, and whose return claims it. Its number is the correction's.

    ``after``: the later books that it is to be entered in.
    """
    body: Body = {
        "quarter": str(quarter), "ccg": ccg, "pence": pence, "due": due, "statement": statement, "rule": rule,
        "claimed_by": sorted(claimed_by), "after": after,
    }  # fmt: skip
    return NewFact(stream, "CorrectionProposed", 3, body, on_behalf_of=on_behalf_of)


def approved(stream: str, correction: str, side: Side, body: str, claimed_by: Iterable[str] = ()) -> NewFact:
    """The fact that one side approves a correction, in the name of its body, and whose return claims it by then."""
    about: Body = {"correction": correction, "side": side.code, "claimed_by": sorted(claimed_by)}
    return NewFact(stream, "CorrectionApproved", 2, about, on_behalf_of=body)


def posted(stream: str, correction: Correction, *, kept: bool) -> NewFact:
    """The fact that the money of a correction moves; ``kept``: from or to what the CCG keeps for good."""
    body: Body = {
        "correction": correction.id,
        "ccg": correction.ccg,
        "pence": correction.pence,
        "kept": kept,
    }
    return NewFact(stream, POSTS, 1, body)


def entered_after(stream: str, correction: Correction, posting: str) -> NewFact:
    """The fact that a correction of a year whose accounts are closed was entered in later books, as which posting."""
    body: Body = {
        "correction": correction.id, "ccg": correction.ccg, "pence": correction.pence, "after": correction.after, "posting": posting,
    }  # fmt: skip
    return NewFact(stream, ENTERED_AFTER, 1, body)


def disputed(stream: str, of: str, side: Side, reasons: str, body: str) -> NewFact:
    """The fact that one side disputes a payment. Its number is the dispute's."""
    about: Body = {"of": of, "side": side.code, "reasons": reasons}
    return NewFact(stream, "ReleaseDisputed", 1, about, on_behalf_of=body)


def answered(stream: str, dispute: str, side: Side, words: str, body: str) -> NewFact:
    """The fact that one side answers in a dispute."""
    about: Body = {"dispute": dispute, "side": side.code, "words": words}
    return NewFact(stream, "ReleaseDisputeAnswered", 1, about, on_behalf_of=body)


def ended(
    stream: str, dispute: str, side: Side, outcome: str, words: str, body: str, *, settled: bool, decided_on: date | None
) -> NewFact:  # fmt: skip
    """The fact that one side says how a dispute ends, by whose decision of which day; ``settled``: both now say the same."""
    about: Body = {
        "dispute": dispute,
        "side": side.code,
        "outcome": outcome,
        "words": words,
        "settled": settled,
    }
    return NewFact(stream, "ReleaseDisputeEnded", 1, about, effective_on=decided_on, on_behalf_of=body)


def use_recorded(
    stream: str, ccg: str, pence: Pence, purpose: str, board: str, minute: str, on: date, body: str
) -> NewFact:
    """The fact that a use of what was never earned is recorded from the board's minute. Its number is the use's."""
    about: Body = {"ccg": ccg, "pence": pence, "purpose": purpose, "board": board, "minute": minute}
    return NewFact(stream, "UnreleasedUseRecorded", 1, about, effective_on=on, on_behalf_of=body)


def use_confirmed(stream: str, use: str, board: str) -> NewFact:
    """The fact that somebody of the board confirms that it decided so."""
    return NewFact(stream, "UnreleasedUseConfirmed", 1, {"use": use}, on_behalf_of=board)


# The fold. ValueError, with why, for a fact that could not have been decided.


def apply(settled: Settled, fact: Fact) -> Settled:
    """What follows the releases, with a fact."""
    return _APPLY[fact.kind](settled, fact)


def without(settled: Settled, correction: str) -> Settled:
    """All that follows the releases, without one correction."""
    left = {name: each for name, each in settled.corrections.items() if name != correction}
    return replace(settled, corrections=MappingProxyType(left))


def fallen(settled: Settled, fact: Fact, found: tuple[Quarter, str, Pence, str]) -> Settled:
    """That a proposal is taken back, since its dispute ended so: its quarter, CCG, amount and statement."""
    taken = Fallen(*found, dispute=str(fact.body["dispute"]), at=fact.at)
    return replace(settled, fallen=(*settled.fallen, taken))


def correction_of(settled: Settled, fact: Fact) -> Correction:
    """The correction that a fact is about, which waits."""
    found = settled.corrections.get(str(fact.body["correction"]))
    if found is None or found.posted_at is not None:
        raise ValueError("no such correction is proposed and waiting")
    return found


def _propose(settled: Settled, fact: Fact) -> Settled:
    body, quarter = fact.body, Quarter.parse(str(fact.body["quarter"]))
    found = Correction(
        str(fact.version), quarter, str(body["ccg"]), _whole(body["pence"]), _whole(body["due"]), str(body["statement"]),
        str(body["rule"]), fact.by, fact.at, claims_named(body), after=str(body["after"]),
    )  # fmt: skip
    if not found.pence or any(each.posted_at is None for each in settled.of(quarter, found.ccg)):
        raise ValueError("it corrects nothing, or a correction of that quarter waits")
    return _correct(settled, found)


def _approve(settled: Settled, fact: Fact) -> Settled:
    found, side = correction_of(settled, fact), Side.of(str(fact.body["side"]))
    if side in found.approvals:
        raise ValueError("that side had approved it")
    claimed = found.claimed_by | claims_named(fact.body)
    if fact.by in claimed:
        raise ValueError(CLAIMED)
    approvals = MappingProxyType({**found.approvals, side: Approval(fact.by, fact.at)})
    return _correct(settled, replace(found, claimed_by=claimed, approvals=approvals))


def _posted(settled: Settled, fact: Fact) -> Settled:
    found = correction_of(settled, fact)
    if len({each.by for each in found.approvals.values()}) < len(Side):
        raise ValueError("a correction needs two accounts on two sides")
    if (_whole(fact.body["pence"]), fact.body["ccg"]) != (found.pence, found.ccg):
        raise ValueError("another amount was approved")
    if fact.body.get("after", "") != found.after:
        raise ValueError("it was approved for other books")
    return _correct(settled, replace(found, posted_at=fact.at))


def _correct(settled: Settled, found: Correction) -> Settled:
    return replace(settled, corrections=MappingProxyType({**settled.corrections, found.id: found}))


def _dispute(settled: Settled, fact: Fact) -> Settled:
    of = str(fact.body["of"])
    if settled.disputed(of):
        raise ValueError("a dispute of it is open")
    found = Dispute(str(fact.version), of, replace(_said(fact, "reasons"), outcome=FALLS))
    return replace(settled, disputes=MappingProxyType({**settled.disputes, found.id: found}))


def _answer(settled: Settled, fact: Fact) -> Settled:
    found = _open(settled, fact)
    answers = (*found.answers, _said(fact, "words"))
    return replace(
        settled, disputes=MappingProxyType({**settled.disputes, found.id: replace(found, answers=answers)})
    )


def _end(settled: Settled, fact: Fact) -> Settled:
    found, said = _open(settled, fact), _said(fact, "words")
    if said.outcome not in {STANDS, FALLS}:
        raise ValueError("it stands or falls, and nothing else")
    other = found.position(said.side.other)
    if fact.body["settled"] is True and (
        other is None or other.outcome != said.outcome or other.by == fact.by
    ):
        raise ValueError("it is settled only by two accounts on two sides that say the same")
    ends = MappingProxyType({**found.ended, said.side: said})
    settled_at = fact.at if fact.body["settled"] is True else None
    again = replace(found, ended=ends, settled_at=settled_at, outcome=said.outcome if settled_at else "")
    return replace(settled, disputes=MappingProxyType({**settled.disputes, found.id: again}))


def _open(settled: Settled, fact: Fact) -> Dispute:
    found = settled.disputes.get(str(fact.body["dispute"]))
    if found is None or found.settled_at is not None:
        raise ValueError("no such dispute is open")
    return found


def _said(fact: Fact, words: str) -> Said:
    outcome = str(fact.body.get("outcome", ""))
    return Said(Side.of(str(fact.body["side"])), str(fact.body[words]), fact.by, fact.at, outcome)


def _use(settled: Settled, fact: Fact) -> Settled:
    body = fact.body
    if fact.effective_on is None or _whole(body["pence"]) <= 0:
        raise ValueError("it uses nothing, or was decided on no day")
    found = Use(
        str(fact.version), str(body["ccg"]), _whole(body["pence"]), str(body["purpose"]), str(body["board"]),
        str(body["minute"]), fact.effective_on, fact.by, fact.at,
    )  # fmt: skip
    return replace(settled, uses=MappingProxyType({**settled.uses, found.id: found}))


def _confirm(settled: Settled, fact: Fact) -> Settled:
    found = settled.uses.get(str(fact.body["use"]))
    if found is None or found.confirmed_at is not None or found.by == fact.by:
        raise ValueError("no such use waits to be confirmed by this account")
    again = replace(found, confirmed_by=fact.by, confirmed_at=fact.at)
    return replace(settled, uses=MappingProxyType({**settled.uses, found.id: again}))


_APPLY: Mapping[str, Callable[[Settled, Fact], Settled]] = {
    "CorrectionProposed": _propose, "CorrectionApproved": _approve, POSTS: _posted, ENTERED_AFTER: _posted, "ReleaseDisputed": _dispute,
    "ReleaseDisputeAnswered": _answer, "ReleaseDisputeEnded": _end, "UnreleasedUseRecorded": _use,
    "UnreleasedUseConfirmed": _confirm,
}  # fmt: skip


def _whole(value: object) -> Pence:
    assert isinstance(value, int)  # noqa: S101 (written so above)
    return value
