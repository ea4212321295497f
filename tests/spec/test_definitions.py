"""What is measured: every measure defined once, dated and cited, with its versions, its breaks and the plans it is for."""

from collections.abc import Mapping
from datetime import date
from typing import get_args

import pytest

from carepool.basics.refusals import NotHere, Unusable
from carepool.rules.measuring import ChartRules, Definitions, SeriesWord
from carepool.rules.parse import parse
from carepool.rules.rulebook import Rulebook
from carepool.rules.schema import Metrics
from carepool.wiring import disk


@pytest.fixture
def definitions(rulebook: Rulebook) -> Definitions:
    """The measures that ship."""
    return rulebook.definitions


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    """The files of the set that defines measures, by their names."""
    return {path: content for path, content in disk.shipped("rulebook").items() if path.startswith("measures/")}  # fmt: skip


def test_every_measure_says_what_is_counted_out_of_what(definitions: Definitions) -> None:
    """Each has an author, a second person who checked it with the day of the next review, a direction, a scale, and versions that are cited."""
    for each in definitions.measures:
        assert each.author and each.checked.by and each.checked.again_by > each.checked.on, each.id
        assert each.author != each.checked.by, each.id
        assert each.better in {"lower", "higher", "neither"}
        for version in each.versions:
            assert version.numerator and version.denominator and version.scale > 0 and version.source


def test_only_first_episodes_of_the_monthly_return_paid(definitions: Definitions) -> None:
    """One measure is the paid one. Emergency admissions of older people, of falls, or that were avoidable are others."""
    assert [each.id for each in definitions.measures if each.pays] == ["non_elective_admissions"]
    assert "First finished consultant episodes" in definitions.named("non_elective_admissions").versions[0].numerator  # fmt: skip


def test_the_families_follow_each_other(definitions: Definitions) -> None:
    """Avoidable admissions were planned in December 2013, gave way to all admissions in July 2014, and came back in 2021."""
    families = {each.id: each for each in definitions.families}
    assert "avoidable_emergency_admissions" in families["planned_2013"].measures
    assert "avoidable_emergency_admissions" not in families["operated_2014"].measures
    assert "avoidable_emergency_admissions" in families["of_2021"].measures
    assert [each.id for each in definitions.families_of("permanent_admissions")] == list(families)
    assert [each.id for each in definitions.families_of("discharge_delay")] == ["of_2025"]


def test_what_the_sets_of_rules_name_is_defined(rulebook: Rulebook, definitions: Definitions) -> None:
    """Each national metric of every set of the fund is a measure, by the same name; what an area chooses is its own."""
    known = {each.id for each in definitions.measures}
    for rules in rulebook.in_order:
        found = rules.find("metrics", Metrics)
        named = {each.id for each in found.metrics} if found else set()
        assert {each for each in named if not each.endswith("local_metric")} <= known, rules.name


def test_a_definition_is_looked_up_at_its_day(definitions: Definitions) -> None:
    """Care home admissions of 2013-14 are counted by another version than those of 2014-15; before the first there is none."""
    measure = definitions.named("permanent_admissions")
    assert measure.on(date(2014, 3, 31)).version == "v1"
    assert measure.on(date(2014, 4, 1)).version == "v2"
    assert measure.on(date(2020, 4, 1)).version == "v3"
    with pytest.raises(Unusable, match="is defined from 1 April 2011"):
        measure.on(date(2010, 4, 1))


def test_a_comparison_across_a_break_is_none(definitions: Definitions) -> None:
    """Between 2013-14 and 2014-15 the return behind care home admissions changed; between 2014-15 and 2015-16 it did not."""
    measure = definitions.named("permanent_admissions")
    assert "SALT" in measure.breaks_between(date(2013, 4, 1), date(2014, 4, 1))[0].says
    assert measure.breaks_between(date(2014, 4, 1), date(2015, 4, 1)) == ()


def test_what_has_no_figures_says_why(definitions: Definitions) -> None:
    """Measures of patients' records are defined and have no series; the reason says what to do. An unknown one has its nearest."""
    for each in definitions.measures:
        assert (each.series == "none") == bool(each.without)
        assert each.series in get_args(SeriesWord)
    with pytest.raises(NotHere, match="Did you mean delayed_transfers"):
        definitions.named("delayed_transfer")


def test_chart_rules_have_versions(rulebook: Rulebook) -> None:
    """Seven and seven are in use; eight and six, as older guides have them, are kept beside as recalled."""
    rules = rulebook.measuring.find("chart_rules", ChartRules)
    assert rules
    assert (rules.named().shift, rules.named().trend) == (7, 7)
    assert (rules.named("plot_the_dots_6").shift, rules.named("plot_the_dots_6").trend) == (8, 6)
    with pytest.raises(NotHere, match="Did you mean plot_the_dots_7"):
        rules.named("plot_the_dots_5")


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("definitions", b"delayed_transfers, user_experience]", b"delayed_transfer, user_experience]", "Did you mean delayed_transfers"),
        ("definitions", b"version: v2, from: 2014-04-01", b"version: v2, from: 2019-04-01", "versions of permanent_admissions out of order"),
        ("definitions", b"version: v3", b"version: v2", "names two versions of permanent_admissions alike"),
        ("definitions", b"{on: 2014-04-01, says: \"The return SALT", b"{on: 2024-04-01, says: \"The return SALT", "breaks of permanent_admissions out of order"),
        ("definitions", b"by: \"carepool, a second engineer, against our notes of the sources\"", b"by: \"Carepool, the engineer of measures\"", "has non_elective_admissions checked by whoever wrote it"),
        ("definitions", b"series: beds", b"series: none", "no reason why beds_occupied has no figures"),
        ("definitions", b"better: neither", b"better: smaller", "known are lower, higher, neither"),
        ("chart_rules", b"used: plot_the_dots_7", b"used: plot_the_dots_9", "which is not there"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(
    files: Mapping[str, bytes], file: str, before: bytes, after: bytes, says: str
) -> None:
    """A draft of the measures that does not hold together is refused, each fault with file, line and what to do."""
    name = f"measures/{file}.yaml"
    assert before in files[name]
    _, findings = parse({**files, name: files[name].replace(before, after, 1)})
    said = " ".join(f"{each.says} {each.remedy}" for each in findings if each.where.startswith(name))
    assert says in said
