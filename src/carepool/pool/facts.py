"""Facts of a pool's books: how each event is written in the stream ``pool/ID/YEAR``, and the books that they come to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

from carepool.basics.building import building
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.journal.facts import Body, Fact, NewFact
from carepool.journal.folding import Kind, Kinds
from carepool.pool import actual_facts, settled_facts
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting, faulty, moved, overspent
from carepool.pool.approving import CLAIMED, Approval, Side, claims_named, unclaimed
from carepool.pool.books import (
    Books,
    Contribution,
    Given,
    Opening,
    Partner,
    Release,
    Scheme,
    Treated,
    correction_lines,
    day_of,
    keeping_lines,
    opening_lines,
    release_lines,
    stream_of,
    treated_as,
)  # fmt: skip
from carepool.pool.events import KEPT_TO_BUDGET, OPENS, recommitted, taken_of
from carepool.pool.grant_facts import granted_by
from carepool.pool.grant_facts import read as grants_read
from carepool.pool.grant_facts import varied as varied_grants
from carepool.pool.grant_facts import written as grants_written
from carepool.pool.record_facts import KINDS as RECORD_KINDS
from carepool.pool.record_facts import RECORDS, new_schemes, treatments
from carepool.pool.record_facts import apply as record
from carepool.pool.record_facts import opened as records_of
from carepool.pool.settled import Correction, Settled, of_correction, of_release

Key = TypeVar("Key")
Value = TypeVar("Value")


def _opened_raised(body: Body) -> Body:
    """Contributions were taken as paid in at once, and no scheme was kept."""
    return {
        **body, "schemes": [], "agreement_digest": None, "grants": [], "brought": {}, "paid_in": True,
    }  # fmt: skip


def _posted_raised(body: Body) -> Body:
    """Postings had an id of their own, and events no name."""
    return {**body, "event": Event.POSTED.code, "of": "", "late": False}


KINDS = Kinds(
    (
        Kind("PoolOpened", 2, {1: _opened_raised}, cites=("agreement_digest",)),
        Kind("Posted", 2, {1: _posted_raised}),
        Kind("ReleaseProposed", 2, {1: unclaimed}, cites=("statement",)),
        Kind("ReleaseApproved", 2, {1: unclaimed}),
        Kind("ReleasePosted"),
        Kind("MoneyKept", cites=("statement",)),
        Kind("MonthClosed"),
        Kind("YearEnded"),
        *RECORD_KINDS,
        *actual_facts.KINDS,
        *settled_facts.KINDS,
        Kind("StatementGiven", cites=("document",)),
    )
)


# How each event is written.


def opened(pool: str, year: str, opening: Opening, on_behalf_of: str | None = None) -> NewFact:
    """The fact that a pool is opened."""
    return NewFact(
        stream_of(pool, year),
        "PoolOpened",
        2,
        {
            "agreement": opening.agreement,
            "agreement_digest": opening.agreement_digest or None,
            "host": opening.host,
            "partners": [{"code": each.code, "kind": each.kind} for each in opening.partners],
            "plan": opening.plan,
            "plan_digest": opening.plan_digest or None,
            "contributions": [
                {
                    "party": each.party,
                    "source": each.source,
                    "pence": each.pence,
                    "contingent": each.contingent,
                }
                for each in opening.contributions
            ],
            "schemes": [
                {
                    "id": each.id,
                    "title": each.title,
                    "budgets": dict(each.budgets),
                    "social_care": each.social_care,
                    "commissioning": each.commissioning,
                    "lead": each.lead,
                    "accounting": each.accounting,
                    "commissioned": dict(each.commissioned),
                }
                for each in opening.schemes
            ],
            "grants": grants_written(opening.grants),
            "brought": dict(opening.brought),
            "paid_in": opening.paid_in,
        },
        effective_on=opening.first,
        on_behalf_of=on_behalf_of,
    )


def posted(pool: str, year: str, posting: Posting, on_behalf_of: str | None = None) -> NewFact:
    """The fact of a posting, effective on its day. Its id is the number that the fact gets."""
    return NewFact(
        stream_of(pool, year),
        "Posted",
        2,
        {
            "event": posting.event.code,
            "says": posting.says,
            "lines": [
                {"debit": str(line.debit), "credit": str(line.credit), "pence": line.pence}
                for line in posting.lines
            ],
            "cites": list(posting.cites),
            "of": posting.of,
            "late": posting.late,
        },
        effective_on=posting.on,
        on_behalf_of=on_behalf_of,
    )


def month_closed(pool: str, year: str, through: date, on_behalf_of: str | None = None) -> NewFact:
    """The fact that all months up to a day are closed."""
    return NewFact(
        stream_of(pool, year), "MonthClosed", 1, {"through": through.isoformat()}, on_behalf_of=on_behalf_of
    )


def year_ended(pool: str, year: str, on_behalf_of: str | None = None) -> NewFact:
    """The fact that the year's accounts are closed: nothing more is entered."""
    return NewFact(stream_of(pool, year), "YearEnded", 1, {}, on_behalf_of=on_behalf_of)


