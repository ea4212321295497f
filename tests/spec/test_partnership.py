"""A section 75 agreement is data: whether it holds what the law asks, when its partners pay, and who bears what, to the penny."""

import json
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import Unusable
from carepool.partnership.agreement import Agreement, Contribution
from carepool.partnership.bearing import Bearing, Happening, Kind, bear, host_of
from carepool.partnership.instalments import contribution, equal_parts, explain, instalments, next_year
from carepool.partnership.reading import read_agreement
from carepool.partnership.regulations import ASPECTS, check
from carepool.rules.rulebook import Rulebook
from carepool.rules.section75 import AspectWord
from carepool.wiring.main import main

# As the agreement itself is read: every scalar the text that stands there.
GOLDEN: dict[str, Any] = yaml.load(
    (Path(__file__).parent.parent / "golden" / "riskshare.yaml").read_text(), Loader=yaml.BaseLoader
)
YEAR = "2015-16"
CARROWBY = Path(str(files("carepool").joinpath("illustrative/carrowby_agreement.yaml")))


def pence(pounds: str) -> int:
    """Pounds as text in pence."""
    return int(Decimal(pounds.replace("_", "")) * 100)


def written(data: dict[str, Any]) -> str:
    """What would stand in an agreement's file, each value written out where it is used."""
    plain = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    return str(yaml.dump(data, Dumper=plain, sort_keys=False))


def read(data: dict[str, Any]) -> Agreement:
    """An agreement from what would stand in its file."""
    agreement, _, findings = read_agreement("a.yaml", written(data).encode())
    assert agreement, findings
    return agreement


def base(**changed: object) -> dict[str, Any]:
    """The agreement of the golden cases, with some of its parts put in another way."""
    return {**GOLDEN["agreement"], **changed}


def faults(**changed: object) -> list[str]:
    """What is said of the agreement of the golden cases with some parts changed."""
    return [f"{each.says} {each.remedy}" for each in read_agreement("a.yaml", written(base(**changed)).encode())[2]]  # fmt: skip


def ask(case: dict[str, Any]) -> Bearing:
    """A golden case worked."""
    agreement = read(
        base(risk_share=case["risk_share"], **({"host": case["host"]} if "host" in case else {}))
    )
    asked = case["ask"]
    return bear(
        agreement,
        Happening(
            Kind[asked["kind"].upper()],
            pence(asked["pounds"]),
            YEAR,
            asked.get("scheme", ""),
            asked.get("line", ""),
            {word: pence(pounds) for word, pounds in asked.get("at_hand", {}).items()},
            asked.get("officers_agreed") == "yes",
            asked.get("ending") == "yes",
        ),
    )


@pytest.fixture(scope="module")
def carrowby() -> Agreement:
    """The illustrative agreement."""
    agreement, _, findings = read_agreement(CARROWBY.name, CARROWBY.read_bytes())
    assert agreement, findings
    return agreement


# What the law asks


def lacking(rulebook: Rulebook, data: dict[str, Any]) -> list[Finding]:
    """What the regulations find in an agreement."""
    content = written(data).encode()
    agreement, lines, findings = read_agreement("a.yaml", content)
    assert agreement, findings
    rules, asked = rulebook.section_75(date(2015, 4, 1))
    return check("a.yaml", agreement, lines, rules, asked)


def whole() -> dict[str, Any]:
    """The illustrative agreement as it would be typed."""
    data: dict[str, Any] = yaml.load(CARROWBY.read_text(), Loader=yaml.BaseLoader)
    return data


def test_the_illustrative_agreement_holds_all(rulebook: Rulebook) -> None:
    """The agreement that ships with the illustrative county has every content that the regulations ask for, and is marked fictitious."""
    assert lacking(rulebook, whole()) == []
    assert whole()["fictitious"] == "yes"


def test_seven_contents_and_a_host_with_a_manager(rulebook: Rulebook) -> None:
    """Seven contents are published in SI 2000/617, regulation 7(3); that there is a host and a pool manager is recalled."""
    _, asked = rulebook.section_75(date(2015, 4, 1))
    cited = {each.id: each.confidence for each in asked.contents}
    assert list(cited.values()) == ["published"] * 7 + ["recalled"] * 2
    assert [each.source[-3:] for each in asked.contents[:7]] == [f"({letter})" for letter in "abcdefg"]


