"""Plans: a document in sections, drafted as typed, saved as versions on purpose, compared field by field."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from carepool.actions.comparing import compare_versions
from carepool.actions.demonstration import Stage, filled, people
from carepool.actions.demonstration_words import read_narrative
from carepool.actions.editing import (
    Stale,
    Unreadable,
    editing,
    keep_draft,
    save_version,
    section_base,
    with_drafts,
)
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor, partners
from carepool.actions.planning import check_plan, plannable, read_history, start_plan, view, why_no_plan
from carepool.actions.ports import MemoryDrafts
from carepool.basics.findings import Finding
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import Permit, give
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.document import (
    EVERY,
    Plan,
    as_data,
    pence_typed,
    plan_digest,
    read_plan,
    read_section,
    section_digest,
)
from carepool.wiring import disk

LEAD, OTHER = "demo-01", "lead-2"


@pytest.fixture
def stage(house: House) -> Stage:
    """A county of people in office, and no plan yet; a second plan lead in a CCG of Merrow."""
    empty = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    made = Stage(empty, people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in ("merrow.lead", "merrow.chief"):
        made.office(handle)
    fact = give("ccg:Z1A", "plan_lead", OTHER, date(2013, 4, 1))
    made.house.journal.append(
        [fact], expecting={office_stream("ccg:Z1A"): 0}, by="carepool", at=datetime(2014, 9, 1, tzinfo=UTC)
    )
    return made


@pytest.fixture
def merrow(stage: Stage) -> House:
    """Merrow's plan, started and saved once."""
    assert isinstance(
        start_plan(stage.house, stage.actor("merrow.lead"), "merrow", RULES, ("ZZ1",), "Merrow"), Done
    )
    content = filled(stage.house, read_narrative(disk.county_files()), "merrow", "ZZ1", Decimal("3.5"))
    for section in ("parties", "schemes", "sources", "spend", "target"):
        base = section_base(view(stage.house, "merrow"), section)
        keep_draft(
            stage.house,
            stage.actor("merrow.lead"),
            "merrow",
            section,
            as_data(content.section(section)),
            base,
        )
    assert isinstance(save_version(stage.house, Actor(LEAD, "first"), "merrow"), Done)
    return stage.house


def draft(
    house: House, account: str, change: Callable[[dict[str, object]], object], section: str = "schemes"
) -> None:
    """An editor changes a section, beginning from what stands."""
    seen = view(house, "merrow")
    content = as_data(seen.plan.section(section))
    change(content)
    assert (
        keep_draft(house, Actor(account, "x"), "merrow", section, content, section_base(seen, section))
        is None
    )


def rename(words: str) -> Callable[[dict[str, object]], object]:
    return lambda content: content["schemes"][0].update({"name": words})  # type: ignore[index]


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("1240000", 124_000_000),
        ("£1,240,000", 124_000_000),
        (" 1 240 000.50 ", 124_000_050),
        ("0", 0),
        (124, 124),
    ],
)
def test_money_is_typed_as_people_write_it(typed: object, pence: int) -> None:
    """Pounds with signs, commas and spaces are fine; a whole number that is no text is pence already."""
    assert pence_typed(typed) == pence


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("lots", "“lots” is not an amount: write pounds, like 1,240,000"),
        ("-5", "is below zero: write an amount of zero or more"),
        ("£-5", "is below zero"),
        ("1.234", "is not an amount"),
        ("1,2,3", "is not an amount"),
        ("1,5", "is not an amount"),
        ("١٢", "is not an amount"),
        ("1e9", "is not an amount"),
        ("", "is not an amount"),
        (1.5, "is not an amount"),
        (True, "is not an amount"),
        ("999999999999999", "more than the whole fund of England"),
    ],
)
def test_money_that_is_none_says_what_to_do(typed: object, says: str) -> None:
    """Text, a negative amount, a fraction of a penny or a slip of the unit is refused in words."""
    with pytest.raises(ValueError, match=says):
        pence_typed(typed)


