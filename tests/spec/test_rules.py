"""Rules: sets of cited, dated data; a fault in a file is a finding with its line; no value is served past its date."""

from datetime import UTC, date
from decimal import Decimal
from itertools import pairwise

import pytest

from carepool.basics.findings import Severity
from carepool.basics.periods import LONDON
from carepool.basics.refusals import NotHere, Unusable
from carepool.rules.consistency import lists_of, overdue
from carepool.rules.parse import parse
from carepool.rules.rulebook import Rulebook
from carepool.rules.scalars import Cited, Confidence
from carepool.rules.schema import Transfer

SET = b"""title: T
says: S
status: proposed
issued: 2020-01-01
governs: {from: 2020-01-01, to: 2020-12-31}
source: a paper
confidence: published
checked: {by: us, on: 2020-01-01, again_by: 2021-01-01}
"""
VALUE = b"""says: A rate
unit: per cent
values:
  - {from: 2020-01-01, value: 3.5, source: a paper, confidence: published}
known_until: 2020-12-31
checked: {by: us, on: 2020-01-01, again_by: 2021-01-01}
"""


def faults(**files: bytes) -> list[str]:
    """What is said of a set ``x`` with these files besides its set.yaml; blockers only."""
    _, findings = parse(
        {
            "x/set.yaml": SET,
            **{f"x/{name.replace('__', '/')}.yaml": content for name, content in files.items()},
        }
    )
    return [f"{each.says} {each.remedy}" for each in findings if each.severity is Severity.BLOCKER]


def test_the_shipped_rulebook_is_whole(rule_files: dict[str, bytes]) -> None:
    """Seven sets parse without a blocker or a warning; notes tell where stated totals differ and what is not known."""
    rulebook, findings = parse(rule_files)
    assert [each.name for each in rulebook.in_order] == [
        "itf-2013-08", "bcf-2013-12", "bcf-2014-02", "bcf-2014-08", "bcf-2015-03", "bcf-2016-17", "bcf-2025-26",
    ]  # fmt: skip
    assert {each.severity for each in findings} == {Severity.NOTE}
    assert {each.code for each in findings} == {"stated-total", "value-not-known", "sets-gap"}


def test_one_set_governs_each_day(rulebook: Rulebook) -> None:
    """From August 2013 to March 2017 each set begins on the day after the one that it follows; then none is held until 2025."""
    sets = rulebook.in_order
    for before, after in pairwise(sets):
        assert after.about.follows == before.name
        gap = (after.about.governs.first - before.about.governs.last).days
        assert gap == 1 or after.about.not_known
    assert all(sum(each.about.governs.covers(day) for each in sets) == 1 for day in (date(2014, 2, 14), date(2015, 4, 1)))  # fmt: skip


def test_every_value_has_a_source_and_a_confidence(rulebook: Rulebook) -> None:
    """Nothing in the rulebook that is cited lacks its source; recalled values are told from published ones."""
    told = dict.fromkeys(Confidence, 0)
    for rules in rulebook.sets.values():
        for section in rules.sections.values():
            for entry in [section, *(each for entries in lists_of(section).values() for each in entries)]:
                if isinstance(entry, Cited):
                    assert entry.source.strip()
                    told[entry.confidence] += 1
    assert all(number > 50 for number in told.values())


def test_five_regimes_of_payment(rulebook: Rulebook) -> None:
    """Halves without measures, tranches, tranches with nothing withheld, one paid metric, re-basing, and none."""
    reasons = {}
    for name, rules in ((each.name, each) for each in rulebook.in_order):
        try:
            reasons[name] = rules.release.method.value
        except Unusable as error:
            reasons[name] = str(error).partition("performance money, ")[2]
    assert (
        reasons["itf-2013-08"]
        == "so no payment can be worked out from them without measures and weights of your own."
    )
    assert reasons["bcf-2013-12"] == "because the money comes in tranches, by conditions and metrics."
    assert (
        reasons["bcf-2014-02"]
        == "because nothing is withheld: each tranche is paid whatever the performance."
    )
    assert reasons["bcf-2014-08"] == "cumulative_release"
    assert reasons["bcf-2015-03"] == "rebased_release"
    assert "out of hospital" in reasons["bcf-2016-17"]
    assert "payment/rebasing" in rulebook.named("bcf-2015-03").sections


