"""What is asked of what is at stake: an outturn moved, measures delivered in part, other options; read from an address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from carepool.actions.nation import parse_ambition
from carepool.actions.regimes import tranche_terms
from carepool.basics.money import Pence, in_figures
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.payment.methods import INSTEAD, RELEASES, TRANCHES
from carepool.payment.tranches import Criterion, Part
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import PaymentMethod

Cap = Literal["quarter", "year"]
_SHIFT = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,2})?%?")
_COUNT = re.compile(r"[0-9]{1,9}(\.[0-9])?")
_WEIGHT = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
OWN_PLACES = 3
"""Measures of one's own that a part has room for."""
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Moved:
    """How an expected outturn differs from what was published, or from the target where nothing was."""

    count: Decimal | None = None
    """So many admissions instead."""
    shift: Decimal = Decimal(0)
    """So many per cent of the baseline more; below zero, fewer."""

    @property
    def as_typed(self) -> str:
        """As it stands in an address."""
        return str(self.count) if self.count is not None else f"{self.shift.normalize():+f}%"


STILL = Moved()


@dataclass(frozen=True, slots=True)
class Own:
    """A measure of the asker's own, where the rules leave them open."""

    name: str
    weight: Decimal
    delivered: Decimal | None
    """Per cent of its ambition; None is not known."""


