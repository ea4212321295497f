"""Every section of a plan on the web: its form from its description, rows from a spreadsheet, conflicts field by field, and who changed what."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from carepool.actions.editing import keep_draft, met_by, section_base
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import view
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_pounds
from carepool.plans.document import EVERY, sections_asked
from carepool.web.places_in_plan import NOUNS, field_id, wording
from carepool.web.plan_codes import LISTS, choices
from carepool.web.plan_tasks import GROUPS, HINTS
from carepool.web.section_forms import address_in, form_of, page_of, put_findings
from carepool.web.section_paste import read_paste
from carepool.web.section_shapes import Ground
from carepool.wiring.house import current_house
from tests.web.test_plan_pages import (
    CHOICE,
    LEAD,
    OFFICER,
    SPEND,
    county,
    drafted,
    fields,
    get,
    lead,
    office,
    save,
    send,
    signed_in,
)  # fmt: skip
from tests.web.test_plan_pages import (
    page_of as sound,
)

__all__ = ["county", "lead"]

HERE = "/plans/merrow/sections"


@pytest.fixture
def other(lead: Client, county: House) -> Iterator[Client]:
    """A second lead, of a CCG, who comes once the first version is saved."""
    save(lead)
    office(county, OFFICER, "ccg:Z1A", date(2014, 4, 1))
    yield signed_in(OFFICER)


# The description


def test_every_section_has_its_place_and_every_list_its_noun() -> None:
    """The task list names each section once; each list has a word for its row; each kind of code has its list."""
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(EVERY) == sorted(HINTS)
    lists = [each for about in EVERY.values() for each in about.lists]
    assert {each.name for each in lists} == set(NOUNS)
    of = {field.of for about in EVERY.values() for field in (*about.fields, *(f for each in about.lists for f in each.fields))}  # fmt: skip
    assert of - {""} == set(LISTS)


@pytest.mark.parametrize("section", EVERY)
def test_every_field_of_a_section_is_asked_for_and_kept_as_typed(lead: Client, section: str) -> None:
    """Each field of the description is in the form; what is typed into it, right or wrong, is in the draft and in the form again."""
    path, about = f"{HERE}/{section}", EVERY[section]
    form = fields(lead, path)
    singles = [f"{section}-{each.name}" for each in about.fields if each.name != "host"]
    rows = [
        f"{field_id(f'{section}/{each.name}')}-0-{field.name}"
        for each in about.lists
        for field in each.fields
    ]
    if section == "metrics":
        rows = [each for each in rows if "-local-" not in each]
    assert set(singles) | set(rows) <= set(form)
    typed = {name: "What I typed" for name in (*singles, *rows) if name != "target-quarters-0-quarter"}
    typed = {name: text for name, text in typed.items() if name not in {"conditions-answers-0-condition", "metrics-0-metric"}}  # fmt: skip
    assert send(lead, path, **typed).status_code == 303
    again = fields(lead, path)
    assert {name: again[name] for name in typed} == typed
    get(lead, "/plans/merrow/check")
    get(lead, "/plans/merrow")


@pytest.mark.parametrize("section", EVERY)
def test_pages_of_a_full_plan_are_there(lead: Client, section: str) -> None:
    """Each section, its history and the check open with everything filled in."""
    for path in (f"{HERE}/{section}", f"/plans/merrow/history/{section}", "/plans/merrow/check"):
        assert lead.get(path).status_code == 200, path


def test_a_finding_lands_on_its_field_however_it_is_written(lead: Client) -> None:
    """Both ways of writing a place lead to the field; one on another page of a long list leads there."""
    found = view(current_house(), "merrow")
    ground = Ground(found, found.plan, wording(found))
    rows = [{"scheme": "S1", "commissioner": "Z1A", "year_1": "1"}] * 240
    form = form_of(ground, "spend", {"spend": rows}, saved=False)
    for where in ("spend/spend/0/year_1", "spend/0/year_1"):
        assert address_in(form, where) == "#spend-0-year_1"
        finding = Finding("x", Severity.BLOCKER, where, "Wrong.", "", "")
        assert put_findings(form, [finding], [], ground.wording, all_blockers=False) == []
    assert [id_ for id_, _ in form.errors] == ["spend-0-year_1"] * 2
    size = len(form.lists[0].rows)
    page = f"page={239 // size + 1}"
    assert 1 < size < 240
    assert page_of(form, "spend/spend/239/year_1") == page
    assert address_in(form, "spend/239/year_1") == f"?{page}#spend-239-year_1"
    assert len(list(form.fields)) <= 900


@pytest.mark.slow
def test_a_long_list_stands_on_pages_and_loses_nothing(lead: Client) -> None:
    """150 lines of spend are pasted; each page carries its own, and keeping one page leaves the others as they are."""
    lines = "\n".join(f"S1\tZ1A\tProvider {n}\tAcute\t\t100\t{n}" for n in range(150))
    send(lead, SPEND, "paste", **{"spend-paste": lines})
    assert len(drafted("spend")["spend"]) == 153  # type: ignore[call-overload,index]
    last = f"{SPEND}?page=99"
    first, second = get(lead, SPEND), get(lead, last)
    assert first.find("input", name="spend-0-provider")
    assert not first.find("input", name="spend-152-provider")
    assert second.find("input", name="spend-152-provider")[0]["value"] == "Provider 149"
    sent = fields(lead, last)
    assert len(sent) < 1000
    lead.post(SPEND, {**sent, "spend-152-provider": "The last", "do": "page-spend-1"})
    kept = drafted("spend")["spend"]  # type: ignore[call-overload,index]
    assert (len(kept), kept[152]["provider"], kept[3]["provider"]) == (153, "The last", "Provider 0")
    send(lead, SPEND, **{"spend-0-provider": "The first"})
    kept = drafted("spend")["spend"]  # type: ignore[call-overload,index]
    assert (len(kept), kept[0]["provider"], kept[152]["provider"]) == (153, "The first", "The last")
    lead.post(SPEND, {**fields(lead, last), "do": "remove-152"})
    assert len(drafted("spend")["spend"]) == 152  # type: ignore[call-overload,index]


@pytest.mark.slow
def test_rows_beyond_what_a_form_adds_are_carried_all_the_same(lead: Client, county: House) -> None:
    """A workbook brought 1,100 lines: whichever page is kept, all are there after, and the page says why it adds none."""
    rows = [{"scheme": "S1", "commissioner": "Z1A", "provider": f"Provider {n}", "year_1": "1"} for n in range(1_100)]  # fmt: skip
    base = section_base(view(county, "merrow"), "spend")
    assert keep_draft(county, Actor(LEAD, "long"), "merrow", "spend", {"spend": rows}, base) is None
    page = get(lead, SPEND)
    assert "1,100 rows here" in page.text
    assert len(page.html.encode()) < 150_000
    send(lead, SPEND, **{"spend-0-provider": "The first"})
    send(lead, f"{SPEND}?page=999", **{"spend-1099-provider": "The last"})
    middle = fields(lead, f"{SPEND}?page=5")
    gone = int(str(middle["from"])) + 1
    lead.post(SPEND, {**middle, "do": f"remove-{gone}"})
    kept = drafted("spend")["spend"]  # type: ignore[call-overload,index]
    names = [each["provider"] for each in kept]
    assert (len(kept), names[0], names[-1]) == (1_099, "The first", "The last")
    assert set(names[1:-1]) == {f"Provider {n}" for n in range(1, 1_099) if n != gone}


def test_codes_that_are_typed_are_all_kept(lead: Client) -> None:
    """400 commissioners are named by code, and none is left out."""
    codes = [f"A{n:04}" for n in range(400)]
    send(lead, f"{HERE}/parties", **{"parties-ccgs-more": " ".join(codes)})
    assert set(codes) <= set(drafted("parties")["ccgs"])  # type: ignore[call-overload,index]


@pytest.mark.slow
def test_figures_of_other_plans_stand_beside(lead: Client, county: House) -> None:
    """Beside a metric's target and the money for services stands what half of the other plans have; beside what was changed, what the version before said."""
    page = get(lead, f"{HERE}/metrics")
    assert "other plans: at least" in page.text
    assert re.search(r"other plans: at least £[0-9.,]+ a person", get(lead, f"{HERE}/protection").text)
    send(lead, f"{HERE}/benefits", **{"benefits-0-scheme": "S1", "benefits-0-kind": "admissions"})
    assert "other plans: at least £1,490" in get(lead, f"{HERE}/benefits").text
    save(lead)
    before = view(county, "merrow").plan.spend.spend[0].year_2
    send(lead, SPEND, **{"spend-0-year_2": "1"})
    save(lead)
    assert f"In version {len(view(county, 'merrow').history.versions) - 1}: {in_pounds(before)}." in get(lead, SPEND).text  # fmt: skip