def test_2014_15_is_a_transfer_and_no_pool(rulebook: Rulebook) -> None:
    """1,100 million, 900 and 200 more, from area teams to councils under section 256, with conditions and a certificate."""
    transfer = rulebook.named("itf-2013-08").find("transfer", Transfer)
    assert transfer
    assert transfer.total == 110_000_000_000
    assert "256" in transfer.under
    assert transfer.conditions
    assert transfer.certificate


def test_august_2013_has_eight_conditions_and_two_proposed_halves(rulebook: Rulebook) -> None:
    """The statement lists eight conditions and proposes to pay 500 million twice, without saying how to compute it."""
    rules = rulebook.named("itf-2013-08")
    assert rules.about.status == "proposed"
    assert len(rules.conditions.conditions) == 8
    tranches = rules.sections["payment/tranches"]
    assert [each.pence for each in tranches.tranches] == [50_000_000_000] * 2  # type: ignore[union-attr]
    with pytest.raises(
        Unusable, match=r"itf-2013-08 .proposed. lay down no computation of performance money, so no payment"
    ):
        _ = rules.release


def test_august_2014_pays_by_one_measure(rulebook: Rulebook) -> None:
    """One paid metric, 1,490 pounds an admission from 18 August 2014 (recalled), a guideline of 3.5%, by quarter."""
    rules = rulebook.named("bcf-2014-08")
    unit = rules.value("payment/unit_value", date(2015, 1, 1))
    assert (unit.value, unit.since, unit.confidence) == (
        Decimal(1490),
        date(2014, 8, 18),
        Confidence.RECALLED,
    )
    assert rules.value("payment/guideline", date(2015, 1, 1)).value == Decimal("3.5")
    assert (rules.release.metric, rules.release.cap, rules.release.clawback) == (
        "non_elective_admissions",
        "quarter",
        False,
    )
    assert len(rules.conditions.conditions) == 6


def test_a_value_is_refused_outside_its_dates(rulebook: Rulebook) -> None:
    """Past known_until and before the first value the question is refused: never a stale answer."""
    rules = rulebook.named("bcf-2014-08")
    with pytest.raises(Unusable, match="known until 31 March 2016, and 1 April 2016 is past it"):
        rules.value("payment/unit_value", date(2016, 4, 1))
    with pytest.raises(Unusable, match="no value before 18 August 2014"):
        rules.value("payment/unit_value", date(2014, 8, 17))
    assert rules.value("payment/unit_value", date(2016, 3, 31)).value == 1490


def test_a_later_value_does_not_change_an_earlier_day() -> None:
    """Of several dated values the one in force on the day is used."""
    later = VALUE.replace(
        b"known_until", b"  - {from: 2020-07-01, value: 4, source: b, confidence: published}\nknown_until"
    )
    rulebook, findings = parse({"x/set.yaml": SET, "x/payment/rate.yaml": later})
    assert not findings
    values = [rulebook.named("x").value("payment/rate", date(2020, month, 30)).value for month in (6, 7)]
    assert values == [Decimal("3.5"), 4]


def test_a_recalled_value_is_told(rulebook: Rulebook) -> None:
    """Where a value is recalled there is a sentence for the reader; where it is published there is none."""
    rules = rulebook.named("bcf-2014-08")
    assert "recalled" in (rules.recalled("payment/unit_value", date(2015, 1, 1)) or "")
    assert rules.recalled("payment/guideline", date(2015, 1, 1)) is None