def test_a_section_that_cannot_be_read_has_a_finding_at_each_field() -> None:
    """Everything wrong in a section is found at once, each with the place of its field."""
    data = {
        "sources": [
            {"contributor": "Z1A", "source": "reablement", "year_1": "lots", "year_2": "-3"},
            {"sourse": "x"},
        ]
    }
    section, findings = read_section("sources", data)
    assert section is None
    assert {finding.where for finding in findings} >= {
        "sources/sources/0/year_1",
        "sources/sources/0/year_2",
        "sources/sources/1/sourse",
    }
    assert any("Did you mean “source”?" in finding.remedy for finding in findings)


def test_a_digest_is_a_tree_over_the_sections(merrow: House) -> None:
    """A plan's digest changes with any section, and a section's only with its own content."""
    plan = view(merrow, "merrow").plan
    other = plan.with_section("schemes", plan.schemes.model_copy(update={"schemes": ()}))
    assert plan_digest(plan) != plan_digest(other)
    same = [
        name
        for name in EVERY
        if section_digest(name, plan.section(name)) == section_digest(name, other.section(name))
    ]
    assert same == [name for name in EVERY if name != "schemes"]
    read, findings = read_plan(as_data(plan))
    assert (read, findings) == (plan, [])


def test_a_plan_begins_with_what_is_known(stage: Stage) -> None:
    """A new plan has its boards' councils and CCGs as parties and the published baseline as target."""
    start_plan(stage.house, stage.actor("merrow.lead"), "merrow", RULES, ("ZZ1",), "Merrow")
    plan = view(stage.house, "merrow").plan
    assert plan.parties.ccgs == ("Z1A", "Z1B", "Z1C")
    assert len(plan.target.quarters) == 4
    assert all(row.baseline > 0 for row in plan.target.quarters)


@pytest.mark.slow
def test_a_plan_can_be_started_for_any_real_board(house: House) -> None:
    """Whoever is plan lead of a real council or CCG starts a plan for its board; nothing is invented for it."""
    real = replace(
        house, journal=MemoryJournal(), drafts=MemoryDrafts(), clock=lambda: datetime(2014, 9, 1, tzinfo=UTC)
    )
    for code in house.england.places.boards:
        board = house.england.places.boards[code]
        body = f"council:{board.councils[0].code}"
        real.journal.append(
            [give(body, "plan_lead", "real", date(2014, 4, 1))],
            expecting={office_stream(body): 0},
            by="carepool",
            at=datetime(2014, 9, 1, tzinfo=UTC),
        )
        name = f"plan-{code.replace('_', '-')}"
        assert isinstance(start_plan(real, Actor("real", name), name, RULES, (code,), board.name), Done)
        seen = view(real, name)
        assert (seen.plan.schemes.schemes, seen.plan.sources.sources) == ((), ())
        assert not seen.area.illustrative


def test_real_and_fictitious_boards_do_not_mix(stage: Stage) -> None:
    """A plan is for boards of England or of the illustrative county, not for both."""
    with pytest.raises(Unusable, match="not for both"):
        start_plan(stage.house, stage.actor("merrow.lead"), "mixed", RULES, ("ZZ1", "E10000016"), "Mixed")


def test_only_a_plan_lead_of_a_partner_starts_or_edits(merrow: House) -> None:
    """A chief executive does not edit, nor a plan lead of somebody else's; the refusal says who does."""
    seen = view(merrow, "merrow")
    refused = keep_draft(
        merrow, Actor("demo-02", "k"), "merrow", "schemes", {}, section_base(seen, "schemes")
    )
    assert isinstance(refused, Refused)
    assert "plan lead" in refused.says
    assert isinstance(start_plan(merrow, Actor("demo-02", "k2"), "mine", RULES, ("ZZ1",), "Mine"), Refused)


