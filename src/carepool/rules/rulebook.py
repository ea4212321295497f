"""The sets of rules, looked up by name; a question that a set cannot answer is refused, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from carepool.basics.canonical import Digest
from carepool.basics.refusals import NotHere, Unusable, unknown
from carepool.rules.schema import (
    About,
    Authorities,
    Composition,
    Conditions,
    Confidence,
    DatedValue,
    Decisions,
    Methods,
    Parameter,
    Release,
    Tranches,
)

T = TypeVar("T")
Section = (
    About | Composition | Conditions | Authorities | Decisions | Tranches | Release | Methods | Parameter
)


@dataclass(frozen=True)
class RuleSet:
    """One set of rules, typed."""

    name: str
    digest: Digest
    """Over the paths and contents of its files: what a decision under these rules was decided by."""
    sections: Mapping[str, Section]
    """Each file's content by its path in the set, without ``.yaml``."""

    @property
    def about(self) -> About:
        """What the set is."""
        about = self.sections["set"]
        assert isinstance(about, About)  # noqa: S101 (the parser types each path)
        return about

    def _section(self, path: str, kind: type[T], what: str) -> T:
        found = self.sections.get(path)
        if isinstance(found, kind):
            return found
        raise Unusable(f"The rules {self.name} ({self.about.status}) lay down no {what}.")

    @property
    def composition(self) -> Composition:
        """What the fund is made of. Unusable when the set has none."""
        return self._section("composition", Composition, "composition of the fund")

    @property
    def conditions(self) -> Conditions:
        """The national conditions."""
        return self._section("conditions", Conditions, "national conditions")

    @property
    def authorities(self) -> Authorities:
        """Which offices may do what."""
        return self._section("authority", Authorities, "authority of offices")

    @property
    def decisions(self) -> Decisions:
        """Who must decide, and what follows."""
        return self._section("decisions", Decisions, "decisions that a plan needs")

    @property
    def release(self) -> Release:
        """How performance money is computed. Unusable for a set that only proposes it."""
        return self._section(
            "payment/release",
            Release,
            "computation of performance money, so no payment can be worked out from them",
        )

    @property
    def methods(self) -> Methods:
        """How the streams are shared out."""
        return self._section("allocation/methods", Methods, "way to share the fund out")

    def parameter(self, path: str) -> Parameter:
        """The parameter at a path of the set. NotHere with the nearest known one."""
        found = self.sections.get(path)
        if isinstance(found, Parameter):
            return found
        known = [name for name, section in self.sections.items() if isinstance(section, Parameter)]
        raise unknown("value", path, known, f"Look at the pages of {self.name}.")

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
            says = getattr(section, "says", path)
            return f"“{says}” is recalled: the official text is not at hand, so treat it as probable ({self.cite(path)})."
        return None


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