def test_an_unknown_set_or_value_names_the_nearest(rulebook: Rulebook) -> None:
    """A name that does not exist is refused with the nearest that does."""
    with pytest.raises(NotHere, match="Did you mean bcf-2014-08"):
        rulebook.named("bcf-2014-8")
    with pytest.raises(NotHere, match="Did you mean payment/unit_value"):
        rulebook.named("bcf-2014-08").parameter("payment/unit-value")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (b"value: 3.5", b"value: three", 4, "is not a number: write it like 1490 or 3.5"),
        (b"value: 3.5", b"value: 1e3", 4, "is not a number"),
        (b", source: a paper", b"", 4, "lacks “values.0.source”. Cite where the value is from."),
        (b"confidence: published", b"confidence: publishd", 4, "“publishd” is not known here; known are published, recalled, derived. Did you mean “published”?"),
        (b"confidence: published", b"confidence: sure", 4, "Write one of: published, recalled, derived."),
        (b"unit: per cent", b"unit: furlongs", 2, "“unit”: “furlongs” is not known here; known are pounds per admission"),
        (b"unit: per cent", b"unit: percent", 2, "Did you mean “per cent”?"),
        (b"says: A rate", b"syas: A rate", 1, "unknown key “syas”. Did you mean “says”?"),
        (b"source: a paper", b"sauce: a paper", 4, "unknown key “sauce”. Did you mean “source”?"),
        (b"says: A rate", b"says: A rate\nsays: Another", 2, "has the key “says” twice"),
        (b"from: 2020-01-01", b"from: 1 January 2020", 4, "is not a date: write it like 2014-08-18"),
        (b"from: 2020-01-01", b"from: 2020-02-30", 4, "is not a date"),
        (b"known_until: 2020-12-31", b"known_until: 2019-12-31", 5, "known until before it begins"),
        (b"says: A rate", b"says: &a A rate", 1, "uses an anchor or alias"),
        (b"says: A rate", b"says: !!python/object:os.system x", 1, "uses the tag"),
        (b"says: A rate", b"says: [", 3, "is not YAML"),
        (b"says: A rate", b"says: \xff", 1, "is not UTF-8"),
        (b"known_until", b"  - {from: 2020-01-01, value: 4, source: b, confidence: published}\nknown_until", 3, "overlap or stand out of order"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: bytes, new: bytes, line: int, says: str) -> None:
    """Every fault in a rule file is a finding with file, line and remedy, and never a traceback."""
    assert old in VALUE
    said = faults(payment__rate=VALUE.replace(old, new, 1))
    assert any(f"x/payment/rate.yaml, line {line} " in each and says in each for each in said), said


def test_a_bomb_of_aliases_is_not_unfolded() -> None:
    """Aliases are refused as they are read, before anything is built from them."""
    bomb = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [*%c,*%c,*%c,*%c]\n" % (n + 1, n + 1, n, n, n, n) for n in range(97, 110)
    )
    assert "anchor or alias" in faults(bomb=bomb)[0]


@pytest.mark.parametrize(
    "content", [b"", b"[" * 5000, b"- x" * 100_000, b"\x00", b"a: " + b"{b: " * 40 + b"c" + b"}" * 40]
)
def test_a_hostile_file_ends_in_a_finding(content: bytes) -> None:
    """Empty, endless, binary or bottomless: a plain finding each."""
    assert faults(odd=content)


COMPOSITION = b"""says: Parts
year: 2015-16
streams:
  - {name: a, says: A, received_by: ccg, pounds: "100", source: s, confidence: published}
  - {name: b, says: B, received_by: council, pounds: 50.50, source: s, confidence: published}
of_which:
  - {name: c, says: C, within: a, pounds: 60, source: s, confidence: published}
stated:
  - {name: fund, says: All, pounds: 151, of: [a, b], source: s, confidence: published}
"""