def test_a_draft_is_kept_as_typed_right_or_wrong(merrow: House) -> None:
    """What is typed is kept for its editor alone; what cannot be read is found, and the section stays as saved."""
    draft(merrow, LEAD, lambda content: content["spend"][0].update({"year_2": "a lot"}), "spend")  # type: ignore[index]
    seen = view(merrow, "merrow")
    plan, drafts, wrong = with_drafts(merrow, seen, LEAD)
    assert drafts[0].content["spend"][0]["year_2"] == "a lot"  # type: ignore[call-overload,index]
    assert plan == seen.plan
    assert [finding.where for finding in wrong] == ["spend/spend/0/year_2"]
    assert with_drafts(merrow, seen, OTHER)[1] == ()
    assert isinstance(save_version(merrow, Actor(LEAD, "k"), "merrow"), Unreadable)
    assert len(read_history(merrow, "merrow").versions) == 1


def test_a_version_is_saved_on_purpose_and_once(merrow: House) -> None:
    """Saving writes one version and empties the drafts; the same request again gives the same answer; no change is refused."""
    draft(merrow, LEAD, rename("Day and night"))
    first, again = (save_version(merrow, Actor(LEAD, "k"), "merrow") for _ in range(2))
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert (first.answer, again.answer, again.again) == (2, 2, True)
    assert merrow.drafts.of_plan("merrow") == ()
    refused = save_version(merrow, Actor(LEAD, "k2"), "merrow")
    assert isinstance(refused, Refused)
    assert "Nothing has changed" in refused.says


def test_two_editors_see_the_difference(merrow: House) -> None:
    """Who saves a section that another has saved since they began is shown both, field by field, and loses nothing."""
    draft(merrow, LEAD, rename("Theirs"))
    draft(merrow, OTHER, rename("Mine"))
    assert isinstance(save_version(merrow, Actor(LEAD, "a"), "merrow"), Done)
    stale = save_version(merrow, Actor(OTHER, "b"), "merrow")
    assert isinstance(stale, Stale)
    assert [(each.where, each.before, each.after) for each in stale.changes] == [
        ("schemes/schemes/S1/name", "Theirs", "Mine")
    ]
    assert len(merrow.drafts.of_editor("merrow", OTHER)) == 1


def test_a_draft_kept_while_a_version_is_saved_stays(merrow: House) -> None:
    """What is kept in another window while the version is being saved is not in it, and is not thrown away."""
    draft(merrow, LEAD, rename("In the version"))
    kept = merrow.drafts.of_editor("merrow", LEAD)[0]
    later = replace(kept, at=kept.at + timedelta(seconds=1), content={"schemes": []})

    class Late(MemoryDrafts):
        def drop(self, plan: str, section: str, editor: str, kept_at: datetime | None = None) -> None:
            self.put(later)
            super().drop(plan, section, editor, kept_at)

    drafts = Late()
    drafts.put(kept)
    house = replace(merrow, drafts=drafts)
    assert isinstance(save_version(house, Actor(LEAD, "k"), "merrow"), Done)
    assert drafts.of_editor("merrow", LEAD) == (later,)


def test_two_editors_of_two_sections_do_not_meet(merrow: House) -> None:
    """Sections are saved on their own: another's version of another section is kept."""
    draft(merrow, LEAD, rename("Theirs"))
    draft(merrow, OTHER, lambda content: content["spend"][0].update({"provider": "Somebody else"}), "spend")  # type: ignore[index]
    for account, key in ((LEAD, "a"), (OTHER, "b")):
        assert isinstance(save_version(merrow, Actor(account, key), "merrow"), Done)
    plan = view(merrow, "merrow").plan
    assert (plan.schemes.schemes[0].name, plan.spend.spend[0].provider) == ("Theirs", "Somebody else")


