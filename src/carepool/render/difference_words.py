"""What differs from one set of rules to another, in the reader's words, as text and as CSV."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import in_words
from carepool.render.csvs import write_csv
from carepool.render.rule_words import (
    PARTS,
    field_words,
    gist,
    how_it_pays,
    moved,
    names_in,
    title_of,
    value_words,
    with_unit,
)
from carepool.rules.difference import CITATION, Change, Difference, FieldChange, What
from carepool.rules.schema import Composition, Parameter


def part_of(path: str) -> str:
    """The part of a difference that a file is read in."""
    return next(
        part for part, starts in PARTS.items() if any(path == s or path.startswith(s) for s in starts)
    )


def laid_down(found: Difference) -> tuple[Change, ...]:
    """The changes of what is laid down; the values of a file that came or went whole are said with the file."""
    whole = {each.path for each in found.changes if not each.group and each.what in {What.GAINED, What.LOST}}
    return tuple(
        each
        for each in found.changes
        if each.what is not What.RECITED and not (each.group == "values" and each.path in whole)
    )


def to_show(found: Difference) -> tuple[Change, ...]:
    """The changes that a reader is shown one by one: amounts that only move stand in the table of money."""

    def in_the_table(each: Change) -> bool:
        only_moved = each.what is not What.CHANGED or {f.name for f in each.fields} <= CITATION | {"pence"}
        return each.path == "composition" and bool(each.group) and only_moved

    return tuple(each for each in laid_down(found) if not in_the_table(each))


def recited(found: Difference) -> tuple[Change, ...]:
    """The changes of a citation only."""
    return tuple(each for each in found.changes if each.what is What.RECITED)


def tally(changes: tuple[Change, ...] | list[Change]) -> str:
    """How many entries were gained, lost and changed, in words; empty for none."""
    counted = Counter(each.what for each in changes)
    words = [(What.GAINED, "gained"), (What.LOST, "lost"), (What.CHANGED, "changed")]
    return ", ".join(f"{counted[what]} {word}" for what, word in words if counted[what])


def sentence(found: Difference) -> str:
    """What differs, in a sentence or two."""
    if not found.changes:
        return f"{found.before.name} and {found.after.name} are the same."
    if not laid_down(found):
        return f"From {found.before.name} to {found.after.name} nothing that is laid down differs: only sources do."
    said = []
    for part in ("conditions", "metrics"):
        if part not in found.before.sections and part not in found.after.sections:
            continue
        counted = tally([each for each in found.of(part) if each.group == part])
        said.append(f"of the {part}, {counted}" if counted else f"the {part} are the same")
    before, after = found.money
    if before is not None and after is not None:
        moves = "grows" if after > before else "falls"
        by = f"{moves} by {in_pounds(abs(after - before))}, from {in_pounds(before)} to {in_pounds(after)}"
        said.append(f"the fund {by if before != after else f'stays at {in_pounds(after)}'}")
    old, new = how_it_pays(found.before), how_it_pays(found.after)
    paid = (
        f"How it pays: “{old}” before, “{new}” after." if old != new else f"It pays in the same way: “{new}”."
    )
    head = f"From {found.before.name} to {found.after.name}"
    return f"{head}: {'; '.join(said)}. {paid}" if said else f"{head} the rules differ. {paid}"


def title_of_change(found: Difference, change: Change) -> str:
    """What a changed entry is called, in the later set where it is there."""
    rules = found.before if change.after is None else found.after
    return title_of(rules, change.path, change.group, change.key, change.after or change.before)


def gist_of_change(found: Difference, change: Change) -> str:
    """What a gained or lost entry lays down; empty for one that is in both."""
    rules, entry = (found.before, change.before) if change.after is None else (found.after, change.after)
    if change.fields or entry is None:
        return ""
    if isinstance(entry, Parameter):
        last = entry.values[-1]
        return f"{with_unit(last.value, entry.unit)} from {in_words(last.since)}."
    if not change.group:
        return f"{getattr(entry, 'says', '').rstrip('.')}."
    return gist(rules, change.path, entry)


def fields_of(found: Difference, change: Change) -> list[tuple[str, str, str]]:
    """The fields of a changed entry, each before and after; those of a citation only where nothing else changed."""
    return [
        (field_words(each.name), *_sides(found, change, each))
        for each in change.fields
        if each.name not in CITATION or change.what is What.RECITED
    ]


def _sides(found: Difference, change: Change, field: FieldChange) -> tuple[str, str]:
    first, second = (
        with_unit(value, unit)
        if isinstance(value, Decimal) and (unit := getattr(rules.sections.get(change.path), "unit", ""))
        else value_words(field.name, value, names_in(rules))
        for rules, value in ((found.before, field.before), (found.after, field.after))
    )
    return first, second


def money_rows(found: Difference) -> list[tuple[str, str, Pence | None, Pence | None]]:
    """Each stream with its name, words and amount before and after; None where a set has none of it."""
    return _amounts(found, "streams")


def stated_rows(found: Difference) -> list[tuple[str, str, Pence | None, Pence | None]]:
    """Each total as it was stated before and after."""
    return _amounts(found, "stated")


def inside_rows(found: Difference) -> list[tuple[str, str, Pence | None, Pence | None]]:
    """Each amount inside the streams before and after."""
    return _amounts(found, "of_which")


def _amounts(found: Difference, group: str) -> list[tuple[str, str, Pence | None, Pence | None]]:
    old, new = (
        {each.key: each for each in getattr(composition, group)} if composition else {}
        for composition in (rules.find("composition", Composition) for rules in (found.before, found.after))
    )
    return [
        (
            key,
            (new.get(key) or old[key]).says,
            *(held[key].pence if key in held else None for held in (old, new)),
        )
        for key in dict.fromkeys([*old, *new])
    ]


# The difference as text and as CSV


def difference_text(found: Difference) -> str:
    """The difference as plain text, as a terminal shows it."""
    lines = [sentence(found)]
    shown = to_show(found)
    for part in PARTS:
        changes = [each for each in laid_down(found) if part_of(each.path) == part]
        amounts = list(_money_lines(found)) if part == "Money" else []
        if changes or amounts:
            lines += ["", f"{part} ({tally(changes) or 'no change'})", *amounts]
        for change in (each for each in changes if each in shown):
            said = f": {gist}" if (gist := gist_of_change(found, change)) else ""
            lines.append(f"  {change.what}: {title_of_change(found, change)} ({change.path}){said}")
            lines += [f"    {name}: {before} -> {after}" for name, before, after in fields_of(found, change)]
    if again := recited(found):
        are = "entry is" if len(again) == 1 else "entries are"
        lines += [
            "",
            f"Beside these, {len(again)} {are} the same but for the source, or for how sure we are of it.",
        ]
    if found.needs:
        lines += ["", f"What a plan made under {found.before.name} needs under {found.after.name}"]
        lines += [f"  - {each.says.rstrip('.')}. ({found.after.cite(each.path)})" for each in found.needs]
    return "\n".join(lines) + "\n"


def _money_lines(found: Difference) -> Iterator[str]:
    if found.money == (None, None) or not found.changes:
        return
    groups = [
        *money_rows(found), ("", "All streams", *found.money),
        *((key, f"Inside them: {says}", a, b) for key, says, a, b in inside_rows(found)),
        *((key, f"Stated: {says}", a, b) for key, says, a, b in stated_rows(found)),
    ]  # fmt: skip
    table = [("Stream", "before", "after", "moved")]
    for _, says, before, after in groups:
        sides = ["-" if each is None else in_pounds(each) for each in (before, after)]
        table.append((says, sides[0], sides[1], moved((after or 0) - (before or 0))))
    wide = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True))
        yield "  ".join([f"  {row[0].ljust(wide[0])}", *cells])


def difference_csv(found: Difference) -> str:
    """The difference as CSV: a row for each entry gained or lost, and for each field changed, in the reader's words."""
    heading = ["from", "to", "part", "file", "list", "key", "title", "what", "field", "before", "after"]
    lines: list[list[object]] = []
    for change in found.changes:
        head: list[object] = [
            found.before.name, found.after.name, part_of(change.path), change.path, change.group, change.key,
            title_of_change(found, change), change.what.value,
        ]  # fmt: skip
        if change.fields:
            lines += [[*head, each.name, *_sides(found, change, each)] for each in change.fields]
        else:
            sides = [
                None if each is None else value_words("", each) for each in (change.before, change.after)
            ]
            lines.append([*head, None, *sides])
    return write_csv(heading, lines)
