"""The sets of rules, looked up by name; a question that a set cannot answer is refused, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from carepool.basics.canonical import Digest
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Unusable, unknown
from carepool.rules.assurance import Assurance, Credibility, Enquiries
from carepool.rules.measuring import Definitions
from carepool.rules.paying import OutOfHospital, Release, Tranches
from carepool.rules.planning import Assumptions
from carepool.rules.procedure import Procedure
from carepool.rules.returns import Returns
from carepool.rules.scalars import Confidence, PaymentMethod
from carepool.rules.schema import (
    About,
    Authorities,
    Composition,
    Conditions,
    DatedValue,
    Decisions,
    Event,
    Methods,
    Metrics,
    Parameter,
    Section,
    Timetable,
)
from carepool.rules.section75 import Section75
from carepool.rules.sharing import NumberStatuses, Sharing

T = TypeVar("T")


@dataclass(frozen=True)
class RuleSet:
    """One set of rules, typed."""

    name: str
    digest: Digest
    """Over the paths and contents of its files: what a decision under these rules was decided by."""
    sections: Mapping[str, Section]
    """Each file's content by its path in the set, without ``.yaml``."""
    files: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    """The same as it is written, which is what a draft begins as a copy of."""

    def __hash__(self) -> int:
        """Sets that are equal have one digest, so what is worked out of a set can be kept by it."""
        return hash(self.digest)

    @property
    def about(self) -> About:
        """What the set is."""
        about = self.sections["set"]
        assert isinstance(about, About)  # noqa: S101 (the parser types each path)
        return about

    def find(self, path: str, kind: type[T]) -> T | None:
        """What stands at a path, or None where the set lays nothing down there."""
        found = self.sections.get(path)
        return found if isinstance(found, kind) else None

    def _section(self, path: str, kind: type[T], what: str) -> T:
        found = self.find(path, kind)
        if found is None:
            raise Unusable(f"The rules {self.name} ({self.about.status}) lay down no {what}.")
        return found

    @property
    def composition(self) -> Composition:
        """What the fund is made of. Unusable when the set has none."""
        return self._section("composition", Composition, "composition of the fund")

    @property
    def conditions(self) -> Conditions:
        """The national conditions."""
        return self._section("conditions", Conditions, "national conditions")

    @property
    def metrics(self) -> Metrics:
        """What is measured."""
        return self._section("metrics", Metrics, "metrics")

    @property
    def authorities(self) -> Authorities:
        """Which offices may do what."""
        return self._section("authority", Authorities, "authority of offices")

    @property
    def decisions(self) -> Decisions:
        """Who must decide, and what follows."""
        return self._section("decisions", Decisions, "decisions that a plan needs")

    @property
    def timetable(self) -> Timetable:
        """What is due when."""
        return self._section("timetable", Timetable, "timetable")

    @property
    def due(self) -> Event | None:
        """The deadline by which all are to have decided on a plan; None where none is known."""
        return (
            next((each for each in self.timetable.deadlines if each.id == self.decisions.due), None)
            if self.decisions.due
            else None
        )

    @property
    def assures(self) -> bool:
        """Whether a plan is approved by way of enquiries, and not at once."""
        return "enquiries" in self.sections

    @property
    def enquiries(self) -> Enquiries:
        """What reviewers ask. Unusable for a set that lays none down."""
        return self._section("enquiries", Enquiries, "key lines of enquiry")

    @property
    def assurance(self) -> Assurance:
        """Who looks at a plan before it is approved."""
        return self._section("assurance", Assurance, "assurance")

    @property
    def credibility(self) -> Credibility | None:
        """How much of a promised saving is credible, where the set says."""
        return self.find("savings/credibility", Credibility)

    @property
    def pays(self) -> bool:
        """Whether the set lays down how performance money is computed."""
        return self.find("payment/release", Release) is not None

    @property
    def release(self) -> Release:
        """How performance money is computed. Unusable, saying what stands in its place, for a set without it."""
        found = self.find("payment/release", Release)
        if found:
            return found
        tranches = self.find("payment/tranches", Tranches)
        why = "so no payment can be worked out from them"
        if tranches and not any(each.depends_on for each in tranches.tranches):
            why = "so no payment can be worked out from them without measures and weights of your own"
        elif tranches and not tranches.withheld:
            why = "because nothing is withheld: each tranche is paid whatever the performance"
        elif tranches:
            why = "because the money comes in tranches, by conditions and metrics"
        elif "payment/out_of_hospital" in self.sections:
            why = "because its money is spent out of hospital, or held against a risk, and is not paid by performance"
        return self._section("payment/release", Release, f"computation of performance money, {why}")

    @property
    def payment_method(self) -> PaymentMethod:
        """How its performance money is computed, or what stands in its place. Unusable for a set that names no method."""
        tranches, instead = self.tranches, self.find("payment/out_of_hospital", OutOfHospital)
        other = tranches or instead
        return other.method if other and not self.pays else self.release.method

    @property
    def tranches(self) -> Tranches | None:
        """The parts that performance money comes in, where the set lays them down."""
        return self.find("payment/tranches", Tranches)

    @property
    def methods(self) -> Methods:
        """How the streams are shared out."""
        return self._section("allocation/methods", Methods, "way to share the fund out")

    @property
    def returns(self) -> Returns:
        """What a quarterly return asks. Unusable for a set that asks for none."""
        return self._section("returns", Returns, "quarterly return")

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every dated value by its path."""
        return {path: each for path, each in self.sections.items() if isinstance(each, Parameter)}

    def parameter(self, path: str) -> Parameter:
        """The parameter at a path of the set. NotHere with the nearest known one."""
        found = self.find(path, Parameter)
        if found is None:
            raise unknown("value", path, self.parameters, f"Look at the pages of {self.name}.")
        return found

    def value(self, path: str, on: date) -> DatedValue:
        """A parameter's value on the day of the thing ruled on. Unusable outside its dates."""
        return self.parameter(path).on(on)

    def cite(self, path: str) -> str:
        """How a working names a file of this set."""
        return f"{self.name}/{path}"

    def recalled(self, path: str, on: date | None = None) -> str | None:
        """A sentence for the reader when what stands at a path is recalled, else None."""
        section = self.sections[path]
        said = section.on(on) if isinstance(section, Parameter) and on else section
        if getattr(said, "confidence", None) is Confidence.RECALLED:
            return recalled_words(getattr(section, "says", path), self.cite(path))
        return None

    def recalled_streams(self) -> tuple[str, ...]:
        """A sentence for each stream whose amount is recalled."""
        return tuple(
            recalled_words(f"{each.says}: the amount", self.cite("composition"))
            for each in self.composition.streams
            if each.confidence is Confidence.RECALLED
        )