@pytest.mark.parametrize(
    ("key", "paragraph"),
    [
        ("aims", "7(3)(a)"), ("outcomes", "7(3)(a)"), ("varied", "7(3)(b)"), ("functions", "7(3)(c)"), ("persons", "7(3)(d)"),
        ("services", "7(3)(d)"), ("provided", "7(3)(e)"), ("duration", "7(3)(f)"), ("review", "7(3)(f)"), ("variation", "7(3)(f)"),
        ("termination", "7(3)(f)"), ("managed", "7(3)(g)"),
    ],
)  # fmt: skip
def test_each_content_is_missed(rulebook: Rulebook, key: str, paragraph: str) -> None:
    """An agreement without one of the contents is stopped, with the paragraph that asks for it and the key to write it under."""
    data = whole()
    del data[key]
    (found,) = lacking(rulebook, data)
    assert found.severity is Severity.BLOCKER
    assert found.rule == f"section-75/section_75: SI 2000/617, regulation {paragraph}"
    assert found.remedy.startswith(f"Write it under {key}:.")


def test_what_is_recalled_warns(rulebook: Rulebook) -> None:
    """Without a host or a pool manager an agreement is warned of, because paragraphs (4) and (5) are recalled; the finding says so."""
    data = whole()
    del data["pool_manager"], data["host"]
    found = lacking(rulebook, data)
    assert [each.severity for each in found] == [Severity.WARNING] * 3
    assert all("recalled" in each.rule for each in found)
    data = whole()
    data["pool_manager"]["reports"] = ["quarterly"]
    assert [each.says for each in lacking(rulebook, data)] == [
        f"a.yaml, line {each} does not specify the pool manager's quarterly and annual reports."
        for each in [written(data).split("\n").index("pool_manager:") + 1]
    ]


def test_functions_of_both_kinds(rulebook: Rulebook) -> None:
    """NHS functions alone are not enough, nor is a partner of whose contribution nothing is written."""
    data = whole()
    data["functions"] = data["functions"][:1]
    data["contributions"] = [each for each in data["contributions"] if each["partner"] == "Z6A"]
    data["grants"] = []
    assert [each.code for each in lacking(rulebook, data)] == ["agreement-lacks", "agreement-lacks"]


def test_a_board_neither_takes_part_nor_hosts(rulebook: Rulebook) -> None:
    """A health and wellbeing board holds no money: as a partner or as the host it is refused."""
    data = whole()
    data["partners"][0]["kind"] = "board"
    found = lacking(rulebook, data)
    assert [each.code for each in found] == ["agreement-partner", "agreement-host"]
    assert {each.severity for each in found} == {Severity.BLOCKER}


def test_what_the_rules_can_ask_for_is_looked_for_once() -> None:
    """Each thing that a rule can need is seen in an agreement in exactly one way."""
    assert set(ASPECTS) == set(get_args(AspectWord))


def test_rules_are_looked_up_at_a_day(rulebook: Rulebook) -> None:
    """Before the regulations were in force nothing is asked, and the question is refused."""
    with pytest.raises(Unusable, match="No set of rules says what an agreement to pool money must hold"):
        rulebook.section_75(date(1999, 1, 1))


# How it is read


def test_every_fault_has_its_line() -> None:
    """A misspelt key, a wrong amount and a name of nobody are told with file and line, all of a kind at once."""
    text = (
        written(base())
        .replace("'300_000'", "much")
        .replace("300_000", "much")
        .replace("kind: ccg", "kinds: ccg")
    )
    _, _, found = read_agreement("a.yaml", text.encode())
    lines = text.split("\n")
    assert {each.where for each in found} >= {
        f"a.yaml:{lines.index('  kinds: ccg') + 1}",
        f"a.yaml:{next(n for n, each in enumerate(lines, 1) if 'much' in each)}",
    }
    assert "Did you mean “kind”?" in [each.remedy for each in found]
    assert {each.rule for each in found} == {"docs/adr/0023"}


