"""Lengths of stay: fitted by maximum likelihood to a file of stays, with how well they fit; used by a scenario of beds.

``carepool stay STAYS.csv --json`` gives ``stay`` as it can stand in a scenario, and every law that was fitted.
"""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from carepool.basics.refusals import Unusable
from carepool.capacity.scenario import read_scenarios
from carepool.capacity.stays import EXAMPLE, Fitted, read_stays
from carepool.cli.stays import fitter
from carepool.engines.fitting import fit
from carepool.wiring.main import main

TITLE = "Lengths of stay"


def table(days: list[float], until: list[float] | None = None) -> bytes:
    """Stays one a row, those that last longer than they are looked at not ended."""
    if until is None:
        return ("days\n" + "\n".join(f"{each:.6f}" for each in days)).encode()
    rows = (f"{min(a, b):.6f},{'yes' if b < a else 'no'}" for a, b in zip(days, until, strict=True))
    return ("days,censored\n" + "\n".join(rows)).encode()


def drawn(law: str, number: int, seed: int = 3) -> list[float]:
    """Stays of mean 5 days: lognormal and gamma with a spread of 0.8."""
    chance = random.Random(seed)
    spread = 0.4947  # log(1 + 0.8²)
    one = {
        "exponential": lambda: chance.expovariate(1 / 5),
        "lognormal": lambda: chance.lognormvariate(1.6094 - spread / 2, spread**0.5),
        "gamma": lambda: chance.gammavariate(1 / 0.64, 5 * 0.64),
    }[law]
    return [one() for _ in range(number)]


def fitted(content: bytes) -> Fitted:
    return fit(read_stays("stays.csv", content))


@pytest.mark.parametrize("law", ["lognormal", "gamma"])
def test_a_law_is_found_again_from_stays_that_it_gave(law: str) -> None:
    """Two thousand stays of a known law: it is the best of the three, its mean and spread are near, and chance explains the rest."""
    found = fitted(table(drawn(law, 2000)))
    assert found.best.law == law
    assert found.best.mean_days == pytest.approx(5, rel=0.06)
    assert found.best.cv == pytest.approx(0.8, rel=0.1)
    assert found.chance is not None
    assert found.chance > 0.05
    assert "nothing says that it does not fit" in found.says


@pytest.mark.slow
def test_likelihood_of_exact_stays_is_greatest_at_the_closed_forms() -> None:
    """Exponential: the mean. Lognormal: the mean and spread of the logarithms. By search with one stay not ended, nearly the same."""
    from math import exp, log

    days = drawn("lognormal", 300)
    found = {each.law: each for each in fitted(table(days)).fits}
    assert found["exponential"].mean_days == pytest.approx(sum(days) / 300, rel=1e-4)
    logs = [log(each) for each in days]
    middle = sum(logs) / 300
    spread = sum((each - middle) ** 2 for each in logs) / 300
    assert found["lognormal"].mean_days == pytest.approx(exp(middle + spread / 2), rel=1e-4)
    searched = {each.law: each for each in fitted(table([*days, 1], [999.0] * 300 + [0.001])).fits}
    for law, each in found.items():
        assert searched[law].mean_days == pytest.approx(each.mean_days, rel=1e-3)
        assert searched[law].cv == pytest.approx(each.cv, rel=2e-3)


@pytest.mark.slow
def test_stays_that_have_not_ended_count_as_lasting_longer() -> None:
    """Looked at for four days only, the mean of what was seen is far too short; the fitted one is not."""
    days = drawn("exponential", 1500)
    found = fitted(table(days, [4.0] * 1500))
    exponential = next(each for each in found.fits if each.law == "exponential")
    # All days in a bed, divided by the stays that ended: the law's own answer.
    ended = sum(each <= 4 for each in days)
    assert exponential.mean_days == pytest.approx(sum(min(each, 4) for each in days) / ended, rel=1e-4)
    assert exponential.mean_days == pytest.approx(5, rel=0.1)
    assert found.stays.censored == 1500 - ended
    assert f"{1500 - ended:,} of which had not ended" in found.says


