"""Admissions avoided times length of stay, divided by occupancy, is beds: every step shown, and adding up to the last.

Each figure is rounded once and the next is worked out from what is shown, so that a reader can do it again by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_figures, in_pounds, round_half_up
from carepool.basics.workings import Step, Working

RULE = "planning/assumptions"
HUNDRED = Decimal(100)
LEAST = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Part:
    """The admissions of one board at one trust."""

    board: str
    trust: str
    admissions: Decimal
    """The board's, everywhere, in the period."""
    share: Decimal
    """The part of them that goes to the trust."""

    @property
    def here(self) -> Decimal:
        """Those at the trust, to one decimal."""
        return round_half_up(self.admissions * self.share, 1)


@dataclass(frozen=True, slots=True)
class Open:
    """A trust's beds in the period: open and occupied on a mean night, and those of people who are ready to leave."""

    trust: str
    available: Decimal
    occupied: Decimal
    delayed: Decimal

    @property
    def occupancy(self) -> Decimal:
        """Per cent of open beds that are occupied, no less than a tenth of one: beds that nobody uses are freed by nobody."""
        return max(round_half_up(self.occupied * 100 / self.available, 1), LEAST)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What the arithmetic takes for granted."""

    stay_days: Decimal
    occupancy: Decimal | None
    """Per cent at which beds are to be used; each trust's own where None."""
    price: Pence
    """The full price of one admission."""
    marginal_rate: Decimal
    """Per cent of the price that is paid, and so saved."""
    variable_share: Decimal
    """Per cent of a stay's cost that goes with it."""
    ward_share: Decimal
    """Per cent of a stay's cost that goes when a ward closes."""
    ward_beds: Decimal


