"""A return as data, as a table with last quarter beside each figure, and as text for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from carepool.actions.return_imports import REJECTED, Import
from carepool.actions.returning import ReturnView
from carepool.basics.findings import Finding
from carepool.basics.periods import LONDON, in_words
from carepool.plans.describe import FieldAbout
from carepool.plans.document import as_data
from carepool.plans.parts import Part
from carepool.render.csvs import write_csv
from carepool.returns.asking import Asking
from carepool.returns.checks import cumulatives
from carepool.returns.document import PARTS, Return
from carepool.returns.facts import Filed, Sent
from carepool.returns.printing import NAMED, row_title, worded
from carepool.rules.rulebook import recalled_words


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of a return."""

    part: str
    where: str
    row: str
    """What its row is about; empty for a single answer."""
    field: FieldAbout
    now: str
    last: str
    """As it was in the return of the quarter before; empty for none."""
    value: object


def cells(asking: Asking, found: Return, last: Return | None) -> Iterator[Cell]:
    """Every answer of a return, in order, with last quarter's beside it."""
    for name in asking.names:
        part, about = found.part(name), PARTS[name]
        before = last.part(name) if last else None
        for field in about.fields:
            yield _cell(asking, name, f"{name}/{field.name}", "", field, part, before)
        for one in about.lists:
            rows = getattr(before, one.name) if before else ()
            was = {row_title(asking, name, row): row for row in rows}
            for number, row in enumerate(getattr(part, one.name)):
                title = row_title(asking, name, row)
                for field in one.fields:
                    if field.name not in NAMED:
                        yield _cell(asking, name, f"{name}/{one.name}/{number}/{field.name}", title, field, row, was.get(title))  # fmt: skip


def _cell(
    asking: Asking, part: str, where: str, row: str, field: FieldAbout, now: Part, last: Part | None
) -> Cell:
    value = getattr(now, field.name)
    before = worded(asking, field, getattr(last, field.name)) if last else ""
    return Cell(part, where, row, field, worded(asking, field, value), before, value)


def sent_data(sent: Sent) -> dict[str, object]:
    """A sending, as data."""
    return {
        "digest": sent.digest, "document": sent.document, "at": sent.at, "late": sent.late, "body": sent.body,
        "put_forward_by": sent.put_forward_by, "signed_by": sent.signed_by, "reasons": sent.reasons or None,
    }  # fmt: skip


def whole(found: ReturnView, content: Return | None, findings: Sequence[Finding] = ()) -> dict[str, object]:
    """A return as data, in whole pence."""
    asking, filed = found.asking, found.filed
    return {
        "plan": asking.plan,
        "title": found.title,
        "fictitious": found.mark or None,
        "quarter": str(asking.quarter),
        "rules": {"name": asking.rules, "digest": asking.digest},
        "due": asking.due.at.instant,
        "recalled": rests_on(found),
        "state": state(filed),
        "sent": [sent_data(each) for each in filed.sent],
        "waiting": {"digest": filed.waiting.digest, "by": filed.waiting.by, "at": filed.waiting.at}
        if filed.waiting
        else None,
        "closed": {
            "digest": filed.closed.digest,
            "printed": filed.closed.printed,
            "pdf": filed.closed.pdf or None,
            "at": filed.closed.at,
        }
        if filed.closed
        else None,
        "return": as_data(content) if content else None,
        "last": as_data(found.last) if found.last else None,
        "so_far": {
            key: {"title": each.title, "value": each.value, "unit": "pence" if each.money else "number"}
            for key, each in (cumulatives(asking, content) if content else {}).items()
        },
        "findings": [each.as_data() for each in findings],
    }


def import_data(made: Import, receipt: Mapping[str, object] | None) -> dict[str, object]:
    """A workbook that was brought back, with its receipt; without one where that was withdrawn."""
    return {"at": made.at, "by": made.by, "counts": dict(made.counts), "parts": list(made.parts), "receipt_digest": made.receipt, "workbook": made.workbook, "receipt": receipt}  # fmt: skip


def imports_text(told: Sequence[tuple[Import, Mapping[str, object] | None]]) -> str:
    """The same in lines: each workbook, then every cell of it that was not taken."""
    lines = []
    for made, receipt in told:
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in made.counts.items())
        lines.append(f"{in_words(made.at.astimezone(LONDON).date())}, {made.by}: {receipt['file'] if receipt else 'receipt withdrawn'}: cells {counts}; changed {', '.join(made.parts) or 'nothing'}.")  # fmt: skip
        lines.append(f"  workbook {made.workbook}\n  receipt  {made.receipt}")
        cells = receipt.get("cells") if receipt else None
        lines += [f"  {each['sheet']}, {each['cell']}: {each.get('why', '')}" for each in (cells if isinstance(cells, list) else []) if each["outcome"] == REJECTED]  # fmt: skip
    return "\n".join(lines) + "\n" if lines else "No workbook was brought back into this return.\n"


def state(filed: Filed) -> str:
    """Where a return stands, as the page says it."""
    if filed.closed:
        return "Closed"
    if filed.waiting:
        return "Correction awaiting signature" if filed.sent else "Awaiting signature"
    if filed.current:
        corrected = "Corrected" if len(filed.sent) > 1 else "Sent"
        return f"{corrected}, late" if filed.sent[0].late else corrected
    return "Not sent"


def rests_on(found: ReturnView) -> list[str]:
    """What a reader must be told: the recalled rules that the return rests on."""
    due = found.asking.due
    said = [each.title for each in found.asking.parts if each.confidence == "recalled"]
    told = [recalled_words(f"What is asked under {', '.join(said)}", found.asking.cite)] if said else []
    return [*told, *([recalled_words("The day by which it is due", found.asking.cite)] if due.confidence == "recalled" else [])]  # fmt: skip


def as_csv(found: ReturnView, content: Return) -> str:
    """A return as rows: part, row, question, answer, last quarter's answer."""
    head = ["part", "row", "question", "answer", f"answer in {found.quarter.plus(-1)}", "value", "fictitious"]
    rows = [
        [
            PARTS[each.part].title,
            each.row,
            each.field.title,
            each.now,
            each.last,
            _plain(each.value),
            found.mark,
        ]
        for each in cells(found.asking, content, found.last)
    ]
    return write_csv(head, rows)


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def standing_text(found: ReturnView) -> str:
    """Where a return stands, as lines."""
    asking, filed = found.asking, found.filed
    lines = [found.mark] if found.mark else []
    lines.append(f"{found.title}: return of {asking.quarter}, due at {asking.due.at}. {state(filed)}.")
    for number, each in enumerate(filed.sent):
        what = "Corrected" if number else "Sent"
        lines.append(f"{what} on {in_words(each.at.astimezone(LONDON).date())}: {each.digest}")
    lines += rests_on(found)
    return "\n".join(lines) + "\n"
