"""What another set of rules would do: the money moved between boards, and payments on the outturn that really came.

Both sets are shared out by their own indicative methods, so that like is compared with like; official pounds,
where they have been loaded, are left out of it.
"""

from dataclasses import dataclass
from decimal import Decimal

from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.actions.nation import BoardYear, guideline, nation
from carepool.allocation.indicative import allocate
from carepool.basics.canonical import digest_of
from carepool.basics.money import Pence
from carepool.basics.refusals import Unusable
from carepool.measures.admissions import Flag
from carepool.places.england import Board
from carepool.rules.difference import Difference, difference
from carepool.rules.rulebook import RuleSet

FALLBACK = Decimal("3.5")
"""The ambition that is asked first where neither set expects one: that of 2014."""
HYPOTHETICAL = "This is hypothetical: a uniform cut stands for the boards' own plans, and the shares are indicative for both sets."


@dataclass(frozen=True, slots=True)
class Side:
    """One set of rules worked out over all boards; money in pence."""

    rules: RuleSet
    totals: dict[str, Pence] | None
    """Each board's part of the fund, or None where the set has none to share."""
    years: dict[str, BoardYear] | None
    """Each board's payment at the ambition, or None where the set computes none."""
    why: tuple[str, ...]
    """Why something could not be worked out."""
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardEffect:
    """What changes for one board, in pence; None where one of the sets gives no figure."""

    board: Board
    before: Pence | None
    after: Pence | None
    fund_before: Pence | None
    fund_after: Pence | None
    paid_before: Pence | None
    paid_after: Pence | None
    flags: tuple[Flag, ...]

    @property
    def moved(self) -> Pence | None:
        """How much more of the pot the board would have."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def paid_moved(self) -> Pence | None:
        """How much more would have been paid."""
        return (
            None
            if self.paid_before is None or self.paid_after is None
            else self.paid_after - self.paid_before
        )

    @property
    def per_person(self) -> Decimal | None:
        """The money moved, in pence for each resident."""
        return (
            None if self.moved is None or not self.board.people else Decimal(self.moved) / self.board.people
        )


@dataclass(frozen=True)
class Simulation:
    """A draft held against a set of rules."""

    draft: Side
    against: Side
    ambition: Decimal
    boards: tuple[BoardEffect, ...]
    difference: Difference
    """From the set it is held against to the draft."""

    @property
    def incomplete(self) -> tuple[BoardEffect, ...]:
        """The boards whose payments rest on an incomplete return."""
        return tuple(each for each in self.boards if Flag.INCOMPLETE in each.flags)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What a reader must be told of every figure."""
        said = [HYPOTHETICAL, *self.against.rests_on, *self.draft.rests_on]
        if self.incomplete:
            names = ", ".join(each.board.name for each in self.incomplete)
            said.insert(
                1,
                f"The payments of {names} rest on an incomplete return; totals are given with and without them.",
            )
        return tuple(dict.fromkeys(said))

    def total(self, name: str, *, sound: bool = False) -> Pence | None:
        """One of the figures of the boards, added; None where any is missing. ``sound``: without incomplete returns."""
        figures = [
            getattr(each, name) for each in self.boards if not (sound and Flag.INCOMPLETE in each.flags)
        ]
        return None if None in figures else sum(figures)

    @property
    def gain(self) -> int:
        """Boards that would have more of the pot."""
        return sum((each.moved or 0) > 0 for each in self.boards)

    @property
    def lose(self) -> int:
        """Boards that would have less of the pot."""
        return sum((each.moved or 0) < 0 for each in self.boards)

    @property
    def digest(self) -> str:
        """Which question this answers: the two sets' content and the ambition."""
        asked = {
            "draft": self.draft.rules.digest,
            "against": self.against.rules.digest,
            "ambition": str(self.ambition),
        }
        return digest_of("simulation", 1, asked)


def first_ambition(draft: RuleSet, against: RuleSet) -> Decimal:
    """The cut in per cent that is asked first: what the draft expects, or the other set, or 3.5."""
    for rules in (draft, against):
        try:
            if rules.pays and "payment/guideline" in rules.parameters:
                return guideline(rules)
        except (
            Unusable
        ):  # it has a guideline, but none on the day: nobody is kept from asking with a cut of their own
            continue
    return FALLBACK


def simulate(house: House, draft: RuleSet, against: RuleSet, ambition: Decimal) -> Simulation:
    """Every board under both sets at one ambition. Unusable when the two are for other places."""
    if draft.about.places != against.about.places:
        raise Unusable(
            f"{draft.name} is for the places {draft.about.places} and {against.name} for {against.about.places}, so no "
            "board can be compared. Choose a set for the same places."
        )
    area = house.areas.real(draft.about.places)
    new, old = _side(draft, area, ambition), _side(against, area, ambition)
    effects = tuple(_effect(board, old, new) for board in area.england.places.boards.values())
    return Simulation(new, old, ambition, effects, difference(against, draft))


def _side(rules: RuleSet, area: Area, ambition: Decimal) -> Side:
    why: list[str] = []
    try:
        allocation = allocate(rules, area.england.places, area.england.needs)
    except Unusable as error:
        return Side(rules, None, None, (str(error),), ())
    totals = {board: sum(parts.values()) for board, parts in allocation.by_board().items()}
    rests_on = [*rules.recalled_streams()]
    years = None
    try:
        answer = nation(area.england, rules, allocation, ambition)
        years = {year.board.code: year for year in answer.boards}
        rests_on += answer.rests_on
    except Unusable as error:
        why.append(str(error))
    return Side(rules, totals, years, tuple(why), tuple(rests_on))


def _effect(board: Board, old: Side, new: Side) -> BoardEffect:
    def total(side: Side) -> Pence | None:
        return side.totals.get(board.code, 0) if side.totals is not None else None

    before, after = (side.years.get(board.code) if side.years else None for side in (old, new))
    flags = {flag for year in (before, after) if year for flag in year.flags}
    return BoardEffect(
        board,
        total(old),
        total(new),
        before.statement.money.fund if before else None,
        after.statement.money.fund if after else None,
        before.statement.money.paid if before else None,
        after.statement.money.paid if after else None,
        tuple(flag for flag in Flag if flag in flags),
    )