def test_a_stated_total_is_kept_beside_its_parts() -> None:
    """A stated total that differs from its parts is a note; both are kept."""
    rulebook, findings = parse({"x/set.yaml": SET, "x/composition.yaml": COMPOSITION})
    assert rulebook.named("x").composition.total == 15_050
    assert [each.severity for each in findings] == [Severity.NOTE]
    assert "states “All” as 151 pounds; its parts add to 150" in findings[0].says


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"within: a", b"within: z", "which is no stream"),
        (b"pounds: 60", b"pounds: 100.01", "has more c than a holds"),
        (b"name: b", b"name: a", "has the stream a twice"),
        (b"of: [a, b]", b"of: [a, z]", "states a total of z"),
        (b"50.50", b"50.505", "not a whole number of pence"),
        (b"50.50", b"-50.50", "of at least 0"),
    ],
)
def test_a_composition_that_does_not_fit_blocks(old: bytes, new: bytes, says: str) -> None:
    """Money that is in no stream, more than its stream, or not whole pence stops the set."""
    assert any(says in each for each in faults(composition=COMPOSITION.replace(old, new, 1)))


def test_an_overdue_review_is_a_warning(rulebook: Rulebook) -> None:
    """Each value says when it is due to be checked again; past that day there is a warning."""
    assert not overdue(rulebook, date(2026, 11, 22))
    late = overdue(rulebook, date(2027, 11, 26))
    assert {each.code for each in late} == {"review-overdue"}
    assert {each.where for each in late} >= {"bcf-2014-08/payment/unit_value.yaml", "itf-2013-08/set.yaml"}


@pytest.mark.slow
def test_a_sets_digest_changes_with_any_of_its_files(rule_files: dict[str, bytes]) -> None:
    """What was decided under a set of rules can be checked against its exact content."""
    before, _ = parse(rule_files)
    name = "bcf-2014-08/payment/unit_value.yaml"
    after, _ = parse({**rule_files, name: rule_files[name].replace(b"1490", b"1491")})
    assert before.named("bcf-2014-08").digest != after.named("bcf-2014-08").digest
    assert before.named("itf-2013-08").digest == after.named("itf-2013-08").digest


def between(*sets: tuple[str, bytes]) -> list[str]:
    """What is said of some sets that each have only a set.yaml."""
    _, findings = parse({f"{name}/set.yaml": content for name, content in sets})
    return [f"{each.severity}: {each.says}" for each in findings]


LATER = SET.replace(b"2020-", b"2021-").replace(b"issued: 2021", b"follows: a\nissued: 2021")


def test_sets_that_join_are_silent() -> None:
    """A set that begins on the day after the one that it follows ends has nothing to say."""
    assert between(("a", SET), ("b", LATER)) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"from: 2021-01-01", b"from: 2021-01-05", "warning: b/set.yaml, line 6 begins to govern on 5 January 2021, and a, which it follows, ends on 31 December 2020: between them no set at hand governs."),
        (b"from: 2021-01-01", b"from: 2020-12-05", "warning: b/set.yaml, line 6 begins to govern on 5 December 2020, while a, which it follows, governs until 31 December 2020."),
        (b"follows: a", b"follows: aa", "blocker: b/set.yaml, line 4 follows aa, which is no set at hand."),
        (b"follows: a", b"follows: b", "blocker: b/set.yaml, line 4 follows itself: b follows b."),
        (b"from: 2021-01-01, to: 2021-12-31", b"from: 2021-12-31, to: 2021-01-01", "blocker: b/set.yaml, line 6 governs until before it begins."),
    ],
)  # fmt: skip
def test_a_gap_an_overlap_or_a_ring_between_sets_is_found(old: bytes, new: bytes, says: str) -> None:
    """Days that no set or two sets govern, and a set that follows nothing or itself, are said with file and line."""
    assert old in LATER
    assert says in between(("a", SET), ("b", LATER.replace(old, new)))


def test_sets_that_follow_each_other_in_a_ring_stop_both() -> None:
    """A follows B and B follows A: neither is kept."""
    first = SET.replace(b"issued", b"follows: b\nissued")
    book, findings = parse({"a/set.yaml": first, "b/set.yaml": LATER})
    assert not book.sets
    assert any("follows itself: a follows b follows a" in each.says for each in findings)