def test_versions_are_compared_field_by_field(merrow: House) -> None:
    """A row added on top does not change those below it: rows are matched by what names them."""

    def on_top(content: dict[str, object]) -> None:
        content["schemes"].insert(0, {"id": "S0", "name": "New", "what": "", "who_for": ""})  # type: ignore[attr-defined]

    draft(merrow, LEAD, on_top)
    save_version(merrow, Actor(LEAD, "k"), "merrow")
    changes = compare_versions(merrow, "merrow", 1, 2)
    assert [each.where for each in changes] == ["schemes/schemes/S0"]
    with pytest.raises(NotHere, match=r"has no version 3\. It has 2"):
        compare_versions(merrow, "merrow", 1, 3)


def test_a_plan_is_read_as_at_a_position(merrow: House) -> None:
    """As at an earlier position the plan has the version that it had then."""
    position = merrow.journal.seal()
    draft(merrow, LEAD, rename("Later"))
    save_version(merrow, Actor(LEAD, "k"), "merrow")
    assert len(view(merrow, "merrow", position).history.versions) == 1
    assert view(merrow, "merrow", position).plan.schemes.schemes[0].name == "Rapid response"
    with pytest.raises(NotHere, match="at that time"):
        view(merrow, "merrow", 0)


def changed(plan: Plan, section: str, change: Callable[[dict[str, object]], object]) -> dict[str, object]:
    """A plan's data with one section changed."""
    data = as_data(plan)
    change(data[section])  # type: ignore[arg-type]
    return data


CHECKS: list[tuple[str, str, str, Callable[[dict[str, object]], object]]] = [
    ("sources-and-spend-differ", "blocker", "spend", lambda d: d["spend"][0].update({"year_2": 1})),  # type: ignore[index]
    ("no-host", "blocker", "parties", lambda d: d.update({"host": ""})),
    ("host-not-partner", "blocker", "parties", lambda d: d.update({"host": "Z4A"})),
    ("unknown-party", "blocker", "parties", lambda d: d["councils"].append("ZZ99")),  # type: ignore[attr-defined]
    ("council-missing", "blocker", "parties", lambda d: d.update({"councils": []})),
    ("ccg-missing", "warning", "parties", lambda d: d["ccgs"].remove("Z1C")),  # type: ignore[attr-defined]
    ("contributor-not-party", "blocker", "sources", lambda d: d["sources"][0].update({"contributor": "Z4A"})),  # type: ignore[index]
    ("unknown-source", "blocker", "sources", lambda d: d["sources"][0].update({"source": "lottery"})),  # type: ignore[index]
    ("wrong-contributor", "blocker", "sources", lambda d: d["sources"][0].update({"contributor": "ZZ1"})),  # type: ignore[index]
    ("below-minimum", "warning", "sources", lambda d: d["sources"][0].update({"year_2": 1})),  # type: ignore[index]
    ("scheme-twice", "blocker", "schemes", lambda d: d["schemes"][0].update({"id": "S2"})),  # type: ignore[index]
    ("scheme-without-spend", "warning", "schemes", lambda d: d["schemes"].append({"id": "S9", "name": "", "what": "", "who_for": ""})),  # type: ignore[attr-defined]
    ("spend-without-scheme", "blocker", "spend", lambda d: d["spend"][0].update({"scheme": "S7"})),  # type: ignore[index]
    ("commissioner-not-party", "blocker", "spend", lambda d: d["spend"][0].update({"commissioner": "Z4A"})),  # type: ignore[index]
    ("target-missing", "blocker", "target", lambda d: d["quarters"].pop()),  # type: ignore[attr-defined]
    ("quarter-twice", "blocker", "target", lambda d: d["quarters"].append(d["quarters"][0])),  # type: ignore[attr-defined,index]
    ("quarter-not-paid", "blocker", "target", lambda d: d["quarters"][0].update({"quarter": "2016-17Q1"})),  # type: ignore[index]
    ("baseline-differs", "warning", "target", lambda d: d["quarters"][0].update({"baseline": "1"})),  # type: ignore[index]
    ("target-not-whole", "blocker", "target", lambda d: d["quarters"][0].update({"planned": "10.5"})),  # type: ignore[index]
    ("plan-above-baseline", "warning", "target", lambda d: d["quarters"][0].update({"planned": "99999"})),  # type: ignore[index]
    ("below-guideline", "blocker", "target", lambda d: [row.update({"planned": str(round(Decimal(row["baseline"])))}) for row in d["quarters"]]),  # type: ignore[attr-defined]
]  # fmt: skip


