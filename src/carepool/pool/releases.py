"""What may be entered in a pool's books: it is opened, money is released in two phases, and the rest is kept.

Each function decides purely on the books as read, for ``journal.commands.perform``: a Decision with the facts to
write, none where it is so already, or Refused. Whether an account holds office is decided before, by ``offices``.
"""

from collections.abc import Collection, Iterable, Mapping

from carepool.basics.money import Pence, in_pounds, share
from carepool.basics.periods import Quarter, in_words
from carepool.basics.refusals import Refused, Unusable
from carepool.basics.words import blank
from carepool.journal.commands import Decision
from carepool.journal.facts import NewFact
from carepool.pool import facts
from carepool.pool.accounts import (
    BUDGETS,
    COMMITMENTS,
    LONGEST_TITLE,
    THE_POOL,
    TRANSFERS,
    Heading,
    beyond,
    faulty,
)
from carepool.pool.approving import Side
from carepool.pool.books import (
    Books,
    Contribution,
    Grant,
    Opening,
    Release,
    Scheme,
    Stage,
    day_of,
    opening_lines,
    release_lines,
    stream_of,
)  # fmt: skip
from carepool.pool.settled import of_release
from carepool.rules.paying import Settling

Due = Mapping[Quarter, Pence | None]
"""What is due from a CCG to the pool in each quarter of the year; None while the outturn is not known."""


def dues(payments: Due, performance: Mapping[str, Pence]) -> dict[str, dict[Quarter, Pence | None]]:
    """Split each quarter's payment among the CCGs, by what each still has off the pool.

    ``performance`` is each CCG's performance money at the start. The parts of a quarter add to its payment, none is
    below zero, and no CCG is ever asked for more than it had: splitting what is paid so far by people does not
    promise that, by a penny. A payment below zero, under rules that pay back, goes back by what each had paid. Unusable
    when nobody has money for a payment, or more would go back than was paid.
    """
    left = dict(performance)
    found: dict[str, dict[Quarter, Pence | None]] = {ccg: {} for ccg in performance}
    for quarter, payment in sorted(payments.items()):
        if payment is None:
            parts: Mapping[str, Pence | None] = dict.fromkeys(performance)
        elif payment == 0:
            parts = dict.fromkeys(performance, 0)
        elif 0 < payment <= sum(left.values()):
            taken = share(payment, left)
            left = {ccg: pence - taken[ccg] for ccg, pence in left.items()}
            parts = taken
        elif payment < 0 and -payment <= sum(performance.values()) - sum(left.values()):
            back = share(-payment, {ccg: performance[ccg] - pence for ccg, pence in left.items()})
            left = {ccg: pence + back[ccg] for ccg, pence in left.items()}
            parts = {ccg: -pence for ccg, pence in back.items()}
        else:
            raise Unusable(
                f"A payment of {in_pounds(payment)} for {quarter} cannot be split: the CCGs have "
                f"{in_pounds(sum(left.values()))} off the pool. Open the pool with the money that the plan puts at stake."
            )
        for ccg in performance:
            found[ccg][quarter] = parts[ccg]
    return found


def open_pool(books: Books, opening: Opening, on_behalf_of: str | None = None) -> Decision | Refused:
    """Open a pool's books for the year: contributions into it, performance money off it. Nothing makes no line."""
    if books.opening is not None:
        return Refused(f"{_pool(books)} is open already. Go to its books; a year is opened once.")
    found = (
        _unfit_agreement(opening)
        or _first(_unfit_contribution(opening, each) for each in opening.contributions)
        or _first(_unfit_scheme(opening, each) for each in opening.schemes)
        or _first(_unfit_grant(opening, each) for each in opening.grants)
        or faulty({}, opening_lines(opening))
        or beyond(sum(line.pence for line in opening_lines(opening)))
    )
    return found or _decision(books, facts.opened(books.pool, books.year, opening, on_behalf_of))


def _first(found: Iterable[Refused | None]) -> Refused | None:
    return next((each for each in found if each), None)


