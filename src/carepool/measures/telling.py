"""What charts say: one sentence each, made from the figures that are drawn and true of them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from statistics import median

from carepool.basics.money import in_figures, round_half_up
from carepool.measures.charts import Chart, sentence
from carepool.measures.funnels import Funnel
from carepool.measures.values import Value
from carepool.rules.measuring import Definition


def of_trend(found: Chart, title: str, name: str) -> str:
    """What a measure did over time: by the chart's rules where it has limits, else from its first period to its last."""
    if not found.stretches or found.stretches[-1].low is not None:
        return sentence(found, title, name)
    points = found.stretches[-1].points
    first, last = points[0], points[-1]
    earlier = len(found.stretches) > 1
    since = f", and nothing before {first.period} can be compared with it" if earlier else ""
    if len(points) == 1:
        return f"{title} in {name} was {_figure(last.value)} in {last.period}, the only period of its kind that is held{since}."
    moved = _moved(first.value, last.value)
    how = f"{moved} {_figure(first.value)} in {first.period}" if moved == "stayed at" else f"{moved} from {_figure(first.value)} in {first.period}"  # fmt: skip
    to = f" and was the same in {last.period}" if moved == "stayed at" else f" to {_figure(last.value)} in {last.period}"  # fmt: skip
    return (
        f"{title} in {name} {how}{to}; {len(points)} periods are too few to tell a change from chance{since}."
    )


def _moved(before: float, after: float) -> str:
    """By what is shown, so that no figure rises to itself."""
    first, last = (round(each, 1) for each in (before, after))
    return "rose" if last > first else "fell" if last < first else "stayed at"


def _figure(value: float | Decimal) -> str:
    return f"{value:,.1f}"


def of_peers(
    title: str, name: str, board: str, period: str, values: Mapping[str, Value], near: Sequence[str]
) -> str:
    """How a board stands among its neighbours: against the middle of them, and how many lie on either side."""
    theirs = [each.value for code in near if (each := values.get(code)) and each.value is not None]
    own = values.get(board)
    if not theirs:
        return f"No neighbour of {name} has a value of {title.lower()} in {period}."
    middle = f"the middle of the {_many(len(theirs), 'neighbour')} with a value was {_figure(round_half_up(Decimal(median(theirs)), 1))}"  # fmt: skip
    if own is None or own.value is None:
        return f"{title} in {period}: {name} has no value that can be compared, and {middle}."
    here = own.value
    lower, higher = sum(each < here for each in theirs), sum(each > here for each in theirs)
    same = len(theirs) - lower - higher
    equal = f", {same} the same" if same else ""
    return f"{title} in {period}: {name} had {_figure(here)} and {middle}; {lower} of them had less{equal} and {higher} more."


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def of_funnel(
    definition: Definition, name: str, board: str, period: str, values: Mapping[str, Value], found: Funnel | None
) -> str:  # fmt: skip
    """Where a board stands on the funnel: within the limits that allow for more than chance, or beyond them."""
    if found is None:
        return f"{definition.title} in {period}: too few boards have their parts published to draw a funnel."
    out = found.outliers()
    beyond = (
        f"{len(out)} of {_many(len(found.places), 'board')} {'lies' if len(out) == 1 else 'lie'} beyond them"
    )
    place = found.places.get(board)
    if place is None:
        return f"{definition.title} in {period}: {name} has no place on the funnel, as its parts are not known; {beyond.replace('them', '99.8% limits that allow for more than chance')}."
    own = values[board].value
    if board in out:
        side = "above" if place.z_additive > 0 else "below"
        stands = f"lies {side} the 99.8% limits that allow for boards differing by more than chance"
    else:
        stands = "lies within the 99.8% limits that allow for boards differing by more than chance"
    return f"{definition.title} in {period}: {name}, at {_figure(own or Decimal(0))}, {stands}; {beyond}."


def of_reasons(
    name: str, first: str, last: str, days: Mapping[str, Decimal | None], total: Decimal | None
) -> str:
    """What most delayed days of a year waited for."""
    when = f"from {first} to {last}"
    shown = {reason: each for reason, each in days.items() if each is not None}
    if total is None or len(shown) < len(days):
        return f"Some counts of delayed days in {name} {when} are hidden because they are small."
    if not total:
        return f"{name} had no delayed days {when}."
    most = max(shown.values())
    share = round_half_up(most * 100 / total, 1)
    longest = [reason for reason, each in shown.items() if each == most]
    each_of = " each" if len(longest) > 1 else ""
    return (
        f"Of the {in_figures(total)} delayed days of {name} {when}, the most for one reason, {in_figures(most)}{each_of} ({share}%), "
        f"were for: {listed(longest)}."
    )


def listed(words: Iterable[str]) -> str:
    """Words in a row, as one says them."""
    held = list(words)
    return held[0] if len(held) == 1 else f"{', '.join(held[:-1])} and {held[-1]}"