@pytest.mark.parametrize(("code", "severity", "section", "change"), CHECKS, ids=[each[0] for each in CHECKS])
def test_each_check_finds_its_fault(
    merrow: House, code: str, severity: str, section: str, change: Callable[[dict[str, object]], object]
) -> None:
    """Each check has its fault, its place, its rule and its remedy; the filled plan has none."""
    plan = view(merrow, "merrow").plan
    assert faults(check_plan(merrow, as_data(plan))[1]) == []
    _, findings, _ = check_plan(merrow, changed(plan, section, change))
    found: list[Finding] = [each for each in findings if each.code == code]
    assert found, [each.code for each in findings]
    assert found[0].severity == severity
    assert found[0].says.endswith(".")
    assert found[0].remedy
    assert found[0].rule


def test_a_cut_below_the_guideline_needs_its_case(merrow: House) -> None:
    """With a case in words, a cut below 3.5% is a note for the assurers and blocks no longer."""

    def lower(data: dict[str, object]) -> None:
        for row in data["quarters"]:  # type: ignore[attr-defined]
            row["planned"] = str(round(Decimal(row["baseline"]) * Decimal("0.99")))
        data["case"] = "Our admissions are low already."

    _, findings, _ = check_plan(merrow, changed(view(merrow, "merrow").plan, "target", lower))
    assert faults(findings) == ["below-guideline"]
    assert all(each.severity == "note" for each in findings if each.code == "below-guideline")


def test_the_sentence_has_both_sums(merrow: House) -> None:
    """What differs is said with both sums and the difference."""
    _, findings, _ = check_plan(
        merrow, changed(view(merrow, "merrow").plan, "spend", lambda d: d["spend"][0].update({"year_2": 0}))
    )  # type: ignore[index]
    assert "In 2015-16 the plan spends £" in findings[0].says
    assert "less than its sources, which add to £" in findings[0].says


@pytest.mark.parametrize(("last", "blocks"), [("2451", False), ("2452", True)])
def test_the_guidelines_own_whole_targets_meet_it(merrow: House, last: str, blocks: bool) -> None:
    """Of 10,000 admissions 9,650 is a cut of 3.5% and passes; 9,651 is 3.49% and needs its case."""
    rows = [
        ("2014-15Q4", 2520, "2432"),
        ("2015-16Q1", 2480, "2393"),
        ("2015-16Q2", 2460, "2374"),
        ("2015-16Q3", 2540, last),
    ]

    def target(data: dict[str, object]) -> None:
        data["quarters"] = [{"quarter": q, "baseline": str(b), "planned": t} for q, b, t in rows]

    _, findings, _ = check_plan(merrow, changed(view(merrow, "merrow").plan, "target", target))
    assert ("below-guideline" in {each.code for each in findings}) is blocks


# Under rules of one year, without payment, and for bodies of 2025

RULES_2025, KENT = "bcf-2025-26", "E10000016"


@pytest.fixture
def kent(house: House) -> House:
    """Kent's plan for 2025-26, started by its council's plan lead."""
    made = replace(
        house, journal=MemoryJournal(), drafts=MemoryDrafts(), clock=lambda: datetime(2025, 5, 1, tzinfo=UTC)
    )
    body = f"council:{KENT}"
    made.journal.append(
        [give(body, "plan_lead", LEAD, date(2025, 4, 1))],
        expecting={office_stream(body): 0}, by="carepool", at=datetime(2025, 4, 1, tzinfo=UTC),
    )  # fmt: skip
    assert isinstance(start_plan(made, Actor(LEAD, "start"), "kent", RULES_2025, (KENT,), "Kent"), Done)
    return made