def recalled_words(what: str, where: str) -> str:
    """What is said of anything that rests on a recalled value."""
    return f"“{what}” is recalled: the official text is not at hand, so treat it as probable ({where})."


@dataclass(frozen=True)
class Rulebook:
    """Every set of rules at hand."""

    sets: Mapping[str, RuleSet]

    def named(self, name: str) -> RuleSet:
        """The set of that name. NotHere otherwise, with the nearest."""
        if name in self.sets:
            return self.sets[name]
        refusal: NotHere = unknown(
            "set of rules", name, self.sets, f"Known are {', '.join(sorted(self.sets))}."
        )
        raise refusal

    @cached_property
    def in_order(self) -> tuple[RuleSet, ...]:
        """The sets of the fund in the order of the days that they govern."""
        return tuple(each for each in self._sorted if each.about.status != "standing")

    @cached_property
    def standing(self) -> tuple[RuleSet, ...]:
        """The sets that are none of the fund's and hold beside all of them."""
        return tuple(each for each in self._sorted if each.about.status == "standing")

    @cached_property
    def _on_section_75(self) -> tuple[tuple[RuleSet, Section75], ...]:
        """The sets that lay down what an agreement must hold: looked through anew for each posting it was seen in its time."""
        found = ((each, each.find("section_75", Section75)) for each in self.standing)
        return tuple((each, held) for each, held in found if held)

    @property
    def _sorted(self) -> tuple[RuleSet, ...]:
        return tuple(
            sorted(self.sets.values(), key=lambda each: (each.about.governs.first, each.about.issued))
        )

    def procedure(self, day: date) -> tuple[RuleSet, Procedure]:
        """How bodies come to a decision, in the set that lays it down on a day. Unusable where none does."""
        for each in self.standing:
            found = each.find("procedure", Procedure)
            if found and each.about.governs.covers(day):
                return each, found
        raise Unusable(f"No set of rules says how bodies come to a decision on {day.isoformat()}.")

    def section_75(self, day: date) -> tuple[RuleSet, Section75]:
        """What the law asks of an agreement to pool money, on a day. Unusable where no set lays it down."""
        for each, found in self._on_section_75:
            if each.about.governs.covers(day):
                return each, found
        raise Unusable(
            f"No set of rules says what an agreement to pool money must hold on {day.isoformat()}."
        )

    def sharing(self, day: date) -> tuple[RuleSet, Sharing]:
        """Who may see what of a person, in the set that lays it down on a day. Unusable where none does."""
        for each in self.standing:
            found = each.find("sharing", Sharing)
            if found and each.about.governs.covers(day):
                return each, found
        raise Unusable(f"No set of rules says who may see what of a person on {day.isoformat()}.")

    @property
    def number_statuses(self) -> NumberStatuses:
        """What an NHS number is worth, as records say it. Unusable where no set lays it down."""
        for each in self.standing:
            found = each.find("sharing_numbers", NumberStatuses)
            if found:
                return found
        raise Unusable("No set of rules names the statuses of NHS numbers. Add sharing_numbers.yaml to a standing set.")  # fmt: skip

    @property
    def measuring(self) -> RuleSet:
        """The set that defines what is measured. Unusable where none does."""
        for each in self.standing:
            if each.find("definitions", Definitions):
                return each
        raise Unusable("No set of rules defines what is measured. Add definitions.yaml to a standing set.")

    @property
    def definitions(self) -> Definitions:
        """Every measure, defined."""
        found = self.measuring.find("definitions", Definitions)
        assert found is not None  # noqa: S101 (looked for just before)
        return found

    @property
    def assumptions(self) -> tuple[RuleSet, Assumptions]:
        """What planning takes for granted, and the set that says so. Unusable where none does."""
        for each in self.standing:
            found = each.find("assumptions", Assumptions)
            if found:
                return each, found
        raise Unusable("No set of rules says what planning assumes. Add assumptions.yaml to a standing set.")

    def caring(self, day: date) -> RuleSet:
        """The set that says who is eligible and what an assessment asks on a day. Unusable where none does."""
        for each in self.standing:
            if "eligibility" in each.sections and each.about.governs.covers(day):
                return each
        raise Unusable(f"No set of rules says who is eligible for care on {day.isoformat()}.")

    def returning(self, quarter: Quarter) -> RuleSet:
        """The set that asks for a return of a quarter. NotHere where none does."""
        for each in self.in_order:
            found = each.find("returns", Returns)
            if found and found.of(quarter):
                return each
        known = [
            str(one.quarter)
            for each in self.in_order
            if (found := each.find("returns", Returns))
            for one in found.due
        ]
        raise NotHere(
            f"No set of rules asks for a return of {quarter}. Returns are known of {', '.join(known) or 'no quarter'}."
        )