def _unfit_agreement(opening: Opening) -> Refused | None:
    codes = [each.code for each in opening.partners]
    if blank(opening.agreement) or len(opening.agreement) > LONGEST_TITLE:
        return Refused(
            f"A pool belongs to a section 75 agreement. Give its title in 1 to {LONGEST_TITLE} characters."
        )
    if len(set(codes)) < len(codes):
        return Refused("A partner is named twice. Name each once.")
    if {each.kind for each in opening.partners} != {"council", "ccg"}:
        return Refused(
            "A section 75 agreement is between councils and NHS bodies. Name at least one council and one CCG; "
            "a board is no partner."
        )
    if reserved := sorted({THE_POOL, BUDGETS, COMMITMENTS, TRANSFERS} & set(codes)):
        return Refused(f"“{reserved[0]}” names a set of books, and no partner. Name the partner by its code.")
    if opening.host not in codes:
        return Refused(
            f"The host, {opening.host}, is no partner of the agreement. The host is a council or a CCG, never the board: "
            f"choose one of {', '.join(codes)}."
        )
    return None


def _unfit_contribution(opening: Opening, each: Contribution) -> Refused | None:
    kind = next((partner.kind for partner in opening.partners if partner.code == each.party), None)
    where = f"{each.source} from {each.party}"
    if kind is None:
        return Refused(f"{where}: {each.party} is no partner of the agreement. Name a partner.")
    for amount in (each.pence, each.contingent):
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
            return Refused(f"{where}: “{amount}” is no amount. Write whole pence, zero or more.")
    if each.contingent and kind != "ccg":
        return Refused(f"{where}: only a CCG has performance money. Give it with the CCG's contribution.")
    if each.contingent > each.pence:
        return Refused(
            f"{where}: {in_pounds(each.contingent)} of performance money is more than the whole contribution of "
            f"{in_pounds(each.pence)}. Correct one of them."
        )
    return None


def _unfit_scheme(opening: Opening, each: Scheme) -> Refused | None:
    if sum(other.id == each.id for other in opening.schemes) > 1:
        return Refused(f"The scheme {each.id} is there twice. Name each once.")
    if each.lead and opening.partner(each.lead) is None:
        return Refused(
            f"{each.title} is led by {each.lead}, which is no partner of the agreement. Name a partner."
        )
    for source, pence in each.budgets.items():
        if isinstance(pence, bool) or not isinstance(pence, int) or pence < 0:
            return Refused(
                f"{each.title}, {source}: “{pence}” is no budget. Write whole pence, zero or more."
            )
    return None


def _unfit_grant(opening: Opening, each: Grant) -> Refused | None:
    if sum(other.id == each.id for other in opening.grants) > 1:
        return Refused(f"The grant {each.id} is there twice. Name each once.")
    if opening.partner(each.payee) is None:
        return Refused(f"{each.determination} is paid to {each.payee}, which is no partner. Name a partner.")
    if sum(each.pass_on.values()) > each.pence:
        return Refused(
            f"{in_pounds(sum(each.pass_on.values()))} of {each.determination} would go on, and it is {in_pounds(each.pence)}. "
            "Correct one of them."
        )
    return None


def propose_release(
    books: Books,
    quarter: Quarter,
    ccg: str,
    pence: Pence,
    statement: str,
    *,
    due: Due,
    on_behalf_of: str | None = None,
    claimed_by: Iterable[str] = (),
) -> Decision | Refused:
    """Propose that a CCG releases what a quarter has earned.

    ``pence`` is the amount that the proposer saw, ``statement`` the digest of the statement that it is from, and ``due``
    what that statement asks of this CCG, quarter by quarter; ``claimed_by`` those whom the rules keep from approving what
    their return claims. Proposing the same again, before anybody has approved it,
    writes nothing.
    """
    if books.opening is None:
        return not_open(books)
    if ccg not in books.opening.performance:
        having = ", ".join(books.opening.performance)
        return Refused(f"{ccg} is no CCG of this pool. Choose one of {having}.")
    earlier = books.releases.get((quarter, ccg))
    if earlier is not None:
        return _proposed_before(books, earlier, pence, statement)
    refused = _closed(books) or _not_due(quarter, ccg, pence, due) or _out_of_order(books, quarter, ccg, due)
    if refused:
        return refused
    if any(
        (each.quarter, each.ccg, each.pence, each.statement) == (quarter, ccg, pence, statement)
        for each in books.settled.fallen
    ):
        return Refused(
            f"A release of {in_pounds(pence)} by this very statement fell in a dispute. Have the return corrected first."
        )
    if pence > books.free(ccg):
        return Refused(
            f"{ccg} has {in_pounds(books.free(ccg))} off the pool that no proposal has spoken for, and {in_pounds(pence)} "
            "is proposed. Check the statement against the plan that the pool was opened with."
        )
    new = facts.proposed(books.pool, books.year, quarter, ccg, pence, statement, claimed_by, on_behalf_of)
    return _decision(books, new, **_answer(quarter, ccg, pence, Stage.PROPOSED))