def test_nothing_is_guessed() -> None:
    """The reader is that of the rules: text stays text, a key twice, an anchor or a tag is refused, and so is no YAML at all."""
    for text, says in (
        (b"title: A\ntitle: B\npartners: []\n", "twice"),
        (b"title: &x A\n", "anchor"),
        (b"title: !!str A\n", "tag"),
        (b"title: [\n", "not YAML"),
        (b"", "empty"),
    ):
        agreement, _, found = read_agreement("a.yaml", text)
        assert agreement is None
        assert says in found[0].says


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"host": {"partner": "A2", "clause": "1"}}, "names A2, which is no partner. Name one of A1, B1."),
        ({"partners": GOLDEN["agreement"]["partners"] + GOLDEN["agreement"]["partners"][:1]}, "has A1 twice"),
        ({"contributions": [{"partner": "A1", "year": "2015-17", "pounds": "1", "clause": "2"}]}, "whose two parts do not follow"),
        ({"contributions": [{"partner": "A1", "year": YEAR, "pounds": "1", "clause": "2"}] * 2}, "one of several contributions of A1 for 2015-16"),
        ({"contributions": [{"partner": "A1", "year": YEAR, "inflation": "1", "clause": "2"}]}, "the year before 2015-16 has none"),
        ({"contributions": [{"partner": "A1", "year": YEAR, "pounds": "1", "inflation": "1", "clause": "2"}]}, "both a sum and changes"),
        ({"instalments": [{"partner": "B1", "on": ["04-15", "04-15"], "clause": "3"}]}, "has a day of payment twice"),
        ({"duration": {"from": "2016-04-01", "to": "2015-04-01"}}, "ends before it begins"),
        ({"risk_share": {"overspend": {"bears": [{"by": "fixed", "clause": "9"}]}}}, "gives no shares"),
        ({"risk_share": {"overspend": {"bears": [{"by": "contribution", "shares": {"parts": {"A1": "1"}}, "clause": "9"}]}}}, "and gives shares"),
        ({"risk_share": {"overspend": {"bears": [{"by": "contribution", "schemes": ["joined"], "clause": "9"}]}}}, "names joined, which is no scheme. Did you mean joint?"),
        ({"risk_share": {"overspend": {"bears": [{"by": "fixed", "shares": {"per_cent": {"A1": "60", "B1": "50"}}, "clause": "9"}]}}}, "comes to more than 100 per cent"),
        ({"risk_share": {"overspend": {"bears": [{"by": "fixed", "shares": {"per_cent": {"A1": "60"}, "parts": {"A1": "1"}}, "clause": "9"}]}}}, "write one of the two"),
        ({"risk_share": {"overspend": {"cover": [{"by": "outside", "clause": "9"}] * 2}}}, "draws on outside twice"),
        ({"risk_share": {"overspend": {"cap": {"at": "sums", "clause": "9"}}}}, "caps at sums and gives none"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_are_told(changed: dict[str, Any], says: str) -> None:
    """Names of nobody, sums twice, years and days that cannot be, rules that cannot be followed: each is told with what to do."""
    assert any(says in each for each in faults(**changed)), faults(**changed)


def test_a_scheme_says_who_commissions() -> None:
    """Lead commissioning names the lead, an agent has a principal, and a line says what such a line needs."""
    schemes = [dict(each) for each in GOLDEN["agreement"]["schemes"]]
    schemes[0].pop("lead")
    schemes[1]["lines"] = [{**schemes[1]["lines"][0], "kind": "variable"}]
    schemes[2].pop("principal")
    said = faults(schemes=schemes)
    assert [any(part in each for each in said) for part in ("nobody who commissions it", "who commissions as agent for whom", "the variable line block")] == [True] * 3  # fmt: skip


# Who bears it


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda each: each["name"])
def test_golden_cases(case: dict[str, Any]) -> None:
    """The cases of tests/golden/riskshare.yaml: each pattern of risk share, worked by hand."""
    found = ask(case)
    assert found.shares == {code: pence(pounds) for code, pounds in case["shares"].items()}
    assert [each.pence for each in found.cover] == [pence(each) for each in case.get("cover", [])]
    assert [each.pence for each in found.uncovered] == [pence(each) for each in case.get("uncovered", [])]
    assert ({found.carried.by: found.carried.pence} if found.carried else {}) == {
        code: pence(pounds) for code, pounds in case.get("carried", {}).items()
    }


