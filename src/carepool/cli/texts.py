"""Answers as plain text for a terminal: aligned columns, full sums, and the sentence that a reader needs first."""

from collections.abc import Sequence
from decimal import Decimal

from carepool.actions.areas import MARK
from carepool.actions.boards import Members
from carepool.actions.nation import Nation
from carepool.actions.planning import PlanView
from carepool.actions.simulating import Simulation
from carepool.allocation.indicative import Allocation, held_against, likely_error
from carepool.allocation.official import OfficialPounds
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding
from carepool.basics.money import Pence, in_figures, in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import printable
from carepool.basics.workings import Amount, Working
from carepool.journal.verify import Verification
from carepool.measures.admissions import Flag, Observation
from carepool.places.england import Places
from carepool.rules.rulebook import RuleSet
from carepool.signoff.standing import Outcome, Party, Standing

FLAGS = {
    Flag.INCOMPLETE: "rests on an incomplete return",
    Flag.UNLIKE: "more than 25% from a year before",
    None: "",
}


def table(heading: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Columns aligned, those in ``numbers`` to the right."""
    widths = [max(len(row[n]) for row in [heading, *rows]) for n in range(len(heading))]
    lines = []
    for row in [heading, ["-" * width for width in widths], *rows]:
        cells = [
            cell.rjust(widths[n]) if n in numbers else cell.ljust(widths[n]) for n, cell in enumerate(row)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def money(pence: Pence | None) -> str:
    """An amount, or that it is not known yet."""
    return "not known yet" if pence is None else in_pounds(pence)


def many(number: int, word: str) -> str:
    """A word for one or for several."""
    return word if number == 1 else f"{word}s"


def count(number: Decimal | None) -> str:
    """A number, or that it is not known yet."""
    return "not known yet" if number is None else in_figures(number)


def boards(found: Sequence[Members]) -> str:
    """All boards on a day."""
    rows = [
        [
            each.board.code,
            each.board.name,
            ", ".join(c.name for c in each.board.councils),
            ", ".join(c.code for c, _ in each.ccgs),
        ]
        for each in found
    ]
    title = f"{len(rows)} boards on {in_words(found[0].on)}. National papers of 2014 say 151: two boards here are joint.\n\n"
    return title + table(["board", "name", "councils", "CCGs"], rows)


def board(found: Members) -> str:
    """One board on a day."""
    each = found.board
    lines = [f"{each.name} ({each.code}), {each.region_name}, on {in_words(found.on)}"]
    lines.append(f"{each.people:,} residents (mid-2017)")
    lines += [
        f"Council: {c.name} ({c.code}), {c.kind.lower()}"
        + (f"; districts: {', '.join(c.districts)}" if c.districts else "")
        for c in each.councils
    ]
    rows = [[ccg.code, ccg.name, f"{Decimal(share.people) / share.of_ccg:.2%}"] for ccg, share in found.ccgs]
    note = "\nShares are of resident people, derived: not the official map of registered patients.\n"
    return (
        "\n".join(lines)
        + "\n\n"
        + table(["CCG", "name", "of its people live here"], rows, numbers=(2,))
        + note
    )


def allocation(found: Allocation, rules: RuleSet, places: Places, code: str | None) -> str:
    """The pot shared out."""
    composition = rules.composition
    rows = [
        [s.says, s.received_by, in_pounds(sum(found.streams[s.name].values()))] for s in composition.streams
    ]
    rows.append(["All streams", "", in_pounds(found.total)])
    text = f"{rules.about.title}: {composition.year}\n\n" + table(
        ["stream", "received by", "amount"], rows, (2,)
    )
    for stated in composition.stated:
        text += f"Stated: {stated.says}, {in_pounds(stated.pence)} ({stated.confidence}); its parts add to {in_pounds(composition.sum_of(stated.of))}.\n"
    for part in composition.of_which:
        text += f"Of which: {part.says}, {in_pounds(part.pence)}, within {part.within}.\n"
    if found.indicative:
        held = held_against(rules, found)
        text += f"\nThe shares are indicative. {rules.methods.note}\n{likely_error(held)}\n"
        text += "".join(
            f"  {each.says}: published {in_pounds(each.published)}, by this method {in_pounds(each.ours)} "
            f"({each.error:+.2f}%).\n"
            for each in held
        )
    else:
        text += f"\nThe shares are official: {found.source}.\n"
    text += "".join(f"Note: {each}\n" for each in rules.recalled_streams())
    by_board = found.by_board()
    names = places.boards
    chosen = [code] if code else list(by_board)
    board_rows = [[b, names[b].name, in_pounds(sum(by_board[b].values()))] for b in chosen]
    text += "\n" + table(["board", "name", "total"], board_rows, (2,))
    contributed = [[ccg, in_pounds(pence)] for ccg, pence in found.contributions(code).items()]
    return text + "\n" + table(["CCG", "contributes"], contributed, (1,))


def admissions(found: Sequence[Observation]) -> str:
    """A board's admissions."""
    rows = [[str(each.quarter), count(each.count), FLAGS[each.flag]] for each in found]
    return table(["quarter", "admissions", ""], rows, (1,))


def findings(found: Sequence[Finding]) -> str:
    """Findings, gravest first as they come."""
    return "".join(printable(f"{each.severity.upper()}: {each.says} {each.remedy}") + "\n" for each in found)


def amount(value: Amount, unit: str) -> str:
    """A step's value with its unit."""
    if value is None:
        return "not known yet"
    if unit.startswith("pence") and isinstance(value, int):
        return in_pounds(value) + unit.removeprefix("pence")
    return value if isinstance(value, str) else f"{in_figures(value)} {unit}".rstrip()


def working(found: Working) -> str:
    """A working, step by step."""
    lines = [
        f"  {step.says}: {amount(step.value, step.unit)}" + (f"  [{step.how}]" if step.how else "")
        for step in found.steps
    ]
    return "\n".join([*lines, *(f"  Note: {each}" for each in found.rests_on)]) + "\n"


def nation(found: Nation) -> str:
    """The nation at an ambition."""
    when = f", as at {in_words(found.as_at)}" if found.as_at else ""
    text = (
        f"One uniform cut of {found.ambition}% in non-elective admissions, under {found.rules.name}{when}.\n"
    )
    text += "This is a what-if on the real outturn, not the boards' own plans.\n\n"
    rows = [
        [
            t.says,
            str(t.boards),
            count(t.baseline),
            count(t.outturn),
            in_pounds(t.fund),
            in_pounds(t.paid),
            money(t.unreleased),
        ]
        for t in found.totals
    ]
    heading = ["", "boards", "baseline", "outturn", "at stake at first", "released", "not released"]
    text += table(heading, rows, (1, 2, 3, 4, 5, 6)) + "\n"
    rows = [
        [
            y.board.code,
            y.board.name,
            count(y.baseline),
            "not known yet" if y.change is None else f"{y.change:+.2f}%",
            in_pounds(y.statement.money.fund),
            in_pounds(y.statement.money.paid),
            FLAGS[y.flags[0]] if y.flags else "",
        ]
        for y in found.boards
    ]
    text += table(["board", "name", "baseline", "change", "fund", "released", ""], rows, (2, 3, 4, 5))
    return text + "\n" + "".join(f"Note: {each}\n" for each in found.rests_on)


def verification(found: Verification) -> str:
    """What verifying the journal found."""
    text = (
        f"{found.facts:,} {many(found.facts, 'fact')} in {found.streams:,} {many(found.streams, 'stream')}, "
        f"{found.documents:,} {many(found.documents, 'document')} "
        f"({found.withdrawn:,} withdrawn).\nCheckpoint: {found.head.size} {found.head.root}\n"
    )
    return text + (findings(found.findings) or "Every chain, seal and document verifies.\n")


def checked(digest: Digest | None, found: Sequence[Finding]) -> str:
    """What checking a plan's file found."""
    text = f"Digest {digest}\n" if digest else "The file cannot be read as a plan.\n"
    return text + (findings(found) or "The checks found nothing.\n")


def standing(view: PlanView, found: Standing) -> str:
    """Where a plan stands."""
    text = f"{view.history.title}: {found.status}\n"
    if view.area.illustrative:
        text = f"{MARK}.\n{text}"
    if found.version is None:
        return text + "No version has been saved yet, so there is nothing to decide on.\n"
    text += f"Version {found.version.number}, {found.version.digest}\n\n"
    rows = [[each.body, _outcome(each), f"{each.since:%Y-%m-%d}"] for each in found.parties]
    disputes = "".join(f"\nIn dispute: {each.body}, since {each.at:%Y-%m-%d}.\n" for each in found.disputes)
    return (
        text
        + table(["body", "decision", "since"], rows)
        + disputes
        + ("\n" + findings(view.findings) if view.findings else "")
    )


def _outcome(party: Party) -> str:
    """A party's outcome with what there is to know about it."""
    decision = party.decision
    notes = ["within its limits"] if party.kept else []
    if decision and party.outcome not in {Outcome.LAPSED, Outcome.AWAITED}:
        notes += ["to be ratified"] * decision.to_ratify + ["late"] * bool(decision.late_for)
    if party.effective_on:
        notes.append(f"takes effect on {party.effective_on}")
    notes += [f"awaiting {each}" for each in party.missing]
    return f"{party.outcome} ({', '.join(notes)})" if notes else str(party.outcome)


def reconciled(read: OfficialPounds) -> str:
    """Each stream of a file of official pounds beside its national sum."""
    rows = [
        [
            each.says,
            str(each.rows),
            in_pounds(each.found),
            in_pounds(each.national),
            in_pounds(each.difference),
        ]
        for each in read.reconciled
    ]
    return table(["stream", "rows", "in the file", "national", "difference"], rows, (1, 2, 3, 4))


def simulation(found: Simulation) -> str:
    """What a draft would do: the totals, then every board, those that move most first."""
    old, new = found.against.rules, found.draft.rules
    text = f"{new.name} held against {old.name}, at one uniform cut of {found.ambition}%\n\n"
    figures = [
        ("The fund", "before", "after"), ("At stake", "fund_before", "fund_after"), ("Paid", "paid_before", "paid_after"),
    ]  # fmt: skip
    rows = [[says, _or_dash(found.total(a)), _or_dash(found.total(b))] for says, a, b in figures]
    if found.incomplete:
        sound = [_or_dash(found.total(name, sound=True)) for name in ("paid_before", "paid_after")]
        rows.append(["Paid, without boards on an incomplete return", *sound])
    text += table(["", old.name, new.name], rows, (1, 2))
    text += f"{found.gain} boards would have more of the fund, {found.lose} less.\n"
    for side in (found.against, found.draft):
        text += "".join(f"{side.rules.name}: {why}\n" for why in side.why)
    text += "".join(f"Note: {each}\n" for each in found.rests_on) + "\n"
    boards = sorted(found.boards, key=lambda each: (-abs(each.moved or 0), -abs(each.paid_moved or 0)))
    rows = [
        [
            each.board.code, each.board.name, _or_dash(each.before), _or_dash(each.after), _or_dash(each.moved),
            _or_dash(each.paid_before), _or_dash(each.paid_after),
            FLAGS[each.flags[0]] if each.flags else "",
        ]
        for each in boards
    ]  # fmt: skip
    heading = ["board", "name", "fund before", "after", "moved", "paid before", "after", ""]
    return text + table(heading, rows, (2, 3, 4, 5, 6))


def _or_dash(pence: Pence | None) -> str:
    return "-" if pence is None else in_pounds(pence)