@dataclass(frozen=True)
class AtTrust:
    """What fewer admissions do at one trust."""

    beds: Open
    parts: Sequence[Part]
    cut: Decimal
    """Per cent of admissions avoided."""
    days: int
    assumed: Assumed

    @property
    def occupancy(self) -> Decimal:
        """Per cent at which beds are used."""
        return self.assumed.occupancy if self.assumed.occupancy is not None else self.beds.occupancy

    def avoided(self, part: Part) -> Decimal:
        """A board's admissions avoided here, to one decimal."""
        return round_half_up(part.here * self.cut / 100, 1)

    def freed(self, part: Part) -> Decimal:
        """The beds that a board's admissions avoided free, to two decimals."""
        return self.beds_of(self.avoided(part))

    def beds_of(self, avoided: Decimal) -> Decimal:
        """The beds that so many admissions avoided free."""
        return round_half_up(avoided * self.assumed.stay_days * 100 / self.days / self.occupancy, 2)

    @cached_property
    def admissions(self) -> Decimal:
        """All boards' admissions here."""
        return sum((each.here for each in self.parts), Decimal(0))

    @cached_property
    def all_avoided(self) -> Decimal:
        """All boards' admissions avoided."""
        return sum((self.avoided(each) for each in self.parts), Decimal(0))

    @cached_property
    def all_freed(self) -> Decimal:
        """The beds that they free together."""
        return sum((self.freed(each) for each in self.parts), Decimal(0))

    @property
    def wards(self) -> int:
        """Whole wards among the beds freed."""
        return int(self.all_freed // self.assumed.ward_beds)

    @property
    def closing(self) -> Decimal:
        """The beds of whole wards."""
        return self.wards * self.assumed.ward_beds

    @property
    def emergency_beds(self) -> Decimal:
        """Beds that the emergencies take at the stay assumed."""
        return round_half_up(self.admissions * self.assumed.stay_days / self.days, 1)

    @property
    def other_beds(self) -> Decimal:
        """What is left of the occupied beds: planned admissions, and stays that are longer or shorter than assumed."""
        return round_half_up(self.beds.occupied, 1) - self.emergency_beds

    # Money

    @property
    def full_price(self) -> Pence:
        """What the admissions avoided would have been priced at, and cost."""
        return int(round_half_up(self.all_avoided * self.assumed.price))

    @property
    def saved(self) -> Pence:
        """What commissioners no longer pay, and the trust no longer has: the marginal rate of the price."""
        return int(round_half_up(self.full_price * self.assumed.marginal_rate / 100))

    @property
    def gone(self) -> Pence:
        """The cost that goes with each patient."""
        return int(round_half_up(self.full_price * self.assumed.variable_share / 100))

    @property
    def gone_with_wards(self) -> Pence:
        """The cost that goes with the whole wards that close."""
        if not self.all_freed:
            return 0
        part = self.full_price * self.assumed.ward_share / 100 * self.closing / self.all_freed
        return int(part.to_integral_value(rounding=ROUND_FLOOR))

    @property
    def stranded(self) -> Pence:
        """The cost that stays with the trust though the admissions do not."""
        return self.full_price - self.gone - self.gone_with_wards

    @property
    def trust_balance(self) -> Pence:
        """What the trust is better off, or below nothing, worse: the cost that goes, less the income that goes."""
        return self.gone + self.gone_with_wards - self.saved

    @cached_property
    def findings(self) -> list[Finding]:
        """What a reader should doubt."""
        found = []
        if self.other_beds < 0:
            says = (
                f"At {in_figures(self.assumed.stay_days)} days the emergencies of {self.beds.trust} would take {in_figures(self.emergency_beds)} beds, "
                f"and {in_figures(round_half_up(self.beds.occupied, 1))} are occupied by everybody."
            )
            remedy = "Give a shorter stay (--stay), or the trust's own flows (--flows): the proxy sends it too many people."
            found.append(Finding("more-than-occupied", Severity.WARNING, self.beds.trust, says, remedy, RULE))
        if self.assumed.variable_share + self.assumed.ward_share > HUNDRED:
            says = "The parts of the cost that go with patients and with wards are more than the whole cost."
            found.append(
                Finding("parts-above-whole", Severity.BLOCKER, "variable", says, "Give two parts of at most 100 per cent together.", RULE)
            )  # fmt: skip
        return found


def explain_beds(found: AtTrust, names: dict[str, str], rests_on: tuple[str, ...] = ()) -> Working:
    """The beds that a trust could close, board by board, the last step naming the remainder."""
    stay, days, at = in_figures(found.assumed.stay_days), found.days, in_figures(found.occupancy)
    steps = []
    for each in found.parts:
        avoided = found.avoided(each)
        how = (
            f"{in_figures(each.here)} admissions × {in_figures(found.cut)}% = {in_figures(avoided)} avoided; "
            f"× {stay} days ÷ {days} days ÷ {at}%"
        )
        steps.append(
            Step(
                names.get(each.board, each.board),
                found.freed(each),
                "beds",
                how,
                f"admissions.csv, {each.board}",
            )
        )
    steps += [
        Step("All boards together", found.all_freed, "beds", " + ".join(in_figures(found.freed(each)) for each in found.parts[:12]) + (" + …" if len(found.parts) > 12 else "")),
        Step("Whole wards that can close", found.closing, "beds", f"{found.wards} of {in_figures(found.assumed.ward_beds)} beds", RULE),
        Step("The remainder: beds in wards that stay open", found.all_freed - found.closing, "beds", f"{in_figures(found.all_freed)} − {in_figures(found.closing)}"),
    ]  # fmt: skip
    return Working(
        f"Beds that {in_figures(found.cut)}% fewer admissions free at {found.beds.trust}",
        found.all_freed,
        "beds",
        tuple(steps),
        rests_on,
    )


def explain_use(found: AtTrust) -> Working:
    """Who is in the occupied beds: emergencies at the stay assumed, and the remainder named."""
    beds = found.beds
    occupied = round_half_up(beds.occupied, 1)
    steps = (
        Step("Beds open on a mean night", round_half_up(beds.available, 1), "beds", "", "beds.csv (KH03)"),
        Step("Emergencies, at the stay assumed", found.emergency_beds, "beds", f"{in_figures(found.admissions)} admissions × {in_figures(found.assumed.stay_days)} days ÷ {found.days} days", "admissions.csv"),
        Step("The remainder: planned admissions, and stays other than assumed", found.other_beds, "beds", f"{in_figures(occupied)} − {in_figures(found.emergency_beds)}"),
        Step("Of all these, people who are ready to leave", round_half_up(beds.delayed, 1), "beds", "days of delay in acute hospitals ÷ days", "delayed_days.csv"),
    )  # fmt: skip
    return Working(f"Beds occupied at {beds.trust}", occupied, "beds", steps)


def explain_money(found: AtTrust, price_from: str) -> Working:
    """The trust's side of the money, which ends in what is stranded."""
    assumed = found.assumed
    steps = (
        Step("What the stays would have cost", found.full_price, "pence", f"{in_figures(found.all_avoided)} × {in_pounds(assumed.price)}", price_from),
        Step("Goes with each patient", -found.gone, "pence", f"{in_figures(assumed.variable_share)}%", RULE),
        Step("Goes with whole wards", -found.gone_with_wards, "pence", f"{in_figures(assumed.ward_share)}% × {in_figures(found.closing)} ÷ {in_figures(found.all_freed)} beds", RULE),
    )  # fmt: skip
    return Working("Stranded: cost that stays though the admissions do not", found.stranded, "pence", steps)