def test_a_value_must_cover_the_days_of_its_set() -> None:
    """A value that begins late or ends early is a warning, unless the file says that nobody knows."""
    late = VALUE.replace(b"from: 2020-01-01", b"from: 2020-03-01")
    _, findings = parse({"x/set.yaml": SET, "x/payment/rate.yaml": late})
    assert [(each.code, each.severity) for each in findings] == [("value-gap", Severity.WARNING)]
    assert "no value from 1 January 2020 to 29 February 2020" in findings[0].says
    told = late + b"not_known:\n  - {from: 2020-01-01, to: 2020-02-29, says: nobody knows}\n"
    _, findings = parse({"x/set.yaml": SET, "x/payment/rate.yaml": told})
    assert [(each.code, each.severity) for each in findings] == [("value-not-known", Severity.NOTE)]
    short = VALUE.replace(b"known_until: 2020-12-31", b"known_until: 2020-06-30")
    _, findings = parse({"x/set.yaml": SET, "x/payment/rate.yaml": short})
    assert [each.code for each in findings] == ["value-ends-early"]


def test_a_file_that_no_set_has_is_no_value_either() -> None:
    """A misspelt file name is answered with the nearest."""
    said = faults(compositon=COMPOSITION)
    assert any("is no file of a set" in each and "composition" in each for each in said)


@pytest.mark.parametrize(
    "amount", [b"1.9e9", b"1,900", b"0x10", b".5", b"1__0", b"yes", b"[1]", b"{a: 1}", b"~", b"\xd9\xa1"]
)
def test_an_amount_is_written_in_plain_figures(amount: bytes) -> None:
    """Floats with an exponent, commas, hexadecimals, other scripts' figures: each refused with the line."""
    said = faults(composition=COMPOSITION.replace(b'"100"', amount, 1))
    assert any("composition.yaml, line 4" in each for each in said), said


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("payment/release", b"says: R\nmethod: cumulative_release\nmetric: falls\nbaseline_quarters: [2018-19Q4]\nperformance_quarters: [2019-20Q4]\ncap: quarter\nclawback: no\nsource: s\nconfidence: published\n", "line 3 pays by falls, which is no metric that pays"),
        ("capital", b"says: C\ngrants:\n  - {stream: aa, says: A, paid_to: x, passed_to: y, source: s, confidence: published}\n", "line 3 names aa, which is no stream. Did you mean a?"),
        ("timetable", b"says: T\nevents:\n  - {id: due, says: Due, kind: deadline, at: 2020-05-01 25:00, source: s, confidence: published}\n", "is not a date or a date with a time"),
        ("timetable", b"says: T\nevents:\n  - {id: due, says: Due, kind: deadline, at: 2020-05-01, source: s, confidence: published}\n  - {id: due, says: Due, kind: deadline, at: 2020-05-02, source: s, confidence: published}\n", "line 4 has the event due twice"),
        ("disclosure", b"says: D\nsuppressions:\n  - {data: x, says: X, hide_from: 7, hide_to: 1, nearest: 5, source: s, confidence: recalled}\n", "line 3 hides x from more than it hides to"),
    ],
)  # fmt: skip
def test_what_does_not_fit_in_a_set_is_found(path: str, content: bytes, says: str) -> None:
    """A name of nothing, a time that is none, an entry twice: file, line and remedy."""
    said = faults(composition=COMPOSITION, **{path.replace("/", "__"): content})
    assert any(says in each for each in said), said


