"""Releases as commands, pages and prints show them: one statement for both sides, and where each payment stands."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from textwrap import fill

from carepool.actions.releasing import Money
from carepool.actions.settling import Difference
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.periods import Quarter, in_words
from carepool.pool.approving import Approval, Side
from carepool.pool.books import Books, day_of
from carepool.pool.settled import Correction, Dispute, Use, of_correction, of_release

Data = dict[str, object]
COLUMNS = ("quarter", "baseline", "target", "outturn", "from", "at most", "computed", "paid")
"""The columns of a statement."""


def rows_of(content: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The quarters of a statement as it is kept."""
    rows = content["quarters"]
    assert isinstance(rows, list)  # noqa: S101 (written so)
    return rows


def statement_text(digest: str, content: Mapping[str, object], title: str, mark: str = "") -> bytes:
    """A statement as text: the same bytes for whoever prints it, before the money moves and after."""
    rules = content["rules"]
    assert isinstance(rules, dict)  # noqa: S101 (written so)
    head = [
        *([mark, ""] if mark else []),
        f"{title}: statement of performance money",
        f"Digest {digest}.",
        f"Version {str(content['digest'])[:16]} of the plan, under the rules {rules['name']} ({str(rules['digest'])[:16]}).",
        f"An admission avoided is worth {_pounds(content['unit_value_pence'])}; at stake at first {_pounds(content['fund_pence'])}.",
    ]  # fmt: skip
    lines = [fill(each, 100) for each in head]
    for row in rows_of(content):
        lines += ["", f"{row['quarter']}", "=" * len(str(row["quarter"]))]
        lines += [f"{label}: {said}" for label, said in quarter_lines(row)]
    lines += [
        "",
        "What is paid moves from the CCG's books to the pool once one officer of each side has approved it.",
    ]
    return ("\n".join(lines) + "\n").encode()