def _proposed_before(books: Books, earlier: Release, pence: Pence, statement: str) -> Decision | Refused:
    if earlier.released_at is not None:
        return _released_before(earlier)
    if (earlier.pence, earlier.statement) == (pence, statement) and not earlier.approvals:
        return _decision(books, **_answer(earlier.quarter, earlier.ccg, pence, earlier.stage))
    return Refused(
        f"{_begun(_amount(earlier))} has been proposed, and what approvers may have seen is not changed. It is {earlier.says}: have it decided first."
    )


def _not_due(quarter: Quarter, ccg: str, pence: Pence, due: Due) -> Refused | None:
    if quarter not in due:
        return Refused(
            f"{quarter} is not in the statement. Choose one of {', '.join(map(str, sorted(due)))}."
        )
    owed = due[quarter]
    if owed is None:
        return Refused(
            f"The outturn of {quarter} is not known yet. Propose the release when it is published."
        )
    if owed < 0:
        return Refused(
            f"The statement asks that {in_pounds(-owed)} of {quarter} go back to {ccg}. What goes back is no release: "
            "propose it as a correction."
        )
    if owed == pence == 0:
        return Refused(f"{quarter} has earned nothing from {ccg}. There is nothing to release or to approve.")
    if owed != pence:
        return Refused(
            f"The statement asks {in_pounds(owed)} of {ccg} for {quarter}, not {in_pounds(pence)}. "
            "Look at the statement again and propose what it says."
        )
    return None


def _out_of_order(books: Books, quarter: Quarter, ccg: str, due: Due) -> Refused | None:
    for before in _unproposed(books, ccg, due):
        if before < quarter:
            return Refused(
                f"{before} comes before {quarter}, and {in_pounds(due[before] or 0)} that it earned from {ccg} is not "
                f"proposed yet. Propose {before} first."
            )
    return None


def _unproposed(books: Books, ccg: str, due: Due) -> list[Quarter]:
    return sorted(quarter for quarter, owed in due.items() if owed and (quarter, ccg) not in books.releases)


def approve_release(
    books: Books,
    quarter: Quarter,
    ccg: str,
    side: Side,
    by: str,
    rule: Settling | None = None,
    claimed_by: Collection[str] = (),
) -> Decision | Refused:
    """Approve a release for one side. The second side's approval posts it, in the same append.

    ``by`` is the account that performs the command. Two accounts are needed also where the host is that CCG. ``rule``:
    what is in force at the quarter, by which a release that is disputed stands still or goes on; it stands where none is.
    ``claimed_by``: those whom the rules keep from approving what a return of theirs claims by now.
    """
    opening = books.opening
    if opening is None:
        return not_open(books)
    found = books.releases.get((quarter, ccg))
    if found is None:
        return Refused(
            f"No release of {quarter} from {ccg} is proposed. Propose it first, with its statement."
        )
    if found.released_at is not None:
        return _released_before(found)
    if refused := disputed_still(books, of_release(quarter, ccg), rule):
        return refused
    mine = found.approvals.get(side)
    if mine is not None:
        return Refused(
            f"{_begun(side)} approved {_amount(found)} on {in_words(day_of(mine.at))}. "
            f"It is {found.says}: ask them."
        )
    if by in found.claimed_by or by in claimed_by:
        return Refused(claimed(side))
    if any(each.by == by for each in found.approvals.values()):
        other = next(each for each in Side if each is not side)
        return Refused(
            f"You approved {_amount(found)} for {other}, and nobody approves for both sides. "
            f"Ask another officer of {side} to approve it."
        )
    body = ccg if side is Side.CCG else opening.host
    new = [facts.approved(books.pool, books.year, quarter, ccg, side, body, claimed_by)]
    if not found.approvals:
        stage = Stage.APPROVED_BY_CCG if side is Side.CCG else Stage.APPROVED_BY_HOST
        return _decision(books, *new, **_answer(quarter, ccg, found.pence, stage))
    refused = faulty(books.balances, release_lines(opening.host, ccg, found.pence))
    if refused:
        return refused
    new.append(facts.released(books.pool, books.year, quarter, ccg, found.pence))
    return _decision(books, *new, **_answer(quarter, ccg, found.pence, Stage.RELEASED))