@pytest.mark.slow
def test_how_realistic_a_target_is_stands_beside_it(lead: Client) -> None:
    """The chance of such a change, what neighbours reached and how the board moved; a kept target moves the sentence."""
    said = []
    for target in ("180", "900"):
        typed = {
            "metrics-0-metric": "delayed_transfers",
            "metrics-0-baseline": "200",
            "metrics-0-year_2": target,
        }
        send(lead, f"{HERE}/metrics", **typed)
        found = re.search(
            r"A change of ([+-][0-9.]+)%: (\d+) of 150 changes.*?a chance of (\d+)%.*?neighbours \d+ reached it.*?The board itself moved by",
            get(lead, f"{HERE}/metrics").text,
        )
        assert found
        said.append((found[1], int(found[2])))
    assert [each for each, _ in said] == ["-10.0", "+350.0"]
    assert said[0][1] < said[1][1]


def test_nothing_is_said_where_nobody_holds_a_figure(lead: Client) -> None:
    """A plan alone under its rules has no peers, and a field that no other plan fills has nothing beside it."""
    for section in ("vision", "schemes", "commentaries"):
        assert "other plans" not in get(lead, f"{HERE}/{section}").text


# The task list


@pytest.mark.slow
def test_the_task_list_says_where_each_section_stands(lead: Client) -> None:
    """Not started, in progress, complete, or with a problem: told from what it holds and what the checks find."""

    def stands() -> dict[str, str]:
        page = get(lead, "/plans/merrow")
        links = [each["href"].rpartition("/")[2] for each in page.find("a") if "task-list__link" in each.get("class", "")]  # fmt: skip
        tags = [word for word in page.text.split("Sections")[1].split("Decisions on")[0].replace("Has a problem", "Problem").replace("Not started", "None").replace("In progress", "Progress").split() if word in {"Complete", "Problem", "None", "Progress"}]  # fmt: skip
        return dict(zip(links, tags, strict=True))

    before = stands()
    assert list(before) == [name for names in GROUPS.values() for name in names]
    assert set(before) == set(sections_asked(view(current_house(), "merrow").rules))
    assert before["vision"] == "Complete"
    send(lead, f"{HERE}/vision", **{"vision-outcomes": ""})
    send(lead, SPEND, **{"spend-0-year_2": "lots"})
    lead.post(f"{HERE}/engagement", {"do": "drop"})
    send(lead, f"{HERE}/parties", **{"parties-host": ""})
    after = stands()
    assert (after["vision"], after["spend"], after["engagement"]) == ("Progress", "Problem", "None")
    assert after["parties"] == "Problem"
    answer = send(lead, f"{HERE}/action", "return")
    assert answer.headers["Location"] == "/plans/merrow?kept=action#sections"
    assert "“Plan of action” is kept as your draft." in get(lead, "/plans/merrow?kept=action").text


