"""One expression for each metric: records to counts by board, month, age band and sex, in whatever engine the tables are.

Counts only: no expression here gives a row about one person.
"""

import csv
from functools import cache
from importlib.resources import files

import ibis
from ibis import ir

from carepool.care.activity.shapes import BAND, LAST_BAND, NON_ELECTIVE, Method, Outcome

BY = ("board", "month", "band", "sex")
READMITTED_DAYS = 30
NON_ELECTIVE_ADMISSIONS = "non_elective_admissions"
AVOIDABLE = "avoidable_admissions"
READMISSIONS = "readmissions_30_days"
DELAYED = "delayed_days"
AT_HOME = "at_home_91_days"


@cache
def avoidable_codes() -> tuple[str, ...]:
    """The conditions whose emergencies better care outside hospital mostly avoids, by the first three characters of ICD-10.

    Recalled from the published composite, whose code lists are not at hand: ``conditions.csv``.
    """
    text = files("carepool.care.activity").joinpath("conditions.csv").read_text(encoding="utf-8")
    return tuple(row["code"] for row in csv.DictReader(text.splitlines()))


def banded(age: ir.IntegerColumn) -> ir.IntegerColumn:
    """The youngest age of the band."""
    return ibis.least((age // BAND) * BAND, ibis.literal(LAST_BAND)).cast("int16")


def first_episodes(episodes: ir.Table) -> ir.Table:
    """First finished episodes that were not planned: the only count that performance money is paid by."""
    counted = episodes.filter(
        episodes.episode == 1, episodes.method.isin([str(each) for each in NON_ELECTIVE])
    )
    return _counted(counted, counted.finished)


def avoidable(episodes: ir.Table) -> ir.Table:
    """First finished episodes of emergencies for conditions that better care outside hospital mostly avoids."""
    counted = episodes.filter(
        episodes.episode == 1,
        episodes.method == str(Method.EMERGENCY),
        episodes.diagnosis.substr(0, 3).isin(avoidable_codes()),
    )
    return _counted(counted, counted.finished)


def readmissions(left: ir.Table, after: ir.Table) -> ir.Table:
    """Of the stays that ended alive in ``left``, those followed within 30 days by an emergency in ``left`` or ``after``.

    Counted in the month of the stay that was followed. What follows it is known once its own first episode has finished
    by the end of the next month, so that a month of counts changes with the month after it and then no more: ``left``
    may hold a month or many, and each counts as it would alone.
    """
    index = left.filter(left.episode == 1, left.died == False)  # noqa: E712 (an expression)
    index = index.select("person", "spell", "board", "age", "sex", "finished", "discharged")
    emergencies = ibis.union(
        *(
            each.filter(each.episode == 1, each.method == str(Method.EMERGENCY)).select(
                person_again="person", spell_again="spell", again=each.admitted, ended=each.finished
            )
            for each in (left, after)
        )
    )
    index = index.mutate(
        until=(index.discharged + ibis.interval(days=READMITTED_DAYS)).cast("date"),
        known=(index.finished.truncate("M") + ibis.interval(months=2)).cast("date"),
    )
    followed = index.semi_join(
        emergencies,
        [
            index.person == emergencies.person_again,
            emergencies.again >= index.discharged,
            emergencies.again <= index.until,
            emergencies.ended < index.known,
            emergencies.spell_again != index.spell,
        ],
    )
    return _counted(index, index.finished, "denominator").left_join(
        _counted(followed, followed.finished), list(BY)
    ).select(*BY, numerator=lambda t: t.numerator.fill_null(0), denominator="denominator")  # fmt: skip


def delayed_days(delays: ir.Table, month: str) -> ir.Table:
    """Days in the month that people waited who were ready to leave."""
    banded_rows = delays.select("board", "sex", "days", month=ibis.literal(month), band=banded(delays.age))
    return banded_rows.group_by(*BY).aggregate(numerator=banded_rows.days.sum().cast("int64"))


def at_home(reablement: ir.Table, month: str) -> ir.Table:
    """Of those of 65 and over who left hospital into reablement in the month, those at home 91 days later."""
    old = reablement.filter(reablement.age >= 65)
    rows = old.select("board", "sex", "outcome", month=ibis.literal(month), band=banded(old.age))
    return rows.group_by(*BY).aggregate(
        numerator=(rows.outcome == str(Outcome.HOME)).sum().cast("int64"), denominator=rows.count()
    )


def standardised(cells: ir.Table, people: ir.Table, standard: ir.Table) -> ir.Table:
    """Directly standardised rates for 100,000 by board and month, with what their limits are made of.

    ``people`` has board, band, sex, people; ``standard`` band, weight. Both sexes share the weight of a band.
    """
    counts = cells.group_by("board", "month", "band", "sex").aggregate(number=cells.numerator.sum())
    joined = counts.join(people, ["board", "band", "sex"]).join(standard, "band")
    share = joined.weight / 2 / 100_000
    rows = joined.select(
        "board", "month", "number",
        rate=share * joined.number / joined.people, variance=share * share * joined.number / (joined.people * joined.people),
    )  # fmt: skip
    return rows.group_by("board", "month").aggregate(
        number=rows.number.sum(), rate=rows.rate.sum() * 100_000, variance=rows.variance.sum() * 1e10
    )


def _counted(rows: ir.Table, day: ir.DateColumn, name: str = "numerator") -> ir.Table:
    """Counted by day of month's start and single age first: names of months and bands are then made of few rows, not of each record."""
    keyed = rows.select("board", "sex", "age", since=day.truncate("M"))
    counted = keyed.group_by("board", "since", "age", "sex").aggregate(number=keyed.count())
    named = counted.select(
        "board", "sex", "number", month=counted.since.strftime("%Y-%m"), band=banded(counted.age)
    )
    return named.group_by(*BY).aggregate(**{name: named.number.sum().cast("int64")})