OPEN = {
    "sections-empty",
    "conditions-unanswered",
    "deadline",
    "within-chance",
    "condition-not-met",
    "condition-overdue",
    "provider-doubts",
    "deadline-passed",
    "metric-missing",
    "spend-unsourced",
    "freed-unsaid",
    "area-unsaid",
    "operating-plan-unsaid",
}
"""What is said of any plan whose money and target are in order and whose other sections nobody has filled in."""


def faults(findings: list[Finding]) -> list[str]:
    """The codes of what is wrong, beside what is only not there yet."""
    return [each.code for each in findings if each.code not in OPEN]


def whole(house: House) -> dict[str, object]:
    """Kent's plan as data, filled in with what is expected of each party."""
    seen = view(house, "kent")
    expected = {key: pence for key, pence in seen.known.minimum.pence.items() if pence}
    data = as_data(seen.plan)
    data["parties"]["host"] = KENT  # type: ignore[index]
    data["schemes"] = {"schemes": [{"id": "S1", "name": "Home first"}]}
    data["sources"] = {
        "sources": [
            {"contributor": contributor, "source": stream, "year_2": pence}
            for (stream, contributor), pence in expected.items()
        ]
    }
    data["spend"] = {"spend": [{"scheme": "S1", "commissioner": KENT, "year_2": sum(expected.values())}]}
    return data


def test_a_plan_of_2025_begins_with_its_icbs_and_no_target(kent: House) -> None:
    """The rules compute no payment, so there is no baseline and no target; its parties are bodies of 2025."""
    plan = view(kent, "kent").plan
    assert (plan.parties.councils, plan.parties.ccgs) == ((KENT,), ("QKS",))
    assert plan.target.quarters == ()


def test_a_whole_plan_of_2025_has_no_findings(kent: House) -> None:
    """With no quarter of any target: what no money depends on is not checked."""
    digest, findings, area = check_plan(kent, whole(kent))
    assert digest
    assert faults(findings) == []
    assert area is not None
    assert area.england.places.commissioner == "icb"


def test_a_plan_of_one_year_is_written_in_the_last_field(kent: House) -> None:
    """Sources and spend have to agree in 2025-26; a year that the rules do not have is neither checked nor named."""
    known = view(kent, "kent").known
    assert known.year_fields == {"year_2": "2025-26"}
    assert known.words_of_years == ("", "2025-26")
    data = whole(kent)
    data["spend"]["spend"][0]["year_2"] += 100  # type: ignore[index]
    findings = check_plan(kent, data)[1]
    assert faults(findings) == ["sources-and-spend-differ"]
    assert "In 2025-26 the plan spends" in findings[0].says


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (lambda d: d["parties"].update({"ccgs": ["QKS", "09C"]}), "unknown-party", "09C is no ICB that carepool knows."),
        (lambda d: d["parties"].update({"ccgs": []}), "icb-missing", "Some people of QKS live in E10000016"),
        (lambda d: d["parties"].update({"host": ""}), "no-host", "No partner is named as host"),
        (lambda d: d["parties"].update({"host": "QE1"}), "host-not-partner", "neither a council nor an ICB of the plan"),
        (
            lambda d: d["sources"]["sources"].append({"contributor": KENT, "source": "nhs_minimum", "year_2": 0}),
            "wrong-contributor", "nhs minimum is received by ICBs, and E10000016 is none.",
        ),
    ],
)  # fmt: skip
def test_findings_speak_of_icbs(
    kent: House, change: Callable[[dict[str, object]], object], code: str, says: str
) -> None:
    """The words of a finding are those of the plan's own places."""
    data = whole(kent)
    change(data)
    findings = {finding.code: f"{finding.says} {finding.remedy}" for finding in check_plan(kent, data)[1]}
    assert says in findings[code]
    assert not [words for words in findings.values() if "CCG" in words]