def test_the_check_shows_every_answer_with_its_link(lead: Client) -> None:
    """All sections stand there read-only, each leads to where it is changed, and the long answers are there."""
    page = get(lead, "/plans/merrow/check")
    links = {href for href, _ in page.links}
    assert {f"{HERE}/{section}" for section in EVERY} <= links
    assert "Rapid response, which a nurse" not in page.text
    assert "In progress" in page.tables["conditions-table"].column("Is it met?")
    assert {"spend-table", "freed-table", "risks-table", "risks-contingencies-table"} <= set(page.tables)
    assert "A year's pilot in one town" in page.text


# Conditions and days


def test_each_condition_of_the_rules_has_its_row(lead: Client) -> None:
    """Title, wording and what would show it stand there; a condition that nobody answers is not in the draft."""
    lead.post(f"{HERE}/conditions", {"do": "drop"})
    page = get(lead, f"{HERE}/conditions")
    for each in view(current_house(), "merrow").rules.conditions.conditions:
        assert each.title in page.text
        assert " ".join(each.says.split()) in page.text
        assert each.evidence[0] in page.text
    send(lead, f"{HERE}/conditions", **{"conditions-answers-2-how": "All week", "conditions-answers-2-met": "yes"})  # fmt: skip
    assert drafted("conditions") == {
        "answers": [{"condition": "seven_days", "met": "yes", "how": "All week"}]
    }
    again = get(lead, f"{HERE}/conditions")
    assert again.text.index("Plans are jointly agreed") < again.text.index("Seven-day services")
    assert len(again.find("select")) == 6