def test_nights_are_counted_as_between_two_lengths() -> None:
    """Counts by nights: as exact lengths no law lies close, and a note says why; between lengths the law is found again."""
    nights = Counter(int(each) for each in drawn("lognormal", 3000))
    exact = fitted(b"days,count\n" + "".join(f"{n},{count}\n" for n, count in nights.items() if n).encode())  # fmt: skip
    assert [each.code for each in exact.stays.findings] == ["whole-days"]
    assert "not quite of this law" in exact.says
    shown = {n: count for n, count in nights.items() if n < 15}
    rows = (
        "".join(f"{n},{n + 1},{count}\n" for n, count in shown.items())
        + f"15,,{3000 - sum(shown.values())}\n"
    )
    between = fitted(f"days,to_days,count\n{rows}".encode())
    assert not between.stays.findings
    assert (between.best.law, between.best.mean_days) == ("lognormal", pytest.approx(5, rel=0.05))
    assert between.chance is not None
    assert between.chance > 0.05


def test_hours_are_days_by_24() -> None:
    """The same stays in hours give the same law; likely a wrong unit is a warning."""
    days = drawn("gamma", 200)
    hours = fitted(("hours\n" + "\n".join(f"{each * 24:.6f}" for each in days)).encode())
    assert hours.best.mean_days == pytest.approx(fitted(table(days)).best.mean_days, rel=1e-4)
    for content, other in ((table([each * 24 for each in days]), "are these hours?"), (table(days).replace(b"days", b"hours"), "are these days?")):  # fmt: skip
        (doubt,) = read_stays("stays.csv", content).findings
        assert other in doubt.says


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("days\n", "has no stays"),
        ("days,count\n3,0\n", "has no stays"),
        ("days\n4\n-2\n", "row 3: a stay of -2 days is below zero"),
        ("days\n0\n", "a stay of zero days takes no bed"),
        ("weeks\n4\n", "no column of lengths among weeks"),
        ("days,hours\n4,96\n", "has both days and hours"),
        ("days\n5 days\n", "“5 days” is no number of days"),
        ("days\n99999\n", "longer than a hundred years"),
        ("days,ward\n5,A\n", "has the column “ward”"),
        ("days,censored\n5,perhaps\n", "censored is yes or no"),
        ("days,count\n5,1.5\n", "“1.5” is no number of stays"),
        ("days,count\n5,4\n6,5\n", "9 stays that have ended; at least 10 are needed"),
        ("days,count\n5,40\n", "are 5 days, so there is nothing to fit"),
        ("days,to_days,count\n1,1,4\n", "to_days is 1, which is not more than 1"),
        ("days,to_days,count\n0,2,40\n2,,4\n", "has 2 groups of lengths; at least 3"),
        ("days,to_days,count\n0,2,40\n1,3,40\n3,4,40\n", "overlap at 1 days"),
    ],
)
def test_stays_that_cannot_be_used_are_refused(content: str, says: str) -> None:
    """One plain sentence, and what to do."""
    with pytest.raises(Unusable) as refused:
        read_stays("stays.csv", content.encode())
    assert says in str(refused.value)


def test_a_scenario_takes_its_stay_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`stay: {file: stays.csv}`, of emergencies or planned admissions, with a law where one is wanted; what is wrong in it has a line."""
    (tmp_path / "stays.csv").write_text(EXAMPLE)
    with pytest.raises(SystemExit) as left:
        main(["stay", str(tmp_path / "stays.csv"), "--json"])
    assert left.value.code == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["laws"][0]["distribution"] == answer["stay"]["distribution"] == "lognormal"
    text = "beds: 40\narrivals_per_day: 5\nstay: {file: stays.csv}\nelective: {per_day: 1, stay: {file: stays.csv, distribution: gamma}}\n"
    scenarios, findings = read_scenarios("s.yaml", text.encode(), fitter(tmp_path))
    assert not findings
    stay = scenarios["Beds"].stay
    assert (stay.distribution, float(stay.mean_days), float(stay.cv)) == tuple(answer["stay"].values())
    assert stay.fitted == answer["says"]
    assert scenarios["Beds"].elective
    assert scenarios["Beds"].elective.stay.distribution == "gamma"
    for wrong, says in (
        ("{file: none.csv}", "line 3 cannot fit its stay: There is no file"),
        ("{file: stays.csv, mean_days: 5}", "has “mean_days” beside “file”"),
        ("{file: stays.csv, distribution: weibull}", "“weibull” cannot be fitted"),
        ("{file: [1]}", "names no file of stays"),
    ):
        _, findings = read_scenarios("s.yaml", text.replace("{file: stays.csv}\n", f"{wrong}\n").encode(), fitter(tmp_path))  # fmt: skip
        (finding,) = findings
        assert says in finding.says
        assert finding.remedy