def statement_given(
    pool: str, year: str, period: str, document: str, on_behalf_of: str | None = None
) -> NewFact:
    """The fact that a statement was given: of which period, and the digest of what was given."""
    body = {"period": period, "document": document}
    return NewFact(stream_of(pool, year), "StatementGiven", 1, body, on_behalf_of=on_behalf_of)


def proposed(
    pool: str,
    year: str,
    quarter: Quarter,
    ccg: str,
    pence: Pence,
    statement: str,
    claimed_by: Iterable[str] = (),
    on_behalf_of: str | None = None,
) -> NewFact:
    """The fact that a release is proposed, by the statement of which digest, and whose return claims it."""
    return NewFact(
        stream_of(pool, year),
        "ReleaseProposed",
        2,
        {
            "quarter": str(quarter),
            "ccg": ccg,
            "pence": pence,
            "statement": statement,
            "claimed_by": sorted(claimed_by),
        },
        on_behalf_of=on_behalf_of,
    )


def approved(
    pool: str, year: str, quarter: Quarter, ccg: str, side: Side, body: str, claimed_by: Iterable[str] = ()
) -> NewFact:
    """The fact that one side approves a release, in the name of its body, and whose return claims it by then."""
    return NewFact(
        stream_of(pool, year),
        "ReleaseApproved",
        2,
        {"quarter": str(quarter), "ccg": ccg, "side": side.code, "claimed_by": sorted(claimed_by)},
        on_behalf_of=body,
    )


def released(pool: str, year: str, quarter: Quarter, ccg: str, pence: Pence) -> NewFact:
    """The fact that the money moves: written with the second approval."""
    return NewFact(
        stream_of(pool, year),
        "ReleasePosted",
        1,
        {"quarter": str(quarter), "ccg": ccg, "pence": pence},
    )


def kept(
    pool: str, year: str, of_ccg: Mapping[str, Pence], statement: str, on_behalf_of: str | None = None
) -> NewFact:
    """The fact that what was never earned stays with the CCGs."""
    return NewFact(
        stream_of(pool, year),
        "MoneyKept",
        1,
        {"kept": dict(of_ccg), "statement": statement},
        on_behalf_of=on_behalf_of,
    )


# The fold.


def books_of(pool: str, year: str, facts: Iterable[Fact], start: Books | None = None) -> Books:
    """The books that the facts of the stream come to, from the first on or from books that earlier ones came to.

    Unusable when a fact could not have been decided: a posting that does not balance, a release without two
    accounts on two sides, spending beyond a budget, anything before the opening or in a closed month. Books that are
    wrong are not shown as if they were right.
    """
    draft = _Draft(start or Books(pool, year))
    if start is not None:  # a few facts more, mostly one
        draft.apply_all(facts)
        return draft.books()
    with building():
        draft.apply_all(facts)
    return draft.books()


