"""A pool's year as answers: who bears it, what is to be looked at, and the note to the accounts, as data or as text."""

from collections.abc import Iterable

from carepool.actions.areas import MARK
from carepool.actions.pool_years import Reckoned
from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.partnership.bearing import Kind
from carepool.pool.books import Books
from carepool.pool.yearend import Note, NoteLine, after_cut_off, standing_of, statement_of, unspent
from carepool.render.agreement_answers import NOT_COVERED
from carepool.render.agreement_answers import bearing as of_bearing
from carepool.render.answers import Data, marked, working


def reckoned(found: Reckoned) -> Data:
    """Who bears a pool's year. What each amount comes to adds up; ``net_pence`` is what partners bear less what they have back."""
    reckoning, agreement = found.reckoning, found.agreement
    data: Data = {
        "pool": found.books.pool,
        "year": found.books.year,
        "agreement": agreement.title,
        "basis": reckoning.outturn.basis.name.lower(),
        "schemes": [
            {
                "scheme": each.scheme, "title": each.title, "budget_pence": each.budget, "cost_pence": each.cost,
                "committed_pence": each.committed, "expected_pence": each.expected, "variance_pence": each.variance,
                "borne_pence": each.borne,
            }
            for each in reckoning.outturn.lines
        ],
        "missed_pence": dict(reckoning.outturn.missed),
        "not_budgeted_pence": reckoning.outturn.unbudgeted,
        "borne_before_pence": dict(reckoning.before.borne),
        "happenings": [of_bearing(agreement, each) for each in reckoning.bearings],
        "partners": [
            {"partner": code, "name": agreement.name(code), "net_pence": each.value, "working": working(each)}
            for code, each in reckoning.workings.items()
        ],
        "uncovered_pence": reckoning.uncovered,
        "rests_on": list(reckoning.rests_on),
    }  # fmt: skip
    return marked(data, agreement.fictitious)


def reckoned_text(found: Reckoned) -> str:
    """The same in words."""
    reckoning, agreement = found.reckoning, found.agreement
    lines = [f"{MARK}.\n"] if agreement.fictitious else []
    lines.append(f"{agreement.title}, {found.books.year}: by {reckoning.outturn.basis.value}")
    lines += [
        f"{each.title}: budget {in_pounds(each.budget)}, expected {in_pounds(each.expected)}, "
        f"{in_pounds(abs(each.variance))} {'over' if each.variance > 0 else 'under'}"
        for each in reckoning.outturn.lines
        if each.variance
    ] or ["No scheme is over or under its budget."]
    for each in reckoning.bearings:
        verb = "has back" if each.happening.kind is Kind.UNDERSPEND else "bears"
        lines += ["", f"{each.working.of}: {in_pounds(each.happening.pence)}"]
        lines += [f"  {part.by.replace('_', ' ')}: {in_pounds(part.pence)} (clause {part.clause})" for part in each.cover if part.pence]  # fmt: skip
        lines += [f"  {agreement.name(code)} {verb} {in_pounds(pence)}" for code, pence in each.shares.items() if pence]  # fmt: skip
        if each.carried:
            lines.append(f"  Carried forward, held by {agreement.name(each.carried.by)}: {in_pounds(each.carried.pence)}")  # fmt: skip
        lines += [f"  {NOT_COVERED}: {in_pounds(gap.pence)}. {gap.says}" for gap in each.uncovered]
    lines.append("")
    lines += [f"{agreement.name(code)}: {in_pounds(pence)} in all" for code, pence in reckoning.net.items()]
    return "\n".join([*lines, *reckoning.rests_on]) + "\n"


def checked(books: Books, findings: Iterable[Finding]) -> Data:
    """What is to be looked at in a pool's books."""
    return {
        "pool": books.pool,
        "year": books.year,
        "assertions": len(books.records.assertions),
        "findings": [each.as_data() for each in findings],
    }


def year_end(books: Books, note: Note) -> Data:
    """The note, each partner's statement, what came after its ledger closed, and what was not spent traced to its source."""
    opening = books.opening
    codes = [each.code for each in opening.partners] if opening else []
    return {
        "pool": books.pool,
        "year": books.year,
        "note": {
            "title": note.title, "text": list(note.text), "funding": _lines(note.funding),
            "spending": _lines(note.spending), "costs": _lines(note.costs), "treatment": _lines(note.treatment), "funded_pence": note.funded,
            "spent_pence": note.spent, "surplus_pence": note.surplus, "working": working(note.working),
        },
        "partners": [_partner(books, code) for code in codes],
        "unspent": [
            {"scheme": each.scheme, "source": each.source, "pence": each.pence, "of_pence": dict(each.of)}
            for each in unspent(books)
        ],
        "ended_at": books.ended_at,
    }  # fmt: skip


def _partner(books: Books, code: str) -> Data:
    found, said = standing_of(books, code), books.records.confirmations.get(code)
    return {
        "partner": code, "contributed_pence": found.contributed, "paid_in_pence": found.paid_in, "owes_pence": found.owes,
        "owed_pence": found.owed, "cost_pence": found.cost, "balance_pence": found.balance,
        "statement": statement_of(books, code).digest,
        "confirmed_pence": said.pence if said else None, "confirmed_on": said.on if said else None,
        "difference_pence": found.balance - said.pence if said else None,
        "closes_on": books.records.cut_offs.get(code),
        "entered_after": [
            {
                "posting": each.posting.id, "says": each.posting.says, "entered": each.posting.entered,
                "cost_pence": each.cost, "effects_pence": dict(each.effects),
            }
            for each in after_cut_off(books, code)
        ],
    }  # fmt: skip


def _lines(lines: Iterable[NoteLine]) -> list[Data]:
    return [
        {
            "says": each.says,
            "pence": each.pence,
            **({"working": working(each.working)} if each.working else {}),
        }
        for each in lines
    ]


def year_end_text(books: Books, note: Note) -> str:
    """The same in words, as it goes into a partner's accounts, then what the accountants talk about."""
    lines = [note.title, "", *note.text, ""]
    for title, rows, total in (("Funding", note.funding, note.funded), ("Expenditure", note.spending, note.spent), ("Whose cost it is", note.costs, note.spent), ("Surplus", note.treatment, note.surplus)):  # fmt: skip
        lines += [f"{title}: {in_pounds(total)}", *(f"  {each.says}: {in_pounds(each.pence)}" for each in rows)]  # fmt: skip
    for each in books.opening.partners if books.opening else ():
        said = books.records.confirmations.get(each.code)
        balance = standing_of(books, each.code).balance
        confirmed = f"confirmed {in_pounds(said.pence)} on {in_words(said.on)}" if said else "not confirmed"
        lines += ["", f"{each.code}: balance {in_pounds(balance)}, {confirmed}"]
        for late in after_cut_off(books, each.code):
            effects = ", ".join(f"{code} {in_pounds(pence)}" for code, pence in late.effects.items() if pence)
            lines.append(f"  After its ledger closed: {late.posting.says}, cost {in_pounds(late.cost)}, balances {effects or 'unchanged'}")  # fmt: skip
    lines.append("")
    for left in unspent(books):
        of = ", ".join(f"{code} {in_pounds(pence)}" for code, pence in left.of.items()) or "nobody's"
        lines.append(f"Not spent, {left.scheme} from {left.source}: {in_pounds(left.pence)} (put in by {of})")
    return "\n".join(lines) + "\n"