def claimed(side: Side) -> str:
    """Why whoever claims a payment does not approve it, and what to do."""
    return f"A return that you put forward or signed claims this payment, so you do not approve it. Ask another officer of {side}."


def disputed_still(books: Books, of: str, rule: Settling | None) -> Refused | None:
    """Why a payment that is disputed is not approved now; None where it is not disputed, or goes on by the rule."""
    found = books.settled.disputed(of)
    if found is None or (rule and rule.disputed == "goes_on"):
        return None
    return Refused(
        f"It is disputed by {found.opened.side} since {in_words(day_of(found.opened.at))}, so it stands still. "
        "Have the dispute settled first."
    )


def keep_money(
    books: Books, due: Mapping[str, Due], statement: str, on_behalf_of: str | None = None
) -> Decision | Refused:
    """Close the year: what was never earned stays with the CCGs.

    ``due`` is, for each CCG, all quarters of the year. Everything due must have been released.
    """
    if books.opening is None:
        return not_open(books)
    closed = _closed(books)
    if closed:
        return closed
    for ccg, pence in books.opening.performance.items():
        refused = _not_settled(books, ccg, due.get(ccg, {})) if pence else None
        if refused:
            return refused
    for waiting in books.awaiting():
        return Refused(
            f"{_begun(_amount(waiting))} is {waiting.says}. Have it approved before the year is closed."
        )
    for correction in books.settled.awaiting:
        return Refused(
            f"A correction of {correction.quarter} for {correction.ccg} waits for {' and '.join(correction.awaited)}. "
            "Have it decided before the year is closed."
        )
    left = {ccg: books.amount(Heading.CONTINGENT, ccg) for ccg in books.opening.performance}
    kept = {ccg: pence for ccg, pence in left.items() if pence}
    return _decision(books, facts.kept(books.pool, books.year, kept, statement, on_behalf_of), kept=kept)


def _not_settled(books: Books, ccg: str, due: Due) -> Refused | None:
    unknown = sorted(quarter for quarter, owed in due.items() if owed is None)
    if unknown or not due:
        missing = ", ".join(map(str, unknown)) or "every quarter"
        return Refused(
            f"The outturn of {missing} is not known for {ccg}, so its money may still be earned. "
            "Close the year when all outturns are published."
        )
    for quarter in _unproposed(books, ccg, due):
        return Refused(
            f"{in_pounds(due[quarter] or 0)} that {quarter} earned from {ccg} is not released. "
            "Propose it and have it approved before the year is closed."
        )
    return None


def _decision(books: Books, *new: NewFact, **answer: object) -> Decision:
    return Decision(new, {"stream": stream_of(books.pool, books.year), **answer})


def _answer(quarter: Quarter, ccg: str, pence: Pence, stage: Stage) -> dict[str, object]:
    return {"quarter": str(quarter), "ccg": ccg, "pence": pence, "stage": stage}


def _pool(books: Books) -> str:
    return f"The pool {books.pool} of {books.year}"


def _amount(release: Release) -> str:
    return f"the release of {in_pounds(release.pence)} from {release.ccg} for {release.quarter}"


def _begun(words: str) -> str:
    """The words as a sentence begins; the rest keeps its capitals."""
    return words[:1].upper() + words[1:]


def not_open(books: Books) -> Refused:
    """That a pool must be opened first."""
    return Refused(f"{_pool(books)} is not open. Open it first, from the signed-off plan.")


def _closed(books: Books) -> Refused | None:
    if books.kept_at is None:
        return None
    return Refused(
        f"{_pool(books)} was closed on {in_words(day_of(books.kept_at))}: what was not earned by then stays with the CCGs. "
        "Nothing more can be released or kept."
    )


def _released_before(release: Release) -> Refused:
    at = in_words(day_of(release.released_at or release.proposed_at))
    return Refused(
        f"{_begun(_amount(release))} was made on {at}. A quarter is released once: there is nothing left to do."
    )
