"""How a set of rules pays for performance: in tranches, by quarters or otherwise, and what follows of a dispute."""

from typing import Literal

from pydantic import Field

from carepool.rules.scalars import Cited, InPence, InQuarters, Name, Number, PaymentMethod, Text, YesNo


class DependsOn(Cited):
    """What a tranche depends on: a condition that is met, or progress on a metric."""

    kind: Literal["condition", "metric"]
    id: Name
    window: Text = ""
    """The time over which a metric is looked at."""
    weight: Number = Field(gt=0)
    """Its part of the tranche, beside the parts of the others."""

    @property
    def key(self) -> str:
        """The condition or metric."""
        return f"{self.kind} {self.id}"


class Tranche(Cited):
    """A part of the performance money, and what it depends on."""

    name: Name
    says: Text
    on: Text
    pence: InPence = Field(alias="pounds")
    depends_on: tuple[DependsOn, ...] = ()
    """None where the rules leave the measures open."""
    together: YesNo = False
    """Whether it is earned only where all that it depends on is passed, and then whole."""

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


class Tranches(Cited):
    """``payment/tranches.yaml``: performance money in tranches."""

    says: Text
    method: Literal[PaymentMethod.PASSED_TESTS, PaymentMethod.NOTHING_WITHHELD, PaymentMethod.OWN_MEASURES]
    partly: Literal["whole", "share"] = "whole"
    """What a metric that is delivered in part earns where it does not fall short: the whole, or the part delivered."""
    tranches: tuple[Tranche, ...] = Field(min_length=1)
    withheld: YesNo
    """Whether money is kept back from an area that falls short."""
    note: Text


class Release(Cited):
    """``payment/release.yaml``: performance money by a named method and its options."""

    says: Text
    method: Literal[PaymentMethod.CUMULATIVE_RELEASE, PaymentMethod.REBASED_RELEASE]
    metric: Name
    baseline_quarters: tuple[InQuarters, ...] = Field(min_length=1)
    performance_quarters: tuple[InQuarters, ...] = Field(min_length=1)
    cap: Literal["quarter", "year"]
    clawback: YesNo
    note: Text = ""


class Rebasing(Cited):
    """``payment/rebasing.yaml``: when an agreed target may be changed, and what follows."""

    says: Text
    points: Number = Field(ge=0)
    """A plan's target within so many percentage points of the operational plan's is not changed."""
    approved_by: Text
    consulted: Text
    resize: YesNo
    """Whether the performance money is worked out anew from the changed target."""
    note: Text = ""


class Settling(Cited):
    """``payment/settling.yaml``: what a payment rests on, and what follows when it is disputed or turns out to be wrong."""

    says: Text
    return_first: YesNo
    """Whether a quarter's payment waits until its return was sent."""
    agreed: Literal["paid", "told"]
    """Whether what a return agrees locally is paid, or what is computed with the other beside it."""
    disputed: Literal["stands_still", "goes_on"]
    """Whether a payment that is proposed and disputed can be approved. One that was made stands as paid and disputed."""
    overpaid: Literal["clawed_back", "stands"]
    underpaid: Literal["released", "stands"]
    note: Text


class OutOfHospital(Cited):
    """``payment/out_of_hospital.yaml``: what stands in the place of performance money."""

    says: Text
    method: Literal[PaymentMethod.OUT_OF_HOSPITAL]
    pence: InPence = Field(alias="pounds")
    within: Name
    uses: tuple[Text, ...] = Field(min_length=1)
    """What the money may be used for, any of them."""
    note: Text = ""
