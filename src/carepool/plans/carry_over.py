"""A plan under one set of rules becomes a plan under another: every answer that still has a place stays, and all else is listed.

Amounts and targets belong to years and quarters: one whose year the other rules do not plan for has no place, and is
listed with what it was. Nothing is reckoned anew and nothing is dropped in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from carepool.basics.money import in_pounds
from carepool.plans.document import EVERY, Plan, as_data, filled, sections_asked
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Composition, Conditions, Metrics

YEAR_KEYS = ("year_1", "year_2")


class Fate(StrEnum):
    """What becomes of an answer; the words are those on the page."""

    KEPT = "Kept"
    CHANGED = "Look again"
    """It is kept, and what is asked has changed."""
    NEW = "New"
    """The other rules ask for it, and nothing is there yet."""
    LOST = "No place any more"


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of one answer, or of a whole section."""

    where: str
    """The section, or a locator in it: for what is lost, in the earlier plan, else in the new one."""
    fate: Fate
    says: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What the new plan stands on: its bodies, and what it begins from."""

    begun: Plan
    """What a plan of these boards begins from under the other rules."""
    words: Mapping[str, str]
    """The name of each body by the list that it is in and its code, ``councils/E10000016``."""


@dataclass(frozen=True)
class CarriedOver:
    """The new plan's content, and what became of everything in the old one."""

    plan: Plan
    items: tuple[Carried, ...]

    def of(self, fate: Fate) -> tuple[Carried, ...]:
        """Everything that has one fate."""
        return tuple(each for each in self.items if each.fate is fate)


def year_fields(rules: RuleSet) -> dict[str, str]:
    """The year that each field of an amount is of; a plan of one year is written in the last field."""
    years = rules.about.years
    return dict(zip(YEAR_KEYS[-len(years) :], years, strict=True))