def test_every_pattern_has_a_case() -> None:
    """RS1 to RS10 and RS12 stand among the cases; RS11 is of instalments, and stands beside them."""
    held = {each["name"].split()[0] for each in GOLDEN["cases"]}
    assert {f"RS{number}" for number in range(1, 13)} - held == {"RS11"}


def test_each_step_cites_its_clause(carrowby: Agreement) -> None:
    """The working has the amount first, then each step with its arithmetic and its clause, and its steps add to the amount."""
    found = bear(carrowby, Happening(Kind.OVERSPEND, 100_000_001, YEAR, "s2", "spot"))
    first, *steps = found.working.steps
    assert first.value == found.working.value == 100_000_001
    assert sum(each.value for each in steps if isinstance(each.value, int)) == 100_000_001
    assert [each.source for each in steps] == [f"clause {each}" for each in ("12.2(a)", "12.2(b)", "12.2(c)", "12.2(d)", "12.3", "12.3")]  # fmt: skip
    assert steps[-1].how.endswith("× 50 ÷ 100")


def test_what_no_clause_covers_says_why(carrowby: Agreement) -> None:
    """A gap says which clause did not reach it: the cap that stopped it, or the rule that could not be followed."""
    found = bear(carrowby, Happening(Kind.OVERSPEND, 1_000_000_000, YEAR, "s2", "spot"))
    assert found.shares["ZZ6"] == 92_369_907, "its contribution, and no more"
    assert found.uncovered[0].says == (
        "Carrowby Council would bear more than its contribution of the year (clause 12.7), and its finance officers have not both agreed to more."
    )
    case = next(each for each in GOLDEN["cases"] if each["name"].startswith("RS1 own risk says"))
    assert (
        ask(case).uncovered[0].says
        == "Clause 9 leaves each partner its own risk, and A joint scheme is no one partner's."
    )


def test_a_rule_for_some_schemes_is_not_for_the_pool(carrowby: Agreement) -> None:
    """Where no scheme is named, only rules for the whole pool are followed."""
    found = bear(carrowby, Happening(Kind.OVERSPEND, 100_000_000, YEAR))
    assert {each.source for each in found.working.steps if "bears" in each.says} == {"clause 12.6"}


@pytest.mark.parametrize(
    ("happening", "says"),
    [
        (Happening(Kind.OVERSPEND, 0, YEAR), "above zero"),
        (Happening(Kind.OVERSPEND, 1, "2030-31"), "Years that it has: 2015-16, 2016-17."),
        (Happening(Kind.OVERSPEND, 1, YEAR, "s22"), "Did you mean s2?"),
        (Happening(Kind.OVERSPEND, 1, YEAR, "s2", "spots"), "Did you mean spot?"),
        (Happening(Kind.OVERSPEND, 1, YEAR, at_hand={"underspend": 1}), "Did you mean underspends?"),
        (Happening(Kind.OVERSPEND, 1, YEAR, at_hand={"underspends": -1}), "below zero"),
        (Happening(Kind.OVERSPEND, 1, YEAR, ending=True), "Only what is left over"),
        (Happening(Kind.MISSED, 156_003_001, YEAR), "No more than £1,560,030 depends on performance"),
    ],
)
def test_what_cannot_be_asked_is_refused(carrowby: Agreement, happening: Happening, says: str) -> None:
    """Nothing, an unknown year, scheme, line or step, and more missed than depends on performance are refused with the nearest."""
    with pytest.raises(Unusable) as refused:
        bear(carrowby, happening)
    assert says in str(refused.value)


def test_who_hosts(carrowby: Agreement) -> None:
    """Whoever is named, else by default the largest contributor, and nobody where two contribute the same or nothing is said."""
    assert host_of(carrowby, YEAR) == "ZZ6"
    default = {"otherwise": "largest_contributor", "clause": "1"}
    assert host_of(read(base(host=default)), YEAR) == "B1"
    equal = [{"partner": code, "year": YEAR, "pounds": "5", "clause": "2"} for code in ("A1", "B1")]
    assert host_of(read(base(host=default, contributions=equal)), YEAR) is None
    assert host_of(read({**base(), "host": {"clause": "1"}}), YEAR) is None


# Contributions and instalments