def test_each_weekday_is_yes_or_no(lead: Client) -> None:
    """A service has a choice for each of the seven days."""
    page = get(lead, f"{HERE}/seven_days")
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    assert all(page.find("select", id=f"seven_days-services-0-{day}") for day in days)


# Figures beside


def test_what_is_expected_and_published_stands_beside_its_field(lead: Client) -> None:
    """Contributions beside sources, the baseline and the guideline beside targets, all boards' median below; from nobody's plan."""
    page = get(lead, f"{HERE}/sources")
    assert page.find("input", id="sources-0-year_2")[0]["aria-describedby"] == "sources-0-year_2-beside"
    assert "Expected: £522,777.64 (indicative)." in page.text
    assert page.tables["peers-table"].rows[0] == ["Money", "Here", "Half of all boards have at least"]
    assert all(cell.startswith("£") for row in page.tables["peers-table"].rows[1:] for cell in row[1:])
    target = get(lead, f"{HERE}/target")
    found = view(current_house(), "merrow")
    quarter = found.rules.release.performance_quarters[0]
    assert (
        f"Published for {quarter.year_before}: {found.known.baseline[quarter.year_before]:,}." in target.text
    )
    assert "The guideline of 3.5% would be" in target.text


# Rows from a spreadsheet


def test_rows_are_pasted_by_their_headings(lead: Client) -> None:
    """Columns in any order, amounts as people write them, names in place of codes: they are in the draft, shown, and not saved."""
    rows = (
        "2015-16\tScheme\tNotes\tProvider\tCommissioner\tArea of spend\n"
        '£1,200\tRapid response\t\t"St John\nAmbulance"\tMerrow council\tAcute\n'
        "300\tS2\tsee below\tTrust\tZ1A\tsomething\n"
    )
    answer = send(lead, SPEND, "paste", **{"spend-paste": rows})
    page = sound(answer)
    assert answer.status_code == 200
    assert "2 rows are added to your draft, at the end of the list below, by the headings of the columns." in page.text  # fmt: skip
    assert page.tables["left-table"].rows[1:] == [["Row 3, column 3", "Notes", "see below"]]
    new = drafted("spend")["spend"][3:]  # type: ignore[call-overload,index]
    assert new == [
        {"scheme": "S1", "commissioner": "ZZ1", "provider": "St John Ambulance", "area": "acute", "year_2": "£1,200"},
        {"scheme": "S2", "commissioner": "Z1A", "provider": "Trust", "area": "something", "year_2": "300"},
    ]  # fmt: skip
    assert "Money out, row 5, Area of spend" in page.text
    assert page.find("select", id="spend-4-area")[0]["aria-describedby"] == "spend-4-area-error"
    assert "Notes\nsee below" in page.html
    assert view(current_house(), "merrow").history.current is None


def test_rows_are_pasted_by_the_order_of_the_columns(lead: Client) -> None:
    """Without headings the description's order counts, and what is one column too many is said; a second press adds nothing."""
    send(
        lead, f"{HERE}/risks", "paste", **{"risks-paste": "Staff leave\t3\t4\t1,000\tHR\tPay them\tand more"}
    )
    assert drafted("risks")["risks"][-1] == {"what": "Staff leave", "likelihood": "3", "impact": "4", "pence": "1,000", "owner": "HR", "mitigation": "Pay them"}  # type: ignore[call-overload,index]  # fmt: skip
    many = len(drafted("risks")["risks"])  # type: ignore[call-overload,index]
    again = send(lead, f"{HERE}/risks", "paste-contingencies", **{"risks-contingencies-paste": "If\tChair\t5\tBack"})  # fmt: skip
    assert "1 row is added" in sound(again).text
    assert len(drafted("risks")["risks"]) == many  # type: ignore[call-overload,index]
    empty = send(lead, f"{HERE}/risks", "paste")
    assert "Nothing was pasted." in sound(empty).text