class _Carrier:
    def __init__(self, plan: Plan, before: RuleSet, after: RuleSet, ground: Ground) -> None:
        self.before, self.after, self.ground = before, after, ground
        self.old: dict[str, Any] = as_data(plan)
        self.new: dict[str, Any] = as_data(ground.begun)
        self.items: list[Carried] = []
        years = year_fields(after)
        held = {year: key for key, year in year_fields(before).items()}
        self.moved = {held[year]: key for key, year in years.items() if year in held}
        """Which field of an amount becomes which."""

    def say(self, where: str, fate: Fate, says: str) -> None:
        self.items.append(Carried(where, fate, says))

    def amounts(self, where: str, what: str, row: dict[str, Any]) -> dict[str, Any]:
        """A row with its amounts in the fields of the other rules' years; those without a year there are listed."""
        years = year_fields(self.before)
        carried = {name: value for name, value in row.items() if name not in YEAR_KEYS}
        for key in YEAR_KEYS:
            value = row.get(key)
            if key in self.moved:
                carried[self.moved[key]] = value
            elif value not in {None, 0, ""}:
                shown = in_pounds(value) if isinstance(value, int) else str(value)
                self.say(
                    f"{where}/{key}", Fate.LOST, f"{what}: {shown} for {years.get(key, 'another year')}."
                )
        return carried

    def name(self, what: str, code: str) -> str:
        """A party as people call it."""
        return self.ground.words.get(f"{what}/{code}", code)

    def shown(self, row: dict[str, Any]) -> str:
        """The amounts of a row that is lost, by year."""
        years = year_fields(self.before)
        said = [
            f"{in_pounds(row[key])} for {years[key]}" for key in YEAR_KEYS if key in years and row.get(key)
        ]
        return " and ".join(said) or "no amount"

    def parties(self) -> None:
        old, new = self.old["parties"], self.new["parties"]
        for name in ("boards", "councils", "ccgs"):
            for code in old[name]:
                title = self.name(name, code)
                if code in new[name]:
                    self.say("parties", Fate.KEPT, f"{title} is a party.")
                else:
                    self.say(f"parties/{name}", Fate.LOST, f"{title} is no party under these rules.")
            for code in new[name]:
                if code not in old[name]:
                    self.say(f"parties/{name}", Fate.NEW, f"{self.name(name, code)} is a party now.")
        if old["host"] in (*new["councils"], *new["ccgs"]):
            new["host"] = old["host"]
        elif old["host"]:
            self.say(
                "parties/host",
                Fate.LOST,
                f"{old['host']} was to hold the pool.",
            )
        new["boundaries"] = old["boundaries"]

    def partners(self) -> set[str]:
        return {*self.new["parties"]["councils"], *self.new["parties"]["ccgs"]}

    def streams(self) -> set[str]:
        composition = self.after.find("composition", Composition)
        return {"additional", *(each.name for each in composition.streams)} if composition else {"additional"}

    def sources(self) -> None:
        rows, streams, partners = [], self.streams(), self.partners()
        for number, row in enumerate(self.old["sources"]["sources"]):
            where, what = (
                f"sources/sources/{number}",
                f"{row['source'].replace('_', ' ')} of {row['contributor']}",
            )
            if row["source"] not in streams or row["contributor"] not in partners:
                why = "the fund has no such money" if row["source"] not in streams else "it is no party"
                self.say(where, Fate.LOST, f"Money in, {what}, {self.shown(row)}: {why}.")
                continue
            rows.append(self.amounts(where, f"Money in, {what}", row))
        self.new["sources"] = {"sources": rows}
        composition = self.after.find("composition", Composition)
        held = {row["source"] for row in rows}
        for stream in composition.streams if composition else ():
            if stream.name not in held:
                self.say("sources", Fate.NEW, f"Money in: “{stream.says}” is not there yet.")

    def spend(self) -> None:
        rows, streams, partners = [], self.streams(), self.partners()
        for number, row in enumerate(self.old["spend"]["spend"]):
            where = f"spend/spend/{number}"
            what = f"Money out, scheme {row['scheme']} by {row['commissioner']}"
            if row["commissioner"] not in partners:
                self.say(where, Fate.LOST, f"{what}, {self.shown(row)}: it is no party.")
                continue
            if row["source"] and row["source"] not in streams:
                self.say(
                    f"{where}/source",
                    Fate.LOST,
                    f"{what}: it was paid from {row['source'].replace('_', ' ')}.",
                )
                row = {**row, "source": ""}
            rows.append(self.amounts(where, what, row))
        self.new["spend"] = {"spend": rows}

    def target(self) -> None:
        if not self.after.pays:
            for number, row in enumerate(self.old["target"]["quarters"]):
                says = f"Target of {row['quarter']}: {row['planned']} admissions."
                self.say(f"target/quarters/{number}", Fate.LOST, says)
            self.new["target"] = {}
            return
        wanted = {str(quarter) for quarter in self.after.release.performance_quarters}
        held = {row["quarter"]: row for row in self.old["target"]["quarters"]}
        for number, (quarter, row) in enumerate(held.items()):
            if quarter not in wanted:
                self.say(
                    f"target/quarters/{number}",
                    Fate.LOST,
                    f"Target of {quarter}: {row['planned']} admissions.",
                )
        begun = self.new["target"]["quarters"]
        self.new["target"]["quarters"] = [held.get(row["quarter"], row) for row in begun]
        self.new["target"]["case"] = self.old["target"]["case"]
        for row in begun:
            if row["quarter"] not in held:
                self.say("target", Fate.NEW, f"Target of {row['quarter']}: only the baseline stands there.")

    def conditions(self) -> None:
        before, after = (rules.find("conditions", Conditions) for rules in (self.before, self.after))
        asked = {each.id: each for each in after.conditions} if after else {}
        earlier = {each.id: each for each in before.conditions} if before else {}
        rows: list[dict[str, Any]] = []
        for number, row in enumerate(self.old["conditions"]["answers"]):
            key = row["condition"]
            if key not in asked:
                title = earlier[key].title if key in earlier else key
                self.say(
                    f"conditions/answers/{number}",
                    Fate.LOST,
                    f"“{title}” is no condition any more: {row['how'][:200]}",
                )
                continue
            where = f"conditions/answers/{len(rows)}"
            rows.append(row)
            same = key in earlier and (earlier[key].title, earlier[key].says) == (
                asked[key].title,
                asked[key].says,
            )
            says = f"“{asked[key].title}”" + (
                "." if same else " is worded otherwise: read your answer again."
            )
            self.say(where, Fate.KEPT if same else Fate.CHANGED, says)
        self.new["conditions"] = {"answers": rows}
        for key, condition in asked.items():
            if key not in {row["condition"] for row in rows}:
                self.say("conditions", Fate.NEW, f"“{condition.title}” is asked for and not answered.")

    def metrics(self) -> None:
        found = self.after.find("metrics", Metrics)
        asked = {each.id: each for each in found.metrics} if found else {}
        rows: list[dict[str, Any]] = []
        for number, row in enumerate(self.old["metrics"]["metrics"]):
            where = f"metrics/metrics/{number}"
            if row["metric"] not in asked:
                self.say(
                    where, Fate.LOST, f"Metric {row['metric'].replace('_', ' ')} is not measured any more."
                )
                continue
            rows.append(self.amounts(where, f"Target of {asked[row['metric']].title}", row))
        self.new["metrics"] = {"metrics": rows, "local": self.old["metrics"]["local"]}
        for key, metric in asked.items():
            if key not in {row["metric"] for row in rows} and not metric.pays:
                self.say("metrics", Fate.NEW, f"“{metric.title}” needs a baseline and a target.")

    def others(self) -> None:
        """Sections whose answers no rule, year or body decides about, but for whether they are asked."""
        own = {"parties", "sources", "spend", "target", "conditions", "metrics"}
        asked = sections_asked(self.after)
        for name, about in EVERY.items():
            if name in own:
                continue
            if name not in asked:
                if filled(about.part.model_validate(self.old[name])):
                    self.say(name, Fate.LOST, f"“{about.title}” is not asked for any more.")
                self.new[name] = {}
                continue
            self.new[name] = self.old[name]
            there = filled(about.part.model_validate(self.old[name]))
            self.say(
                name, Fate.KEPT if there else Fate.NEW, f"“{about.title}”{'.' if there else ' is empty.'}"
            )
        for name, key in (("freed", "ccg"), ("flows", "board")):
            known = self.new["parties"]["ccgs" if key == "ccg" else "boards"]
            rows = self.new[name].get(name, [])
            for number, row in enumerate(rows):
                if row[key] not in known:
                    self.say(
                        f"{name}/{name}/{number}", Fate.LOST, f"{EVERY[name].title}: {row[key]} is no party."
                    )
            if rows:
                self.new[name] = {**self.new[name], name: [row for row in rows if row[key] in known]}


def carry_over(plan: Plan, before: RuleSet, after: RuleSet, ground: Ground) -> CarriedOver:
    """A plan as it is under another set of rules, and what became of each of its answers."""
    carrier = _Carrier(plan, before, after, ground)
    carrier.parties()
    carrier.sources()
    carrier.spend()
    carrier.target()
    carrier.conditions()
    carrier.metrics()
    carrier.others()
    data = {**carrier.new, "rules": after.name, "title": ground.begun.title}
    return CarriedOver(Plan.model_validate(data), tuple(carrier.items))
