"""What is measured and how, as data: definitions with their versions and breaks, the families by year, chart rules, alarms."""

from datetime import date
from typing import Literal

from pydantic import Field

from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Unusable, unknown
from carepool.rules.scalars import Checked, Cited, Day, Entry, Name, Number, Text, YesNo

SeriesWord = Literal[
    "admissions", "delayed_days", "delayed_days_of_social_care", "delayed_days_of_the_nhs", "delayed_beds",
    "outcomes", "spend", "beds", "none",
]  # fmt: skip
"""The series that a measure can be worked out from. Each is read in exactly one way, in ``carepool.measures``."""
PeriodWord = Literal["month", "quarter", "year"]
PeopleWord = Literal["all_ages", "aged_18_and_over", "aged_65_and_over", "none"]
"""Whom a rate is per; ``none`` where the series brings its own denominator, or there is none."""
IntervalWord = Literal["poisson", "proportion", "none"]
"""How uncertain a value is: a count of events, a part of some people, or nothing known of it."""


class Version(Cited):
    """A definition as it was from a day on."""

    version: Name
    since: Day = Field(alias="from")
    numerator: Text
    denominator: Text
    scale: Number = Field(gt=0)
    says: Text = "As in the definition."

    @property
    def key(self) -> str:
        """Its name."""
        return self.version


class Break(Cited):
    """A day at which a series changed what it counts: whoever compares figures before and after is told, or stopped."""

    on: Day
    says: Text
    stops: YesNo = True
    """Whether a comparison across it is refused, and not only told of it."""

    @property
    def key(self) -> str:
        """The day."""
        return self.on.isoformat()


class Definition(Cited):
    """Something that is measured, once and for all who use it."""

    id: Name
    title: Text
    says: Text
    unit: Text
    better: Literal["lower", "higher", "neither"]
    period: PeriodWord
    series: SeriesWord
    of_series: str = ""
    """Which of several measures in one series it is, where there are several."""
    without: str = ""
    """Why no figures are held, where none are."""
    people: PeopleWord
    interval: IntervalWord
    pays: YesNo = False
    """Whether it is the one that performance money was paid by."""
    author: Text
    checked: Checked
    """Who checked the definition, when, and when it is due for review."""
    versions: tuple[Version, ...] = Field(min_length=1)
    breaks: tuple[Break, ...] = ()
    also: tuple[Text, ...] = ()
    """What else it is called."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    def on(self, day: date) -> Version:
        """The definition as it was on a day. Unusable before the first version."""
        held = [each for each in self.versions if each.since <= day]
        if not held:
            first = min(each.since for each in self.versions)
            raise Unusable(
                f"“{self.title}” is defined from {in_words(first)}, and {in_words(day)} is before it."
            )
        return max(held, key=lambda each: each.since)

    def breaks_between(self, first: date, last: date) -> tuple[Break, ...]:
        """The breaks that two days lie on different sides of: a comparison of the two is none."""
        return tuple(each for each in self.breaks if first < each.on <= last)


class Family(Cited):
    """What plans of some years set targets for."""

    id: Name
    title: Text
    years: tuple[Text, ...] = Field(min_length=1)
    measures: tuple[Name, ...] = Field(min_length=1)
    chosen: tuple[Text, ...] = ()
    """What was left to each area to choose."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Definitions(Entry):
    """``definitions.yaml``."""

    says: Text
    measures: tuple[Definition, ...] = Field(min_length=1)
    families: tuple[Family, ...] = Field(min_length=1)

    def named(self, id_: str) -> Definition:
        """The measure of that id. NotHere otherwise, with the nearest."""
        for each in self.measures:
            if each.id == id_:
                return each
        refusal: NotHere = unknown(
            "measure", id_, [each.id for each in self.measures], "“carepool measure list” shows all."
        )
        raise refusal

    def families_of(self, id_: str) -> tuple[Family, ...]:
        """The families that a measure is in."""
        return tuple(each for each in self.families if id_ in each.measures)


class ChartRule(Cited):
    """When points of a chart of individual values (XmR) say that something has changed, in one version of the rules."""

    id: Name
    says: Text
    limit: Number = Field(gt=0)
    """The limits lie so many mean moving ranges from the mean."""
    screen: Number = Field(ge=0)
    """Moving ranges above so many times their mean are left out of it, once; zero leaves none out."""
    shift: Number = Field(ge=2, multiple_of=1)
    """So many points in a row on one side of the mean."""
    trend: Number = Field(ge=2, multiple_of=1)
    """So many points in a row, each above (or each below) the one before it, the first counted."""
    near: Number = Field(gt=0, le=1)
    """Two of three in a row beyond this part of the way to a limit, all three on one side."""
    least: Number = Field(ge=2, multiple_of=1)
    """Points below which no limits are drawn."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class ChartRules(Entry):
    """``chart_rules.yaml``."""

    says: Text
    used: Name
    """The version that is used where none is asked for."""
    rules: tuple[ChartRule, ...] = Field(min_length=1)

    def named(self, id_: str = "") -> ChartRule:
        """A version of the rules; the one in use where none is named."""
        for each in self.rules:
            if each.id == (id_ or self.used):
                return each
        raise unknown("version of the chart rules", id_, [each.id for each in self.rules], "")


class Alarm(Cited):
    """A factor by which a figure is out when its unit is wrong."""

    factor: Number = Field(gt=1)
    says: Text
    of: tuple[Literal["money", "people", "days", "rates"], ...] = Field(min_length=1)
    """What figures can be out by it."""

    @property
    def key(self) -> str:
        """The factor."""
        return str(self.factor)


class HoleAlarm(Cited):
    """When a figure lies so far below its neighbours in time that part of a return may be missing."""

    series: Name
    """Which series it is for; ``others`` for any that is not named."""
    below: Number = Field(gt=0, lt=1)
    """A figure below this part of the middle of the year around it is a hole."""
    usual: Number = Field(gt=0)
    """Where the middle is less than this, figures are too few to tell a hole by."""

    @property
    def key(self) -> str:
        """The series."""
        return self.series


class Alarms(Entry):
    """``alarms.yaml``: when a figure that adds up is doubted all the same."""

    says: Text
    near: Number = Field(gt=1)
    """A figure so many times nearer to a wrong unit than to its own is one."""
    holes: tuple[HoleAlarm, ...] = Field(min_length=1)
    units: tuple[Alarm, ...] = Field(min_length=1)

    def hole(self, series: str) -> HoleAlarm:
        """When a figure of a series is a hole."""
        named = {each.series: each for each in self.holes}
        return named.get(series) or named.get("others") or self.holes[0]


class OwnDefinition(Entry):
    """A measure that a board defines itself: the same that is asked of every other, and nothing that it cannot know."""

    id: Name
    title: Text
    says: Text
    unit: Text
    better: Literal["lower", "higher", "neither"]
    period: PeriodWord
    numerator: Text
    denominator: Text
    scale: Number = Field(gt=0)
    since: Day = Field(alias="from")
    """The day from which this wording holds."""
    data: Text
    """Where the figures come from."""