def test_a_plan_is_made_in_the_places_of_its_rules(kent: House) -> None:
    """A board of the county, or one that is gone, is refused under rules of 2025; who leads nothing there is told so."""
    with pytest.raises(Unusable, match="illustrative county"):
        start_plan(kent, Actor(LEAD, "k1"), "merrow", RULES_2025, ("ZZ1",), "Merrow")
    with pytest.raises(NotHere, match="lists all 152"):
        start_plan(kent, Actor(LEAD, "k2"), "cumbria", RULES_2025, ("E10000006",), "Cumbria")
    refused = start_plan(kent, Actor(LEAD, "k3"), "hull", RULES_2025, ("E06000010",), "Hull")
    assert isinstance(refused, Refused)
    assert "a council or an ICB of its boards" in refused.says


def test_the_plan_lead_of_an_icb_starts_and_edits(kent: House) -> None:
    """An integrated care board of the plan's boards is a partner like a council; a CCG of the same area is none."""
    for account, body in (("icb-lead", "icb:QKS"), ("ccg-lead", "ccg:09C")):
        kent.journal.append(
            [give(body, "plan_lead", account, date(2025, 4, 1))],
            expecting={office_stream(body): 0}, by="carepool", at=datetime(2025, 4, 2, tzinfo=UTC),
        )  # fmt: skip
    ours = start_plan(kent, Actor("icb-lead", "k1"), "ours", RULES_2025, (KENT,), "Ours")
    assert isinstance(ours, Done)
    assert isinstance(editing(kent, view(kent, "kent"), Actor("icb-lead", "k2")), Permit)
    assert isinstance(editing(kent, view(kent, "kent"), Actor("ccg-lead", "k3")), Refused)
    seen = view(kent, "kent")
    named = seen.plan.parties.model_copy(update={"ccgs": ("QKS", "QE1")})
    assert "icb:QE1" in {body.id for body in partners(seen.history, seen.area, named)}


def test_a_plan_under_the_rules_of_2015_is_beside_it(kent: House) -> None:
    """Kent's council leads both: the plan of 2014 has its CCGs, its two years and its baseline."""
    assert isinstance(start_plan(kent, Actor(LEAD, "k"), "kent-2014", RULES, (KENT,), "Kent then"), Done)
    seen = view(kent, "kent-2014")
    assert len(seen.plan.parties.ccgs) == 7
    assert seen.known.year_fields == {"year_1": "2014-15", "year_2": "2015-16"}
    assert len(seen.plan.target.quarters) == 4


def test_rules_that_lack_something_have_no_plans(kent: House) -> None:
    """A set without decisions is not offered, and starting a plan under it says what it lacks."""
    lacking = replace(
        kent.rulebook.named(RULES_2025),
        sections={
            path: section
            for path, section in kent.rulebook.named(RULES_2025).sections.items()
            if path not in {"decisions", "authority"}
        },
    )
    book = replace(kent.rulebook, sets={**kent.rulebook.sets, RULES_2025: lacking})
    assert "no authority of offices, and no decisions" in why_no_plan(lacking)
    assert RULES_2025 in {rules.name for rules in plannable(kent)}
    assert RULES_2025 not in {rules.name for rules in plannable(replace(kent, rulebook=book))}
    before = replace(kent, areas=replace(kent.areas, later={}))
    assert RULES_2025 not in {rules.name for rules in plannable(before)}
    with pytest.raises(Unusable, match="Choose another set of rules"):
        start_plan(replace(kent, rulebook=book), Actor(LEAD, "k"), "other", RULES_2025, (KENT,), "Kent")


def test_every_set_that_is_offered_can_have_a_plan(kent: House) -> None:
    """Whatever it pays by, and however many years it has, a plan is started, checked and read under it."""
    for rules in plannable(kent):
        name = f"plan-{rules.name}"
        assert isinstance(start_plan(kent, Actor(LEAD, name), name, rules.name, (KENT,), rules.name), Done)
        seen = view(kent, name)
        assert bool(seen.plan.target.quarters) == rules.pays
        assert list(seen.known.year_fields.values()) == list(rules.about.years)