class _Draft:
    """Books on the way, changed in place: a copy for every fact would cost more than the facts."""

    def __init__(self, start: Books) -> None:
        self.start = start
        self.opening = start.opening
        self.postings = list(start.postings)
        self.balances = _copied(start.balances)
        self.releases = _copied(start.releases)
        self.kept_at = start.kept_at
        self.open = _copied(start.open)
        self.reversed = _copied(start.reversed)
        self.places = _copied(start.places)
        self.closed_through = start.closed_through
        self.ended_at = start.ended_at
        self.version, self.digest = start.version, start.digest
        self.records = start.records
        self.actuals = start.actuals
        self.from_ledger = ""
        """The posting from a ledger whose month the next fact must tell."""
        self.given = list(start.given)
        self.treated = start.treated
        self.turned = start.turned
        self.settled = start.settled

    def books(self) -> Books:
        """The books as they are now."""
        return Books(
            self.start.pool, self.start.year, self.opening, tuple(self.postings), MappingProxyType(self.balances),
            MappingProxyType(self.releases), self.kept_at, MappingProxyType(self.open), MappingProxyType(self.reversed),
            self.closed_through, self.ended_at, MappingProxyType(self.places), self.version, self.digest,
            self.records,
            actuals=self.actuals,
            given=tuple(self.given),
            turned=self.turned,
            treated=self.treated,
            settled=self.settled,
        )  # fmt: skip

    def apply_all(self, facts: Iterable[Fact]) -> None:
        """The facts in their order, each in today's schema."""
        for fact in facts:
            self.apply(KINDS.raised(fact))

    def apply(self, fact: Fact) -> None:
        """The fact, entered."""
        if (self.opening is None) != (fact.kind == "PoolOpened"):
            raise _impossible(fact, "the pool opens once, and first of all")
        if self.from_ledger and fact.kind not in {"ExtractImported", "SuspenseCleared"}:
            raise _impossible(
                fact, f"posting {self.from_ledger} is from a ledger, and nothing tells of which month"
            )
        if fact.kind in RECORDS:
            self.keep(fact)
        else:
            _APPLY[fact.kind](self, fact)
        self.version, self.digest = fact.version, fact.digest

    def keep(self, fact: Fact) -> None:
        """What is kept beside the postings."""
        assert self.opening is not None  # noqa: S101 (nothing folds before the opening)
        self.records = record(self.records, fact, self.opening, self.places)
        if fact.kind == "AgreementVaried":
            held = (*treated_as(self.opening.schemes, treatments(fact)), *new_schemes(fact))
            grants = granted_by(self.opening.grants, varied_grants(fact))
            self.opening = replace(self.opening, schemes=held, grants=grants)
            self.treated = (*self.treated, Treated(self.records.agreements[-1].first, held))

    def enter(self, fact: Fact, posting: Posting) -> None:
        """A posting, held to every promise of the books."""
        if posting.id in self.places:
            raise _impossible(fact, f"{posting.id} has been entered before")
        if self.ended_at is not None:
            raise _impossible(fact, "the year's accounts are closed")
        if self.closed_through and posting.on <= self.closed_through and not posting.late:
            raise _impossible(fact, "its month is closed")
        change = moved(posting.lines)
        refused = faulty(self.balances, posting.lines, change)
        if not refused and posting.event in KEPT_TO_BUDGET:
            refused = overspent(self.balances, posting.lines, change)
        if refused:
            raise _impossible(fact, refused.says)
        self._mark(fact, posting)
        self.turned += sum([line.pence for line in posting.lines])
        for account, more in change.items():
            self.balances[account] = self.balances.get(account, 0) + more
        self.places[posting.id] = len(self.postings)
        self.postings.append(posting)

    def _mark(self, fact: Fact, posting: Posting) -> None:
        """What it leaves of a commitment or an accrual, and what it takes back."""
        if posting.event in OPENS:
            self.open[posting.id] = posting.lines[0].pence
        if not posting.of:
            return
        if posting.of not in self.places:
            raise _impossible(fact, f"there is no posting {posting.of}")
        if posting.event is Event.REVERSED:
            if posting.of in self.reversed:
                raise _impossible(fact, f"{posting.of} is reversed already")
            self.reversed[posting.of] = posting.id
            used = self.open.pop(posting.of, 0)
            first = self.postings[self.places[posting.of]]
            if first.event in OPENS and used != first.lines[0].pence:
                raise _impossible(fact, f"{posting.of} is used already")
            self._reopen(first)
            return
        remaining = self.open.get(posting.of, 0) - taken_of(posting)
        if remaining < 0:
            raise _impossible(fact, f"it uses more of {posting.of} than there is")
        if posting.event is Event.UNACCRUED:
            self._recommit(posting)
        self.open[posting.of] = remaining
        if not remaining:
            del self.open[posting.of]

    def _recommit(self, posting: Posting) -> None:
        """What a reversed accrual had used of a commitment is there to be used again."""
        commitment = self.postings[self.places[posting.of]].of
        again = recommitted(posting)
        if again:
            self.open[commitment] = self.open.get(commitment, 0) + again

    def _reopen(self, first: Posting) -> None:
        """What a posting that is taken back had used is there again."""
        if first.of:
            self.open[first.of] = self.open.get(first.of, 0) + taken_of(first)