def quarter_lines(row: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a statement says of one quarter, each with its label."""
    computed, paid = row.get("computed_pence"), row["payment_pence"]
    known = row["actual"] is not None
    found = [
        ("Baseline", _number(row["baseline"])), ("Target", _number(row["planned"])),
        ("Outturn", _number(row["actual"]) if known else "not known yet"), ("It is from", source_of(row) if known else "nothing yet"),
        ("At most", _pounds(row["maximum_payment_pence"])),
        ("Computed", "not known yet" if computed is None else _pounds(computed)),
        ("Paid by this statement", "not known yet" if paid is None else _pounds(paid)),
    ]  # fmt: skip
    if known and computed is not None and paid is not None and computed != paid:
        found.append(("It differs", "the return agrees another payment, with its reason"))
    due = row.get("due_pence")
    for ccg, pence in due.items() if isinstance(due, Mapping) else ():
        found.append((f"Of it from {ccg}", "not known yet" if pence is None else _pounds(pence)))
    return found


def source_of(row: Mapping[str, object]) -> str:
    """Where a quarter's outturn is from."""
    sent = row.get("return")
    return f"the return {str(sent)[:16]}" if sent else "the outturn as published; no return was sent of it"


def statement_rows(content: Mapping[str, object]) -> list[tuple[object, ...]]:
    """A statement as rows of a table, under ``COLUMNS``."""
    return [
        (
            row["quarter"], _number(row["baseline"]), _number(row["planned"]),
            None if row["actual"] is None else _number(row["actual"]), source_of(row) if row["actual"] is not None else "",
            _pounds(row["maximum_payment_pence"]), _maybe(row.get("computed_pence")), _maybe(row["payment_pence"]),
        )
        for row in rows_of(content)
    ]  # fmt: skip


def whole(
    money: Money, digest: str, content: Mapping[str, object], found: Sequence[Difference], words: Mapping[str, str]
) -> Data:  # fmt: skip
    """A plan's releases: the statement as it stands, every payment and correction, disputes, what is to be put right, and uses."""
    books = money.books
    return {
        "plan": money.agreed.id,
        "statement": digest,
        "content": dict(content),
        "payments": [*_payments(books)],
        "put_right": [
            {
                "quarter": each.quarter, "ccg": each.ccg, "pence": each.pence, "by_the_rule": each.ruled, "rule": each.cite, "says": each.says
            }
            for each in found
        ],
        "disputes": [_dispute(each, words) for each in books.settled.disputes.values()],
        "fallen": [
            {
                "quarter": each.quarter, "ccg": each.ccg, "pence": each.pence, "statement": each.statement, "at": each.at
            }
            for each in books.settled.fallen
        ],
        "uses": [_use(each, words) for each in books.settled.uses.values()],
        "kept_pence": books.totals.kept,
    }  # fmt: skip


def _payments(books: Books) -> list[Data]:
    found: list[Data] = [
        {
            "of": of_release(*key), "quarter": each.quarter, "ccg": each.ccg, "pence": each.pence, "statement": each.statement,
            "approved": _approved(each.approvals), "moved_at": each.released_at,
            "disputed": books.settled.disputed(of_release(*key)) is not None,
        }
        for key, each in sorted(books.releases.items())
    ]  # fmt: skip
    found += [
        {
            "of": of_correction(each.id), "quarter": each.quarter, "ccg": each.ccg, "pence": each.pence, "due_pence": each.due,
            "statement": each.statement, "rule": each.rule, "approved": _approved(each.approvals), "moved_at": each.posted_at,
            "entered_in": each.after or None,
            "disputed": books.settled.disputed(of_correction(each.id)) is not None,
        }
        for each in books.settled.corrections.values()
    ]  # fmt: skip
    return found


def _approved(approvals: Mapping[Side, Approval]) -> Data:
    return {side.code: each.at for side, each in approvals.items()}


def _dispute(each: Dispute, words: Mapping[str, str]) -> Data:
    said = [each.opened, *each.answers, *each.ended.values()]
    return {
        "dispute": each.id, "of": each.of, "by": each.opened.side.code, "settled_at": each.settled_at,
        "outcome": each.outcome or None,
        "said": [{"side": one.side.code, "words": words.get(one.words, ""), "at": one.at, "outcome": one.outcome or None} for one in said],
    }  # fmt: skip


def _use(each: Use, words: Mapping[str, str]) -> Data:
    return {
        "use": each.id, "ccg": each.ccg, "pence": each.pence, "purpose": each.purpose, "board": each.board,
        "decided_on": each.decided_on, "minute": words.get(each.minute, ""), "confirmed_at": each.confirmed_at,
    }  # fmt: skip


def as_text(found: Data) -> str:
    """The same in lines, for a terminal."""
    lines = [f"The statement as it stands: {found['statement']}"]
    payments, disputes, put_right, uses = (
        found[each] for each in ("payments", "disputes", "put_right", "uses")
    )
    assert isinstance(payments, list) and isinstance(disputes, list)  # noqa: S101 (written so)
    assert isinstance(put_right, list) and isinstance(uses, list)  # noqa: S101  (written so)
    for each in payments:
        waits = ", ".join(str(side) for side in Side if side.code not in each["approved"])
        state = f"moved on {in_words(day_of(each['moved_at']))}" if each["moved_at"] else f"waits for {waits}"
        lines.append(
            f"{each['of']}: {in_pounds(each['pence'])}, {state}{', disputed' if each['disputed'] else ''}"
        )
    for each in put_right:
        lines.append(
            f"{each['quarter']}, {each['ccg']}: {in_pounds(each['pence'])} ({each['rule']}). {each['says']}"
        )
    for each in disputes:
        state = f"settled: the payment {each['outcome']}" if each["settled_at"] else "open"
        lines.append(f"Dispute {each['dispute']} of {each['of']}: {state}")
        lines += [f"  {one['side']}: {one['words']}" for one in each["said"]]
    for each in uses:
        state = "confirmed" if each["confirmed_at"] else "waits to be confirmed"
        lines.append(f"Use {each['use']}: {in_pounds(each['pence'])} for {each['purpose']}, {state}")
    return "\n".join(lines) + "\n"


def words_named(books: Books) -> tuple[str, ...]:
    """The digests of everything that was said in words."""
    settled = books.settled
    said = [
        one.words for each in settled.disputes.values() for one in (each.opened, *each.answers, *each.ended.values())
    ]  # fmt: skip
    return tuple(dict.fromkeys([*said, *(each.minute for each in settled.uses.values())]))


def correction_words(each: Correction) -> str:
    """What a correction does, as a page says it."""
    way = "released further by" if each.pence > 0 else "given back to"
    if each.after:
        way = "put in more by" if each.pence > 0 else "put in less by"
    into = f", in the books {each.after}" if each.after else ""
    return f"{in_pounds(abs(each.pence))} {way} {each.ccg} for {_quarter(each.quarter)}{into}"


def _quarter(quarter: Quarter) -> str:
    return str(quarter)


def _pounds(pence: object) -> str:
    assert isinstance(pence, int)  # noqa: S101 (written so)
    return in_pounds(pence)


def _maybe(pence: object) -> str | None:
    return None if pence is None else _pounds(pence)


def _number(value: object) -> str:
    return in_figures(Decimal(str(value)))
