"""A plan under one set of rules becomes a plan under another: every answer that still has a place stays, and all else is listed.

Amounts and targets belong to years and quarters: one whose year the other rules do not plan for has no place, and is
listed with what it was. Nothing is reckoned anew and nothing is dropped in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from carepool.basics.money import in_pounds
from carepool.plans.describe import FieldAbout, year_before
from carepool.plans.document import EVERY, Plan, as_data, filled, sections_asked
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Composition, Conditions, Metrics

YEAR_KEYS = ("year_1", "year_2")
_FIRST, _LAST = "{year_1}", "{year_2}"
OF_THE_LAST_YEAR: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("freed", "freed"): ("pence", "double_running"),
    ("benefits", "benefits"): ("activity", "saving"),
    ("flows", "flows"): ("reduction", "trust_plan"),
    ("protection", ""): ("with_money", "without_money", "pence", "care_act"),
    ("earmarks", "earmarks"): ("pence",),
    ("risks", "risks"): ("pence",),
    ("risks", "contingencies"): ("pence",),
    ("commentaries", "commentaries"): ("outturn",),
    ("transfer", "uses"): ("pence",),
}
"""Fields that no year is named beside, and that speak of the years of the plan all the same: they are looked at again."""


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

    def say(self, where: str, fate: Fate, says: str) -> None:
        self.items.append(Carried(where, fate, says))

    def by_year(
        self, where: str, what: str, fields: tuple[FieldAbout, ...], row: dict[str, Any], *, in_list: bool
    ) -> dict[str, Any]:
        """A row, or the answers of a section, each in the field of its own year; what has none there is listed."""
        had, has = _years(self.before, in_list=in_list), _years(self.after, in_list=in_list)
        carried = dict(row)
        for about in fields:
            marks = [mark for mark in (_FIRST, _LAST) if mark in about.title]
            if not marks:
                continue
            value, year = row.get(about.name), had.get(marks[0], "")
            if carried.get(about.name) is value:
                carried.pop(about.name, None)
            if _is_nothing(about, value):
                continue
            to = next((mark for mark, each in has.items() if each == year), None)
            pair = about.title.replace(marks[0], to or "")
            field = next((each.name for each in fields if to and each.title == pair), None)
            if field:
                carried[field] = value
            else:
                title = about.titled(self.before.about.years).removesuffix(", pounds")
                self.say(f"{where}/{about.name}", Fate.LOST, f"{what}: {_said(about, value)} ({title}{'' if year else ', another year'}).")  # fmt: skip
        return carried

    def again(self, where: str, what: str, of: tuple[str, str], fields: tuple[FieldAbout, ...], row: dict[str, Any]) -> None:  # fmt: skip
        """Say of figures of the last year that they are of another year now."""
        years = self.before.about.years, self.after.about.years
        names = OF_THE_LAST_YEAR.get(of, ())
        held = [each for each in fields if each.name in names and not _is_nothing(each, row.get(each.name))]
        if held and years[0][-1:] != years[1][-1:]:
            said = "; ".join(f"{each.title.removesuffix(', pounds').replace(_LAST, years[0][-1])}: {_said(each, row[each.name])}" for each in held)  # fmt: skip
            self.say(where, Fate.CHANGED, f"{what} was written for {years[0][-1]}, and the plan is for {years[1][-1]} now. {said}.")  # fmt: skip

    def lose(self, where: str, what: str, fields: tuple[FieldAbout, ...], row: dict[str, Any], why: str = "") -> None:  # fmt: skip
        """List a row, or an answer, with all that stood in it."""
        years = self.before.about.years
        said = [f"{each.titled(years).removesuffix(', pounds')}: {_said(each, row[each.name])}" for each in fields if not _is_nothing(each, row.get(each.name))]  # fmt: skip
        reason = f" ({why})" if why else ""
        self.say(where, Fate.LOST, f"{what}{reason}: {'; '.join(said) or 'nothing stood in it'}.")

    def name(self, what: str, code: str) -> str:
        """A party as people call it."""
        title = self.ground.words.get(f"{what}/{code}")
        return f"{title} ({code})" if title else code

    def parties(self) -> None:
        old, new = self.old["parties"], self.new["parties"]
        for name in ("boards", "councils", "ccgs"):
            for code in old[name]:
                title = self.name(name, code)
                if code in new[name]:
                    self.say("parties", Fate.KEPT, f"{title} is a party.")
                else:
                    number = old[name].index(code)
                    self.say(f"parties/{name}/{number}", Fate.LOST, f"{title} is no party under these rules.")
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
        fields = _fields("sources", "sources")
        for number, row in enumerate(self.old["sources"]["sources"]):
            where, what = (
                f"sources/sources/{number}",
                f"Money in, {row['source'].replace('_', ' ')} of {row['contributor']}",
            )
            if row["source"] not in streams or row["contributor"] not in partners:
                why = "the fund has no such money" if row["source"] not in streams else "it is no party"
                self.lose(where, what, fields, row, why)
                continue
            rows.append(self.by_year(where, what, fields, row, in_list=True))
        self.new["sources"] = {"sources": rows}
        composition = self.after.find("composition", Composition)
        held = {row["source"] for row in rows}
        for stream in composition.streams if composition else ():
            if stream.name not in held:
                self.say("sources", Fate.NEW, f"Money in: “{stream.says}” is not there yet.")

    def spend(self) -> None:
        rows, streams, partners = [], self.streams(), self.partners()
        fields = _fields("spend", "spend")
        for number, row in enumerate(self.old["spend"]["spend"]):
            where = f"spend/spend/{number}"
            what = f"Money out, scheme {row['scheme']} by {row['commissioner']}"
            if row["commissioner"] not in partners:
                self.lose(where, what, fields, row, "it is no party")
                continue
            carried = row
            if row["source"] and row["source"] not in streams:
                self.say(
                    f"{where}/source",
                    Fate.LOST,
                    f"{what}: it was paid from {row['source'].replace('_', ' ')}.",
                )
                carried = {**row, "source": ""}
            rows.append(self.by_year(where, what, fields, carried, in_list=True))
        self.new["spend"] = {"spend": rows}

    def target(self) -> None:
        fields, old = _fields("target", "quarters"), self.old["target"]
        begun = self.new["target"]["quarters"] if self.after.pays else []
        wanted = {row["quarter"] for row in begun}
        held: dict[str, Any] = {}
        for number, row in enumerate(old["quarters"]):
            what = f"Target of {row['quarter']}: {row['planned']} admissions"
            if row["quarter"] in wanted and row["quarter"] not in held:
                held[row["quarter"]] = row
            else:
                self.lose(f"target/quarters/{number}", what, fields, row)
        if not self.after.pays:
            if old["case"]:
                self.lose("target/case", "Admissions target", EVERY["target"].fields, {"case": old["case"]})
            self.new["target"] = {}
            return
        self.new["target"] = {"quarters": [held.get(row["quarter"], row) for row in begun], "case": old["case"]}  # fmt: skip
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
                what = f"“{title}” is no condition any more"
                self.lose(f"conditions/answers/{number}", what, _fields("conditions", "answers"), row)
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
        if not asked:
            self.drop("metrics")
            return
        rows: list[dict[str, Any]] = []
        fields = _fields("metrics", "metrics")
        for number, row in enumerate(self.old["metrics"]["metrics"]):
            where = f"metrics/metrics/{number}"
            if row["metric"] not in asked:
                what = f"Metric {row['metric'].replace('_', ' ')} is not measured any more"
                self.lose(where, what, fields, row)
                continue
            rows.append(self.by_year(where, f"Target of {asked[row['metric']].title}", fields, row, in_list=True))  # fmt: skip
        self.new["metrics"] = {"metrics": rows, "local": self.old["metrics"]["local"]}
        for key, metric in asked.items():
            if key not in {row["metric"] for row in rows} and not metric.pays:
                self.say("metrics", Fate.NEW, f"“{metric.title}” needs a baseline and a target.")

    def drop(self, name: str) -> None:
        """List all that stands in a section that is not asked for any more."""
        about, old = EVERY[name], self.old[name]
        for one in about.fields:
            if not _is_nothing(one, old[one.name]):
                self.lose(f"{name}/{one.name}", f"“{about.title}” is not asked for any more", (one,), old)
        for each in about.lists:
            for number, row in enumerate(old[each.name]):
                what = f"“{about.title}” is not asked for any more, row {number + 1}"
                self.lose(f"{name}/{each.name}/{number}", what, each.fields, row)
        self.new[name] = {}

    def others(self) -> None:
        """Sections whose answers no stream or quarter decides about: but for whether they are asked, their years and their parties."""
        own = {"parties", "sources", "spend", "target", "conditions", "metrics"}
        asked = sections_asked(self.after)
        for name, about in EVERY.items():
            if name in own:
                continue
            if name not in asked:
                self.drop(name)
                continue
            said = len(self.items)
            self.new[name] = self.section(name)
            if not filled(about.part.model_validate(self.old[name])):
                self.say(name, Fate.NEW, f"“{about.title}” is empty.")
            elif filled(about.part.model_validate(self.new[name])):
                less = ", but for what is listed apart" if len(self.items) > said else ""
                self.say(name, Fate.KEPT, f"“{about.title}”{less}.")

    def section(self, name: str) -> dict[str, Any]:
        """A section with its answers in the fields of their years, and without the rows of who is no party."""
        about, old = EVERY[name], self.old[name]
        self.again(name, f"“{about.title}”", (name, ""), about.fields, old)
        new = self.by_year(name, about.title, about.fields, old, in_list=False)
        for each in about.lists:
            key, known = self.parties_in(each.name)
            rows: list[dict[str, Any]] = []
            for number, row in enumerate(old[each.name]):
                where, what = f"{name}/{each.name}/{number}", f"{about.title}, row {number + 1}"
                if key and row[key] not in known:
                    self.lose(where, what, each.fields, row, f"{row[key]} is no party")
                    continue
                self.again(f"{name}/{each.name}/{len(rows)}", what, (name, each.name), each.fields, row)
                rows.append(self.by_year(where, what, each.fields, row, in_list=True))
            new[each.name] = rows
        return new

    def parties_in(self, listed: str) -> tuple[str, list[str]]:
        """The column of a list that names a party, and who is one."""
        parties = self.new["parties"]
        return {"freed": ("ccg", parties["ccgs"]), "flows": ("board", parties["boards"])}.get(listed, ("", []))  # fmt: skip


def _fields(section: str, listed: str) -> tuple[FieldAbout, ...]:
    return next(each.fields for each in EVERY[section].lists if each.name == listed)


def _years(rules: RuleSet, *, in_list: bool) -> dict[str, str]:
    """The year that each of the two year marks in a title stands for; in the lists of a plan of one year the first is not used."""
    years = rules.about.years
    if len(years) > 1:
        return {_FIRST: years[0], _LAST: years[-1]}
    return {_LAST: years[-1]} if in_list else {_FIRST: year_before(years[-1]), _LAST: years[-1]}


def _is_nothing(about: FieldAbout, value: object) -> bool:
    """Whether nobody has written anything there; the nought of an amount that every row has is nothing."""
    return value in (None, "") or (value == 0 and about.kind == "money" and about.name in YEAR_KEYS)


def _said(about: FieldAbout, value: object) -> str:
    """What stood in a field, in words."""
    if about.kind == "money" and isinstance(value, int):
        return in_pounds(value)
    return about.codes.get(str(value), str(value))


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