def _copied(held: Mapping[Key, Value]) -> dict[Key, Value]:
    """Copied as dicts copy themselves: through a proxy's keys it takes ten times as long."""
    return held.copy() if isinstance(held, MappingProxyType) else dict(held)


def _impossible(fact: Fact, why: str) -> Unusable:
    return Unusable(
        f"Version {fact.version} of {fact.stream} is a {fact.kind} that cannot be: {why.rstrip('.')}. Verify the journal."
    )


def opening_of(body: Body) -> Opening:
    """What a pool opened with, as the fact of it says in today's schema."""
    return Opening(
        agreement=str(body["agreement"]),
        host=str(body["host"]),
        partners=tuple(
            Partner(str(each["code"]), "ccg" if each["kind"] == "ccg" else "council")
            for each in _rows(body["partners"])
        ),
        plan=str(body["plan"]),
        plan_digest=str(body["plan_digest"] or ""),
        contributions=tuple(
            Contribution(
                str(each["party"]), str(each["source"]), _pence(each["pence"]), _pence(each["contingent"])
            )
            for each in _rows(body["contributions"])
        ),
        schemes=tuple(_scheme(each) for each in _rows(body["schemes"])),
        agreement_digest=str(body["agreement_digest"] or ""),
        grants=grants_read(body["grants"]),
        brought=_amounts(body["brought"]),
        paid_in=bool(body["paid_in"]),
    )


def _open(draft: _Draft, fact: Fact) -> None:
    draft.opening = opening = replace(opening_of(fact.body), first=fact.effective_on)
    draft.records = records_of(opening, draft.start.first_day)
    draft.treated = (Treated(draft.start.first_day, opening.schemes),)
    draft.enter(
        fact,
        Posting(
            "pool/opened",
            "Contributions of the year, performance money off the pool",
            fact.effective_on or draft.start.first_day,
            opening_lines(opening),
            tuple(each for each in (opening.plan_digest, opening.agreement_digest) if each),
            Event.OPENED,
            version=fact.version,
            entered=day_of(fact.at),
            at=fact.at,
        ),
    )


def _scheme(row: Mapping[str, object]) -> Scheme:
    commissioning = str(row["commissioning"])
    return Scheme(
        str(row["id"]),
        str(row["title"]),
        _amounts(row["budgets"]),
        bool(row["social_care"]),
        "joint" if commissioning == "joint" else "agent" if commissioning == "agent" else "lead",
        str(row["lead"]),
        "net" if row["accounting"] == "net" else "gross",
        _amounts(row["commissioned"]),
    )


def _post(draft: _Draft, fact: Fact) -> None:
    posting = _posting(fact)
    draft.enter(fact, posting)
    draft.from_ledger = posting.id if posting.event is Event.IMPORTED else ""


def _posting(fact: Fact) -> Posting:
    body, parse = fact.body, Account.parse
    return Posting(
        str(body.get("id") or fact.version),
        str(body["says"]),
        fact.effective_on or day_of(fact.at),
        tuple(
            [
                Entry(parse(each["debit"]), parse(each["credit"]), each["pence"])
                for each in _rows(body["lines"])
            ]
        ),
        tuple(_rows(body["cites"])),
        Event.of(str(body["event"])),
        str(body["of"]),
        bool(body["late"]),
        fact.version,
        day_of(fact.at),
        fact.by,
        fact.at,
    )