@pytest.mark.parametrize(
    "text",
    ["", "\t\t\n", '"', 'a"b\tc', "\0\0", "x" * 300_000, "a\r\nb\rc", "Scheme\tScheme\nS1\tS2", "=1+1\t@x", '"a\n\n"\tb'],
)  # fmt: skip
def test_no_paste_breaks_it_or_loses_a_cell(lead: Client, text: str) -> None:
    """Each cell that is not blank is in a row or left over."""
    found = view(current_house(), "merrow")
    fields_of = EVERY["spend"].lists[0].fields
    offered = {each.name: choices(found, found.plan, each.of) if each.of else () for each in fields_of}
    pasted = read_paste(text, fields_of, offered, found.known.years, 300)
    words = " ".join(str(value) for row in pasted.rows for value in row.values())
    words += " ".join(each.text for each in pasted.left)
    if not pasted.headed and len(text) < 1000:
        assert all(each in words for each in text.replace("\0", " ").replace('"', " ").split())
    assert send(lead, SPEND, "paste", **{"spend-paste": text[:5000]}).status_code in {200, 303}


# Several editors


@pytest.mark.slow
def test_what_only_one_changed_merges_by_itself(lead: Client, other: Client, county: House) -> None:
    """Different fields of one row, and different rows: both stand in the next version, and what was taken over is said."""
    opened = fields(other, SPEND)
    send(lead, SPEND, **{"spend-0-provider": "Theirs", "spend-2-provider": "Theirs too"})
    save(lead)
    other.post(SPEND, {**opened, "spend-0-area": "acute", "do": "keep"})
    page = get(other, SPEND)
    assert "2 changes of theirs that you did not touch are in your draft below" in page.text
    assert ["Money out, S1, NHS Merrow Vale CCG, Provider", opened["spend-0-provider"], "Theirs"] in page.tables["taken-table"].rows  # fmt: skip
    assert "Choose for each" not in page.text
    assert "what only they changed is in it" in get(other, "/plans/merrow/check").text
    assert save(other).headers["Location"] == "/plans/merrow?saved=3"
    spend = view(county, "merrow").plan.spend.spend
    assert (spend[0].provider, spend[0].area, spend[2].provider) == ("Theirs", "acute", "Theirs too")


@pytest.mark.slow
def test_a_conflict_is_settled_field_by_field(lead: Client, other: Client, county: House) -> None:
    """Mine for one, theirs for another, and what I write instead for a third; nothing is overwritten before each is chosen."""
    opened = fields(other, SPEND)
    send(lead, SPEND, **{f"spend-{n}-provider": f"Theirs {n}" for n in range(3)})
    save(lead)
    other.post(SPEND, {**opened, **{f"spend-{n}-provider": f"Mine {n}" for n in range(3)}, "do": "keep"})
    names = [each["name"] for each in get(other, SPEND).find("input", type="radio", value="mine")]
    assert names[0] == CHOICE
    assert len(names) == 3
    half = send(other, SPEND, **{names[0]: "theirs"})
    assert half.status_code == 400
    page = sound(half)
    assert page.title.startswith("Error: ")
    assert page.find("a", href="#choice-1")
    done = send(other, SPEND, **{names[0]: "theirs", names[1]: "mine", names[2]: "mine", "spend-2-provider": "A third"})  # fmt: skip
    assert done.status_code == 303
    held = [row["provider"] for row in drafted("spend", OFFICER)["spend"]]  # type: ignore[call-overload,index]
    assert held == ["Theirs 0", "Mine 1", "A third"]
    assert save(other).headers["Location"] == "/plans/merrow?saved=3"