@dataclass(frozen=True)
class Question:
    """What is asked. The same question of the same data has the same answer."""

    rules: str
    cut: Decimal | None = None
    """The cut in per cent that every board plans; None for a plan, which has targets of its own."""
    further: Decimal = Decimal(0)
    """Points of its baseline by which a plan's own target is moved further."""
    outturn: Mapping[Quarter, Moved] = field(default_factory=lambda: MappingProxyType({}))
    operational: Decimal | None = None
    """The cut that the CCGs' operational plans make, where a target may be changed to theirs."""
    cap: Cap | None = None
    """Another limit on what is earned so far than the rules'."""
    clawback: bool | None = None
    """Whether money is paid back, otherwise than by the rules."""
    delivered: Mapping[tuple[str, str], Decimal] = field(default_factory=lambda: MappingProxyType({}))
    """By part and test, per cent of the ambition; a condition is met at 100 and not met at 0."""
    own: Mapping[str, tuple[Own, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By part, measures of the asker's own."""
    held: Decimal = Decimal(0)
    """Per cent of the part that is held against admissions above the plan, where nothing depends on performance."""
    unit_value: Pence | None = None
    """What one such admission costs by the agreement."""


def judged_by(rules: RuleSet) -> tuple[tuple[Part, Criterion], ...]:
    """The tests that a set pays by, each with its part; none where it pays by quarter, or leaves them open."""
    if rules.payment_method not in TRANCHES:
        return ()
    return tuple((part, test) for part in tranche_terms(rules).parts for test in part.tests)


def field_of(part: str, test: str) -> str:
    """The name of a test's field in an address."""
    return f"t-{part}-{test}"


def fields_of(rules: RuleSet, quarters: tuple[Quarter, ...], *, plan: bool) -> set[str]:
    """The names of every field that moves something under a set of rules."""
    method, names = rules.payment_method, {"rules"}
    if method not in TRANCHES:
        names |= {f"q-{quarter}" for quarter in quarters} | ({"further"} if plan else {"cut"})
    if method in RELEASES:
        names |= {"cap", "back"} | ({"operational"} if method is PaymentMethod.REBASED_RELEASE else set())
    if method in INSTEAD:
        names |= {"held", "value"}
    if method is PaymentMethod.OWN_MEASURES:
        parts = [each.name for each in tranche_terms(rules).parts]
        numbers = range(1, OWN_PLACES + 1)
        return names | {f"own-{part}-{number}-{each}" for part in parts for number in numbers for each in ("name", "weight", "done")}  # fmt: skip
    return names | {field_of(part.name, test.id) for part, test in judged_by(rules)}


def read_question(
    rules: RuleSet, quarters: tuple[Quarter, ...], typed: Mapping[str, str], first_cut: Decimal | None,
    *, counts: bool,
) -> tuple[Question, list[tuple[str, str]]]:  # fmt: skip
    """The question in an address, as far as it can be read, with the field and a sentence for each part that cannot.

    ``first_cut`` is what boards plan where nothing is said, None for a plan; ``counts`` lets an outturn be a number.
    """
    errors: list[tuple[str, str]] = []
    reading = _Reading(typed, errors)
    method = rules.payment_method
    found = Question(
        rules.name,
        cut=None if first_cut is None else reading.per_cent("cut", first_cut),
        further=reading.shift("further") if first_cut is None else Decimal(0),
        outturn={each: moved for each in quarters if (moved := reading.moved(each, counts=counts)) != STILL},
        operational=reading.maybe_per_cent("operational") if method is PaymentMethod.REBASED_RELEASE else None,
        cap=reading.choice("cap", ("quarter", "year")) if method in RELEASES else None,  # type: ignore[arg-type]  # one of the two
        clawback={"yes": True, "no": False}.get(reading.choice("back", ("yes", "no")) or "") if method in RELEASES else None,
        delivered=dict(reading.tests(rules)),
        own=reading.own(rules) if method is PaymentMethod.OWN_MEASURES else {},
        held=reading.per_cent("held", Decimal(0)) if method in INSTEAD else Decimal(0),
        unit_value=reading.pence("value") if method in INSTEAD else None,
    )  # fmt: skip
    return found, errors


def as_query(question: Question) -> dict[str, str]:
    """The question as an address has it: reading that gives the same question."""
    query = {"rules": question.rules}
    if question.cut is not None:
        query["cut"] = f"{question.cut:f}"
    if question.further:
        query["further"] = f"{question.further.normalize():+f}"
    query |= {f"q-{quarter}": moved.as_typed for quarter, moved in question.outturn.items() if moved != STILL}
    if question.operational is not None:
        query["operational"] = f"{question.operational:f}"
    if question.cap:
        query["cap"] = question.cap
    if question.clawback is not None:
        query["back"] = "yes" if question.clawback else "no"
    query |= {field_of(*where): f"{each:f}" for where, each in question.delivered.items()}
    for part, measures in question.own.items():
        for number, each in enumerate(measures, 1):
            query |= {
                f"own-{part}-{number}-name": each.name,
                f"own-{part}-{number}-weight": f"{each.weight:f}",
            }
            query |= {} if each.delivered is None else {f"own-{part}-{number}-done": f"{each.delivered:f}"}
    if question.held:
        query["held"] = f"{question.held:f}"
    if question.unit_value is not None:
        query["value"] = f"{Decimal(question.unit_value) / 100:f}"
    return query


class _Reading:
    """What was typed, read field by field; what cannot be used is an error at its field, and as if not asked."""

    def __init__(self, typed: Mapping[str, str], errors: list[tuple[str, str]]) -> None:
        self.typed, self.errors = typed, errors

    def text(self, name: str) -> str:
        return self.typed.get(name, "").strip().replace("−", "-").replace(",", "")

    def wrong(self, name: str, says: str) -> None:
        self.errors.append((name, says))

    def maybe_per_cent(self, name: str) -> Decimal | None:
        if not self.text(name):
            return None
        try:
            return parse_ambition(self.text(name))
        except Unusable:
            self.wrong(name, f"“{self.text(name)}” is not per cent. Write a number from 0 to 100, like 3.5.")
            return None

    def per_cent(self, name: str, otherwise: Decimal) -> Decimal:
        found = self.maybe_per_cent(name)
        return otherwise if found is None else found

    def shift(self, name: str) -> Decimal:
        text = self.text(name)
        if not text:
            return Decimal(0)
        if not _SHIFT.fullmatch(text) or abs(Decimal(text.removesuffix("%"))) > 100:
            self.wrong(name, f"“{text}” is no move in per cent of the baseline. Write it like -1 or +0.5.")
            return Decimal(0)
        return Decimal(text.removesuffix("%")).normalize() + 0

    def moved(self, quarter: Quarter, *, counts: bool) -> Moved:
        name = f"q-{quarter}"
        text = self.text(name)
        if counts and text and text[0] not in "+-" and not text.endswith("%"):
            if _COUNT.fullmatch(text):
                return Moved(Decimal(text))
            self.wrong(
                name, f"“{text}” is neither a number of admissions nor a move like -1%. Write 9300, or -1%."
            )
            return STILL
        return Moved(shift=self.shift(name))

    def choice(self, name: str, words: tuple[str, ...]) -> str | None:
        text = self.text(name)
        if text and text not in words:
            self.wrong(
                name,
                f"“{text}” is not to choose here. Choose {' or '.join(words)}, or leave it as the rules have it.",
            )
            return None
        return text or None

    def pence(self, name: str) -> Pence | None:
        text = self.text(name).removeprefix("£")
        if not text:
            return None
        if not _COUNT.fullmatch(text) or not Decimal(text):
            self.wrong(name, f"“{text}” is no value of an admission. Write pounds, like 1490.")
            return None
        return int(Decimal(text) * 100)

    def tests(self, rules: RuleSet) -> Iterator[tuple[tuple[str, str], Decimal]]:
        for part, test in judged_by(rules):
            name = field_of(part.name, test.id)
            found = self.maybe_per_cent(name)
            if found is None:
                continue
            if test.kind == "condition" and found not in {0, 100}:
                self.wrong(
                    name,
                    f"A condition is met (100) or not (0), and {in_figures(found)} is neither. Choose one.",
                )
                continue
            yield (part.name, test.id), found

    def own(self, rules: RuleSet) -> dict[str, tuple[Own, ...]]:
        found = {}
        for part in tranche_terms(rules).parts:
            measures = [each for number in range(1, OWN_PLACES + 1) if (each := self._own(part.name, number))]
            if measures:
                found[part.name] = tuple(measures)
        return found

    def _own(self, part: str, number: int) -> Own | None:
        at = f"own-{part}-{number}"
        name, weight = self.typed.get(f"{at}-name", "").strip()[:LONGEST_NAME], self.text(f"{at}-weight")
        delivered = self.maybe_per_cent(f"{at}-done")
        if not name and not weight and delivered is None:
            return None
        if not name:
            self.wrong(
                f"{at}-name", "Say what is measured: a weight or a delivery stands here without a name."
            )
            return None
        if weight and (not _WEIGHT.fullmatch(weight) or not Decimal(weight)):
            self.wrong(
                f"{at}-weight", f"“{weight}” is no weight. Write a number above nothing, like 1 or 2.5."
            )
            return None
        return Own(name, Decimal(weight or 1), delivered)