def test_a_deadline_is_local_time(rulebook: Rulebook) -> None:
    """Midday on 27 May 2016 in London is 11:00 in UTC; a bare date means the end of that day."""
    events = {each.id: each for rules in rulebook.in_order for each in rules.timetable.events}
    midday = [each.at for each in events.values() if each.at.written == "2016-05-27 12:00"]
    assert midday
    assert midday[0].instant.astimezone(UTC).isoformat() == "2016-05-27T11:00:00+00:00"
    bare = next(each.at for each in events.values() if each.at.written == "2014-09-19")
    assert bare.instant.astimezone(LONDON).isoformat()[:16] == "2014-09-19T23:59"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b"value: 3.5", b"value: -1"), "line 4 has the value -1, and per cent go from 0 to 100"),
        ((b"value: 3.5", b"value: 350"), "go from 0 to 100"),
        ((b"value: 3.5", b"value: 3.5555"), "with at most 2 decimals"),
        ((b"value: 3.5", b"value: 3" + b"9" * 5000), "is not a number"),
        ((b"source: a paper", b"source: ' '"), "String should match pattern"),
        ((b"known_until: 2020-12-31", b"known_until: 9999-12-31"), "is not a date"),
    ],
)
def test_a_value_out_of_all_bounds_is_refused(change: tuple[bytes, bytes], says: str) -> None:
    """A negative or absurd value, a number without end, a blank source, a date at the end of the calendar."""
    assert change[0] in VALUE
    said = faults(payment__rate=VALUE.replace(*change, 1))
    assert any(says in each for each in said), said


def test_what_something_computes_with_has_its_unit() -> None:
    """The value of an admission in per cent would be read as pounds: it is refused."""
    assert any("is in per cent, and what computes with it reads pounds per admission" in each for each in faults(payment__unit_value=VALUE))  # fmt: skip


RELEASE = b"""says: R
method: cumulative_release
metric: m
baseline_quarters: [2018-19Q4, 2019-20Q1]
performance_quarters: [2019-20Q4, 2020-21Q1]
cap: quarter
clawback: no
source: s
confidence: published
"""


@pytest.mark.parametrize(
    ("quarters", "says"),
    [
        (b"[2019-20Q4, 2019-20Q4]", "has quarters twice or out of order"),
        (b"[2020-21Q1, 2019-20Q4]", "has quarters twice or out of order"),
        (b"[9998-99Q4, 2020-21Q1]", "is not a quarter of the years 1900 to 2200"),
    ],
)
def test_quarters_are_in_order_and_of_our_time(quarters: bytes, says: str) -> None:
    """A quarter twice would be paid twice; one of the year 9998 is nobody's."""
    said = faults(payment__release=RELEASE.replace(b"[2019-20Q4, 2020-21Q1]", quarters))
    assert any(says in each for each in said), said