def _propose(draft: _Draft, fact: Fact) -> None:
    key = _key(fact)
    if key in draft.releases or draft.kept_at is not None:
        raise _impossible(fact, "it was proposed before, or the year is closed")
    draft.releases[key] = Release(
        *key,
        _pence(fact.body["pence"]),
        str(fact.body["statement"]),
        fact.by,
        fact.at,
        claims_named(fact.body),
    )


def _approve(draft: _Draft, fact: Fact) -> None:
    found, side = _waiting(draft, fact), Side.of(str(fact.body["side"]))
    if side in found.approvals:
        raise _impossible(fact, "that side had approved it")
    claimed = found.claimed_by | claims_named(fact.body)
    if fact.by in claimed:
        raise _impossible(fact, CLAIMED)
    approvals = MappingProxyType({**found.approvals, side: Approval(fact.by, fact.at)})
    draft.releases[_key(fact)] = replace(found, claimed_by=claimed, approvals=approvals)


def _release(draft: _Draft, fact: Fact) -> None:
    found = _waiting(draft, fact)
    if len({each.by for each in found.approvals.values()}) < len(Side):
        raise _impossible(fact, "a release needs two accounts on two sides")
    if _pence(fact.body["pence"]) != found.pence:
        raise _impossible(fact, "another amount was approved")
    posting = Posting(
        f"release/{found.quarter}/{found.ccg}",
        f"{found.quarter} earned: released by {found.ccg}",
        day_of(fact.at),
        release_lines(_opening(draft).host, found.ccg, found.pence),
        (found.statement,),
        Event.RELEASED,
        version=fact.version,
        at=fact.at,
    )
    draft.enter(fact, posting)
    draft.releases[_key(fact)] = replace(found, released_at=fact.at)


def _keep(draft: _Draft, fact: Fact) -> None:
    pence = _amounts(fact.body["kept"])
    books = draft.books()
    contingent = {ccg: books.amount(Heading.CONTINGENT, ccg) for ccg in _opening(draft).performance}
    if (
        books.kept_at is not None
        or books.awaiting()
        or books.settled.awaiting
        or pence != {c: p for c, p in contingent.items() if p}
    ):
        raise _impossible(fact, "it keeps, once, exactly what is contingent and not spoken for")
    draft.kept_at = fact.at
    lines = keeping_lines(pence)
    if lines:
        says, cites = "Never earned: stays with the CCGs", (str(fact.body["statement"]),)
        draft.enter(
            fact,
            Posting(
                "money/kept",
                says,
                day_of(fact.at),
                lines,
                cites,
                Event.KEPT,
                version=fact.version,
                at=fact.at,
            ),
        )


def _settle(draft: _Draft, fact: Fact) -> None:
    """What follows a release; a correction is posted, and a proposal whose dispute ended so is taken back."""
    try:
        settled = settled_facts.apply(draft.settled, fact)
        if fact.kind == "ReleaseDisputed" and str(fact.body["of"]) not in _payments(draft):
            raise ValueError("no such payment is proposed or made")
        if fact.kind == "UnreleasedUseRecorded":
            ccg = str(fact.body["ccg"])
            if settled.used(ccg) > draft.books().amount(Heading.KEPT, ccg) - settled.entered_after(ccg):
                raise ValueError("it uses more than was never earned")
        if fact.kind == settled_facts.ENTERED_AFTER and draft.ended_at is None:
            raise ValueError("the year's accounts are not closed")
        if fact.kind == settled_facts.POSTS:
            _put_right(draft, fact, settled_facts.correction_of(draft.settled, fact))
        elif fact.kind == "ReleaseDisputeEnded":
            settled = _taken_back(draft, fact, settled)
    except ValueError as error:
        raise _impossible(fact, str(error)) from error
    draft.settled = settled


def _payments(draft: _Draft) -> set[str]:
    return {of_release(*key) for key in draft.releases} | {
        of_correction(each) for each in draft.settled.corrections
    }