@pytest.mark.parametrize("case", GOLDEN["instalments"], ids=lambda each: each["name"])
def test_instalments_are_exact(case: dict[str, Any]) -> None:
    """Equal parts add to the whole: 1,000,003 pounds in four are 250,000.75 each, and odd pennies go to the earlier ones."""
    assert equal_parts(pence(case["pounds"]), int(case["parts"])) == tuple(map(pence, case["each"]))


def test_instalments_fall_on_fixed_days(carrowby: Agreement) -> None:
    """The same days of every financial year, January after April, each with its part of that year's contribution."""
    found = instalments(carrowby, "2016-17")
    assert [each.on for each in found] == [date(2016, 4, 15), date(2016, 7, 15), date(2016, 10, 15), date(2017, 1, 15)]  # fmt: skip
    assert sum(each.pence for each in found) == contribution(carrowby, "Z6A", "2016-17")
    assert {each.clause for each in found} == {"7.2"}


@pytest.mark.parametrize("case", GOLDEN["next_year"], ids=lambda each: each["name"])
def test_next_years_contribution(case: dict[str, Any]) -> None:
    """Last year's, with recurrent changes, inflation and planned changes, less efficiency."""
    change = Contribution.model_validate({"partner": "A1", "year": YEAR, "clause": "7"} | {each: case[each] for each in ("recurrent", "inflation", "planned", "efficiency")})  # fmt: skip
    assert next_year(pence(case["last"]), change) == pence(case["next"])


def test_a_contribution_that_follows_explains_itself(carrowby: Agreement) -> None:
    """A contribution worked out from last year's shows each change with its clause."""
    found = explain(carrowby, carrowby.contributions[5])
    assert found.value == contribution(carrowby, "Z6A", "2016-17") == 1_760_435_028
    assert found.steps[-1].how == "£17,449,850.28 + £120,000 + £174,500 − £50,000 − £90,000"


# The commands


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str]:
    """A command's exit code and what it said."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    out = capsys.readouterr()
    return ended.value.code, out.out or out.err


def test_riskshare_as_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """``carepool riskshare AGREEMENT.yaml --overspend PENCE --json``: each partner's share in pence, and all parts add to the amount."""
    code, text = said(capsys, "riskshare", str(CARROWBY), "--overspend", "100000001", "--at-hand", "risk_pool=0", "--json")  # fmt: skip
    data = json.loads(text)
    parts = [each["pence"] for each in data["cover"] + data["uncovered"]] + [each["share_pence"] for each in data["shares"]]  # fmt: skip
    assert (code, data["amount_pence"], sum(parts)) == (0, 100_000_001, 100_000_001)
    assert data["mark"].startswith("Illustrative county: fictitious")
    code, text = said(capsys, "riskshare", str(CARROWBY), "--missed", "100000", "--at-hand", "tied_schemes=0")
    assert (code, "Covered by no clause, and so nobody's until the partners agree: £1,000." in text) == (
        0,
        True,
    )
    assert "clause 11.3(b)" in text


@pytest.mark.slow
def test_riskshare_refuses(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Two amounts, none, or a step that is no step end with 2 and one sentence; an agreement with a fault ends with 1 and its findings."""
    for words in ((), ("--overspend", "1", "--missed", "1"), ("--overspend", "1", "--at-hand", "x"), ("--overspend", "9" * 30)):  # fmt: skip
        code, text = said(capsys, "riskshare", str(CARROWBY), *words)
        assert (code, text.count("\n")) == (2, 1)
    bad = tmp_path / "bad.yaml"
    bad.write_text("title: A\n")
    code, text = said(capsys, "riskshare", str(bad), "--overspend", "1", "--json")
    assert (code, json.loads(text)["agreement"]) == (1, None)
    assert "lacks “partners”" in json.loads(text)["findings"][0]["says"]


def test_agreement_check_as_a_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """``carepool agreement check AGREEMENT.yaml --json``: parties, contributions, instalments, findings; exit 1 when one blocks."""
    code, text = said(capsys, "agreement", "check", str(CARROWBY), "--json")
    data = json.loads(text)
    assert (code, data["findings"], data["rules"]) == (0, [], "section-75/section_75")
    assert [each["host"] for each in data["years"]] == ["ZZ6", "ZZ6"]
    bare = tmp_path / "bare.yaml"
    bare.write_text(written(base()))
    code, text = said(capsys, "agreement", "check", str(bare))
    assert code == 1
    assert "does not specify its aims" in text