@pytest.mark.slow
def test_parts_that_do_not_add_are_found(rule_files: dict[str, bytes]) -> None:
    """Tranches that are not the performance money, money in its place that is no part, and more inside a stream than it holds."""

    def said(name: str, file: str, old: bytes, new: bytes) -> str:
        files = {path: content for path, content in rule_files.items() if path.startswith(f"{name}/")}
        assert old in files[f"{name}/{file}"]
        files[f"{name}/{file}"] = files[f"{name}/{file}"].replace(old, new, 1)
        return " ".join(
            each.says for each in parse(files, parse(rule_files)[0])[1] if each.severity is Severity.BLOCKER
        )

    assert "has tranches of 1,700,000,000 pounds, and the performance money is 1,000,000,000" in said("bcf-2013-12", "payment/tranches.yaml", b'"250_000_000"', b'"950_000_000"')  # fmt: skip
    assert "nothing inside nhs_minimum is as much" in said("bcf-2016-17", "payment/out_of_hospital.yaml", b"1_000_000_000", b"1_500_000_000")  # fmt: skip
    assert "has more inside ccg than it holds" not in said(
        "bcf-2014-08", "payment/guideline.yaml", b"3.5", b"3.6"
    )


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "says"),
    [
        ("itf-2013-08", "payment/tranches.yaml", b"method: own_measures", b"method: passed_tests", "pays by tests, and a tranche has none"),
        ("bcf-2013-12", "payment/tranches.yaml", b"method: passed_tests", b"method: own_measures", "leaves the measures open, and a tranche has some"),
        ("bcf-2013-12", "payment/tranches.yaml", b"method: passed_tests", b"method: nothing_withheld", "says that money is kept back"),
        ("bcf-2014-02", "payment/tranches.yaml", b"method: nothing_withheld", b"method: passed_tests", "keeps money back by its method"),
        ("bcf-2014-08", "payment/release.yaml", b"cumulative_release", b"rebased_release", "there is no payment/rebasing.yaml"),
        ("bcf-2015-03", "payment/release.yaml", b"rebased_release", b"cumulative_release", "does not change targets"),
        ("bcf-2014-08", "payment/release.yaml", b"cumulative_release", b"passed_tests", "method"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_method_fits_what_stands_there(rule_files: dict[str, bytes], name: str, file: str, old: bytes, new: bytes, says: str) -> None:  # fmt: skip
    """A payment method that its own file contradicts is a fault: tests left open, money kept back or not, targets changed."""
    files = {path: content for path, content in rule_files.items() if path.startswith(f"{name}/")}
    assert old in files[f"{name}/{file}"]
    files[f"{name}/{file}"] = files[f"{name}/{file}"].replace(old, new, 1)
    found = [each for each in parse(files, parse(rule_files)[0])[1] if each.severity is Severity.BLOCKER]
    assert any(says in each.says for each in found), found


def test_a_stated_total_that_rounding_does_not_explain_warns() -> None:
    """151 for 150.50 is rounding and a note; 160 is a warning."""
    _, findings = parse(
        {"x/set.yaml": SET, "x/composition.yaml": COMPOSITION.replace(b"pounds: 151", b"pounds: 160")}
    )
    assert [each.severity for each in findings] == [Severity.WARNING]


def test_a_method_gives_money_to_who_receives_it(rule_files: dict[str, bytes]) -> None:
    """Money of CCGs shared by a method for councils, or the other way round, would be under the wrong name."""
    files = {path: content for path, content in rule_files.items() if path.startswith("bcf-2014-08/")}
    name = "bcf-2014-08/allocation/methods.yaml"
    files[name] = files[name].replace(b"{stream: additional_nhs, method: commissioner_allocation", b"{stream: additional_nhs, method: need")  # fmt: skip
    said = " ".join(each.says for each in parse(files, parse(rule_files)[0])[1])
    assert (
        "shares additional_nhs by need, which gives it to councils, and NHS commissioners receive it" in said
    )


def test_a_set_that_governs_days_of_a_shipped_one_is_told(
    rule_files: dict[str, bytes], rulebook: Rulebook
) -> None:
    """Somebody's set handed in beside ours: days that one of ours governs are a warning, a draft's gap a note."""
    mine = SET.replace(b"proposed", b"operated").replace(
        b"2020-01-01, to: 2020-12-31", b"2014-08-01, to: 2015-12-31"
    )
    _, findings = parse({"mine/set.yaml": mine}, rulebook)
    assert {each.code for each in findings} >= {"sets-overlap"}
    draft = SET.replace(b"proposed", b"draft").replace(b"issued", b"follows: bcf-2014-08\nissued")
    _, findings = parse({"mine/set.yaml": draft}, rulebook)
    assert [(each.code, each.severity) for each in findings] == [("sets-gap", Severity.NOTE)]


def test_many_faults_are_counted_and_many_values_refused() -> None:
    """A file with thousands of faults lists the first hundred; one with tens of thousands of values is refused whole."""
    many = b"says: C\nconditions:\n" + b"  - {}\n" * 2000
    said = faults(conditions=many)
    assert 100 < len(said) < 110
    assert "more faults, which are not listed" in said[-1]
    assert any(
        "holds more than 12,000 values" in each for each in faults(conditions=b"a: [" + b"x," * 20_000 + b"]")
    )
