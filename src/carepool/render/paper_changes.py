"""What a paper begins with: what has changed since the board last saw the plan, and how much of the money buys change."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from carepool.actions.comparing import compare_plans
from carepool.actions.papers import PaperOf
from carepool.basics.money import Pence, in_pounds, round_half_up
from carepool.plans.document import EVERY
from carepool.plans.sections import Scheme
from carepool.plans.versions import Change
from carepool.render.paper_shape import Chapter, Writing
from carepool.render.paper_words import Wording, cut, listed, many, title_of, withheld_says
from carepool.render.words import day

MOST_CHANGES = 40
"""Changes that a paper lists; the comparison of the versions has them all."""

BUYS = {
    "new": "buys something new",
    "sustaining": "keeps up what would have been cut",
    "existing": "goes on as before",
    "": "is for schemes of which the plan does not say which it is",
}
"""What the money of a scheme does, in a sentence, change first."""
_BUYS = {
    "new": "Something new",
    "sustaining": "Keeps up what would have been cut",
    "existing": "Goes on as before",
    "": "The plan does not say",
}


def changed(found: PaperOf, words: Wording) -> Chapter:
    """What has changed, and how much of the money buys change."""
    made = Writing()
    _since(made, found, words)
    _bought(made, found, words)
    return made.chapter("What has changed, and how much of the money buys change")


def _since(made: Writing, found: PaperOf, words: Wording) -> None:
    version, earlier = found.version, found.earlier
    saved = f"This is version {version.number}, saved on {day(version.at)}."
    if earlier is None:
        made.say(f"{saved} It is the first: the board has been shown no other.")
        return
    which = f"version {earlier.version.number}, saved on {day(earlier.version.at)}"
    why = ", the last one that the board decided on before" if earlier.decided_on else ""
    made.say(f"{saved} It is compared here with {which}{why}.")
    changes = [
        one
        for each in compare_plans(earlier.plan, earlier.now)
        for one in _by_code(each)
        if not found.withholds(one.where.split("/")[0])
    ]
    if changes:
        count = many(len(changes), "thing has", "things have").capitalize()
        made.say(f"{count} changed since:", said_of(changes, words))
    else:
        made.say("Nothing that can be shown here has changed since." if found.withheld else "Nothing has changed since.")  # fmt: skip
    if len(changes) > MOST_CHANGES:
        made.say(
            f"{len(changes) - MOST_CHANGES} more are in the comparison of the two versions, with the plan on the web."
        )
    for name in found.withheld.sections:
        differs = earlier.version.sections.get(name) != found.copy.withheld[name].digest
        made.say(
            f"The section “{title_of(name)}”, which is withheld, has {'' if differs else 'not '}changed."
        )
    columns = dict.fromkeys(words.column_at(each) for each in found.withheld.fields)
    if columns:
        made.say(f"Whether {listed(columns)} changed is not said, because something there is withheld.")


def _by_code(change: Change) -> Iterator[Change]:
    """A list of codes as one change for each code that came or went; anything else as it is."""
    before, after = change.before, change.after
    if not (isinstance(before, list) or isinstance(after, list)):
        yield change
        return
    old, new = (each if isinstance(each, list) else [] for each in (before, after))
    yield from (Change(f"{change.where}/{each}", each, None) for each in old if each not in new)
    yield from (Change(f"{change.where}/{each}", None, each) for each in new if each not in old)


def said_of(changes: Iterable[Change], words: Wording) -> list[str]:
    """A sentence for each change, up to so many."""
    return [_said(each, words) for each in list(changes)[:MOST_CHANGES]]


def _said(change: Change, words: Wording) -> str:
    place, field = words.place(change.where)
    before, after = (_side(change.where, side, words) for side in (change.before, change.after))
    if change.before is None and not field:
        return f"{place}: new. {after}".strip().rstrip(".") + "."
    if change.after is None and not field:
        return f"{place}: taken out. It was: {before}".rstrip(".") + "."
    if field and field.kind == "words" and len(f"{before}{after}") > 2 * len(cut(before + after)):
        return f"{place}: rewritten. It begins now: “{after}”."
    if not before or not after:
        return f"{place}: {f'now “{after}”' if after else f'emptied; it was “{before}”'}."
    return f"{place}: was {_quoted(before)}, is now {_quoted(after)}."


def _quoted(said: str) -> str:
    return said if said.startswith(("£", "−")) or said[:1].isdigit() else f"“{said}”"


def _side(where: str, value: object, words: Wording) -> str:
    """What stood or stands there."""
    if isinstance(value, dict):
        section, name = where.split("/")[0], where.split("/")[1]
        rows = next((each for each in EVERY[section].lists if each.name == name), None)
        return words.row(rows.fields, value) if rows else ""
    return cut(words.value(words.place(where)[1], value))


def _bought(made: Writing, found: PaperOf, words: Wording) -> None:
    columns = ("schemes/schemes/id", "schemes/schemes/buys", "spend/spend/scheme", *(f"spend/spend/{each}" for each in words.year_fields))  # fmt: skip
    if held := withheld_says(found, "schemes", "spend", *columns):
        made.say(f"How much of the money buys change cannot be said here. {held}")
        return
    last, year = list(words.year_fields.items())[-1]
    totals = {key: spent(found, key, year=last) for key in BUYS}
    whole = sum(totals.values())
    if not whole:
        made.say(f"The plan spends nothing in {year} yet, so it cannot be said what the money buys.")
        return
    parts = [
        f"{in_pounds(pence)} ({_percent(pence, whole)}) {BUYS[key]}" for key, pence in totals.items() if pence
    ]
    made.say(f"Of the {in_pounds(whole)} that the plan spends in {year}, {listed(parts)}.")
    made.table(
        "What the money buys, in pounds",
        ["The money", *words.years],
        [
            [_BUYS[key], *(in_pounds(spent(found, key, year=each)) for each in words.year_fields)]
            for key in BUYS
            if any(spent(found, key, year=each) for each in words.year_fields)
        ],
        figures=range(1, len(words.years) + 1),
        foot=["All schemes", *(in_pounds(found.plan.total("spend", each)) for each in words.year_fields)],
    )


def spent(found: PaperOf, buys: str, *, year: str) -> Pence:
    """What is spent in a year on schemes that buy one kind of thing; a line of no known scheme says nothing of it."""
    kinds = {each.id: each.buys for each in found.plan.schemes.schemes}
    return sum(int(getattr(row, year)) for row in found.plan.spend.spend if kinds.get(row.scheme, "") == buys)


def spent_on(found: PaperOf, scheme: Scheme, year: str) -> Pence:
    """What is spent on a scheme in a year."""
    return sum(int(getattr(row, year)) for row in found.plan.spend.spend if row.scheme == scheme.id)


def _percent(part: Pence, whole: Pence) -> str:
    return f"{round_half_up(Decimal(part) * 100 / whole)}%"
