"""Rules: sets of cited, dated data; a fault in a file is a finding with its line; no value is served past its date."""

from datetime import date
from decimal import Decimal

import pytest

from carepool.basics.findings import Severity
from carepool.basics.refusals import NotHere, Unusable
from carepool.rules.parse import overdue, parse
from carepool.rules.rulebook import Rulebook
from carepool.rules.schema import Confidence

SET = b"""title: T
says: S
status: proposed
issued: 2020-01-01
governs: {from: 2020-01-01, to: 2020-12-31}
source: a paper
confidence: published
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
    """Both sets parse without a blocking finding; where stated totals differ from their parts, a note says so."""
    rulebook, findings = parse(rule_files)
    assert set(rulebook.sets) == {"itf-2013-08", "bcf-2014-08"}
    assert {each.severity for each in findings} == {Severity.NOTE}
    assert len([each for each in findings if each.code == "stated-total"]) == 5


def test_august_2013_has_eight_conditions_and_two_proposed_halves(rulebook: Rulebook) -> None:
    """The statement lists eight conditions and proposes to pay 500 million twice, without saying how to compute it."""
    rules = rulebook.named("itf-2013-08")
    assert rules.about.status == "proposed"
    assert len(rules.conditions.conditions) == 8
    tranches = rules.sections["payment/tranches"]
    assert [each.pence for each in tranches.tranches] == [50_000_000_000] * 2  # type: ignore[union-attr]
    with pytest.raises(
        Unusable, match=r"itf-2013-08 .proposed. lay down no computation of performance money"
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
        (b"confidence: published", b"confidence: sure", 4, "should be 'published', 'recalled' or 'derived'"),
        (b"unit: per cent", b"unit: furlongs", 2, "“unit”: Input should be"),
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
        (b"50.50", b"-50.50", "greater than or equal to 0"),
    ],
)
def test_a_composition_that_does_not_fit_blocks(old: bytes, new: bytes, says: str) -> None:
    """Money that is in no stream, more than its stream, or not whole pence stops the set."""
    assert any(says in each for each in faults(composition=COMPOSITION.replace(old, new, 1)))


def test_an_overdue_review_is_a_warning(rulebook: Rulebook) -> None:
    """Each value says when it is due to be checked again; past that day there is a warning."""
    assert not overdue(rulebook, date(2026, 11, 22))
    assert {each.code for each in overdue(rulebook, date(2027, 11, 23))} == {"review-overdue"}


def test_a_sets_digest_changes_with_any_of_its_files(rule_files: dict[str, bytes]) -> None:
    """What was decided under a set of rules can be checked against its exact content."""
    before, _ = parse(rule_files)
    name = "bcf-2014-08/payment/unit_value.yaml"
    after, _ = parse({**rule_files, name: rule_files[name].replace(b"1490", b"1491")})
    assert before.named("bcf-2014-08").digest != after.named("bcf-2014-08").digest
    assert before.named("itf-2013-08").digest == after.named("itf-2013-08").digest