def _put_right(draft: _Draft, fact: Fact, found: Correction) -> None:
    kept = fact.body["kept"] is True
    if kept != (draft.kept_at is not None):
        raise _impossible(fact, "what is kept is so once the year is settled, and not before")
    says = f"{found.quarter} put right: {'released by' if found.pence > 0 else 'back to'} {found.ccg}"
    lines = correction_lines(_opening(draft).host, found.ccg, found.pence, kept=kept)
    posting = Posting(
        of_correction(found.id), says, day_of(fact.at), lines, (found.statement,), Event.CORRECTED, version=fact.version, at=fact.at
    )  # fmt: skip
    draft.enter(fact, posting)


def _taken_back(draft: _Draft, fact: Fact, settled: Settled) -> Settled:
    """A proposal that waits is gone once its dispute ended so, and can be made anew; what was paid stays as it was."""
    dispute = settled.disputes[str(fact.body["dispute"])]
    if dispute.outcome != settled_facts.FALLS:
        return settled
    for key, each in list(draft.releases.items()):
        if of_release(*key) == dispute.of and each.released_at is None:
            del draft.releases[key]
            return settled_facts.fallen(settled, fact, (*key, each.pence, each.statement))
    for one in settled.corrections.values():
        if of_correction(one.id) == dispute.of and one.posted_at is None:
            gone = settled_facts.without(settled, one.id)
            return settled_facts.fallen(gone, fact, (one.quarter, one.ccg, one.pence, one.statement))
    return settled


def _close_month(draft: _Draft, fact: Fact) -> None:
    through = date.fromisoformat(str(fact.body["through"]))
    if draft.closed_through and through <= draft.closed_through:
        raise _impossible(fact, "that month is closed already")
    draft.closed_through = through


def _end(draft: _Draft, fact: Fact) -> None:
    if draft.ended_at is not None:
        raise _impossible(fact, "the year was ended before")
    draft.ended_at = fact.at


def _from_ledgers(draft: _Draft, fact: Fact) -> None:
    if str(fact.body.get("posting", "")) != draft.from_ledger:
        raise _impossible(fact, "it does not name the posting before it")
    lines = draft.postings[-1].lines if draft.from_ledger else ()
    try:
        draft.actuals = actual_facts.APPLY[fact.kind](draft.actuals, fact, lines)
    except ValueError as error:
        raise _impossible(fact, str(error)) from error
    draft.from_ledger = ""


def _give(draft: _Draft, fact: Fact) -> None:
    draft.given.append(
        Given(
            str(fact.body["period"]),
            str(fact.body["document"]),
            fact.by,
            fact.at,
            len(draft.postings),
            fact.version,
        )
    )


_APPLY: Mapping[str, Callable[[_Draft, Fact], None]] = {
    "PoolOpened": _open, "Posted": _post, "ReleaseProposed": _propose, "ReleaseApproved": _approve,
    "ReleasePosted": _release, "MoneyKept": _keep, "MonthClosed": _close_month, "YearEnded": _end,
    **dict.fromkeys(actual_facts.APPLY, _from_ledgers),
    **{each.name: _settle for each in settled_facts.KINDS},
    "StatementGiven": _give,
}  # fmt: skip


def _waiting(draft: _Draft, fact: Fact) -> Release:
    found = draft.releases.get(_key(fact))
    if found is None or found.released_at is not None:
        raise _impossible(fact, "no such release is proposed and waiting")
    return found


def _key(fact: Fact) -> tuple[Quarter, str]:
    return Quarter.parse(str(fact.body["quarter"])), str(fact.body["ccg"])


def _opening(draft: _Draft) -> Opening:
    assert draft.opening is not None  # noqa: S101 (nothing folds before the opening)
    return draft.opening


def _amounts(value: object) -> dict[str, Pence]:
    assert isinstance(value, Mapping)  # noqa: S101 (written so above)
    return {str(name): _pence(each) for name, each in value.items()}


def lines_in(body: Body) -> list[Any]:
    """The lines of a posting as they are written: account debited, account credited, pence."""
    return _rows(body["lines"])


def _rows(value: object) -> list[Any]:
    assert isinstance(value, list)  # noqa: S101 (written so above)
    return value


def _pence(value: object) -> Pence:
    assert isinstance(value, int)  # noqa: S101 (written so above)
    return value