@pytest.mark.slow
def test_a_row_that_one_took_out_and_the_other_changed(lead: Client, other: Client, county: House) -> None:
    """It stands until somebody chooses: kept as they changed it, or taken out as I did."""
    opened = fields(other, SPEND)
    send(lead, SPEND, **{"spend-1-provider": "Theirs"})
    save(lead)
    other.post(SPEND, {**opened, "do": "remove-1"})
    page = get(other, SPEND)
    assert "Yours: taken out" in page.text
    [name] = [each["name"] for each in page.find("input", type="radio", value="mine")]
    send(other, SPEND, **{name: "mine"})
    assert len(drafted("spend", OFFICER)["spend"]) == 2  # type: ignore[call-overload,index]
    assert save(other).headers["Location"] == "/plans/merrow?saved=3"
    assert [row.scheme for row in view(county, "merrow").plan.spend.spend] == ["S1", "S3"]


@pytest.mark.slow
def test_a_choice_between_other_things_than_were_shown_is_asked_again(
    lead: Client, other: Client, county: House
) -> None:
    """When a third version is saved after the form was opened, what was chosen there does not count for it."""
    opened = fields(other, SPEND)
    send(lead, SPEND, **{"spend-0-provider": "Theirs"})
    save(lead)
    other.post(SPEND, {**opened, "spend-0-provider": "Mine", "do": "keep"})
    shown = fields(other, SPEND)
    send(lead, SPEND, **{"spend-0-provider": "Theirs again"})
    save(lead)
    answer = other.post(SPEND, {**shown, CHOICE: "theirs", "do": "keep"})
    assert answer.headers["Location"] == SPEND
    assert drafted("spend", OFFICER)["spend"][0]["provider"] == "Mine"  # type: ignore[call-overload,index]
    assert "Theirs: Theirs again" in get(other, SPEND).text


def test_a_draft_of_nobody_knows_what(lead: Client, other: Client, county: House) -> None:
    """Where what it began from is not known, every difference is a conflict."""
    lead.post(SPEND, {**fields(lead, SPEND), "base": "0" * 64, "spend-0-provider": "Mine", "do": "keep"})
    [draft] = county.drafts.of_editor("merrow", LEAD)
    met = met_by(county, view(county, "merrow"), draft)
    assert met
    assert not met.known
    assert [each.place.locator for each in met.merged.conflicts] == ["spend/0/provider"]
    assert "What you began from is not known any more" in get(lead, SPEND).text


# Who changed what


@pytest.mark.slow
def test_who_changed_an_answer_and_when(lead: Client, other: Client) -> None:
    """A section's changes, version by version, and those of one answer alone."""
    send(lead, f"{HERE}/schemes", **{"schemes-0-name": "Rapid response at night"})
    save(lead)
    page = get(lead, "/plans/merrow/history/schemes")
    assert page.tables["history-table"].rows[1][0:2] == ["Version 2", "Ada Marsh"]
    assert page.tables["history-table"].rows[1][3:] == ["Schemes, S1, Name", "Rapid response", "Rapid response at night"]  # fmt: skip
    one = get(lead, "/plans/merrow/history/schemes?at=schemes/schemes/S1/name")
    assert len(one.tables["history-table"].rows) == 3
    assert "not there" in one.tables["history-table"].column("Was")
    assert "Nobody has changed it" in get(lead, "/plans/merrow/history/schemes?at=schemes/schemes/S9").text
    assert lead.get("/plans/merrow/history/nothing").status_code == 404
    assert (
        "No version has been saved yet." in get(lead, "/plans/merrow/history/schemes?as_at=2015-01-21").text
    )


@pytest.mark.slow
def test_two_versions_are_compared_in_every_section(lead: Client, other: Client) -> None:
    """A change in any section is said in the words of its description."""
    send(lead, f"{HERE}/risks", **{"risks-0-likelihood": "5", "risks-contingencies-0-pence": "£7"})
    send(lead, f"{HERE}/seven_days", **{"seven_days-services-0-monday": "no"})
    send(lead, f"{HERE}/conditions", **{"conditions-answers-0-met": "in_progress"})
    save(lead)
    rows = get(lead, "/plans/merrow/compare?a=1&b=2").tables["difference-table"].rows[1:]
    said = {row[0]: row[2] for row in rows}
    assert said["National conditions, Plans are jointly agreed, Is it met?"] == "In progress"
    assert [words for where, words in said.items() if where.startswith("Risks and contingency, contingency")] == ["£7"]  # fmt: skip
    assert [words for where, words in said.items() if where.endswith("Monday")] == ["No"]
