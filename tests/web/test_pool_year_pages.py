"""The pages of a pool's year: actual and forecast, ledgers, the agreement, mandates, who bears it, checks and the year's end."""

import base64
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

import carepool
from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.pools import books_now
from carepool.pool.accounts import Heading
from carepool.pool.books import Books
from carepool.pool.forecasting import NOBODY, by_partner, by_scheme, moved_most
from carepool.pool.map_rules import with_rule
from carepool.pool.maps import MapRule, read_map
from carepool.pool.month_end import steps
from carepool.pool.variances import variances
from carepool.pool.yearend import standing_of
from tests.web.conftest import INSIDER
from tests.web.test_twice import OVERSPENT, hidden
from tests.web.visiting import Person, sound

POOL, YEAR = "/pools/carrowby", "2015-16"
HOST, MANAGER, CCG, OTHER = "carrowby.finance", "carrowby.pool", "carrowby.ccg.finance", "stonebeck.chief"
FILES = Path(carepool.__file__).parent / "illustrative"
LEDGER, MAP = (FILES / "carrowby_ledger.csv").read_bytes(), (FILES / "carrowby_ledger_map.yaml").read_bytes()
CHECK = f"{POOL}/imports/check"
PAGES = [
    f"{POOL}/{each}"
    for each in (
        "actuals", "actuals/S2/unstated", "imports", "imports/check", "agreement", "mandates", "bears", "bears?by=so_far", "checks",
        "year-end", "action-plans",
    )
]  # fmt: skip
FORMS = {
    "actuals/S2/unstated": 2, "imports": 1, "imports/check": 1, "mandates": 3, "checks": 1, "action-plans": 2,
}  # fmt: skip
"""How many forms the pool manager has on each page; there is none for a partner's officer, but for its own ledger."""
People = Callable[..., Person]


def books(now: House) -> Books:
    return books_now(now, "carrowby", YEAR)


def send(who: Person, path: str, form: str, **typed: str | bytes) -> HttpResponse:
    """Fill a form in by its id and send it."""
    sent = {**hidden(who, path, path, f'id="{form}-form"'), **typed}
    files = {name: SimpleUploadedFile(f"{name}.csv", each) if isinstance(each, bytes) else each for name, each in sent.items()}  # fmt: skip
    return who.browser.post(path, files)


def carried(answer: HttpResponse, form: str) -> dict[str, str]:
    """The hidden fields of a form in an answer."""

    class Held:
        def get(self, _: str) -> HttpResponse:
            return answer

    class Who:
        browser = Held()

    return hidden(Who(), "", "", f'id="{form}-form"')  # type: ignore[arg-type,return-value]


def bring_in(who: Person, ledger: bytes = LEDGER) -> None:
    """Look at an extract, then import it as it came along."""
    looked = send(who, CHECK, "look", file=ledger, map=MAP)
    assert looked.status_code == 200
    assert who.browser.post(CHECK, carried(looked, "import")).status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_whoever_may_read_it(someone: People, path: str) -> None:
    """Partners and national bodies read it, marked, within 150 kB; to others it does not exist; as at a day it has no form."""
    for handle in (HOST, CCG, INSIDER):
        answer = someone(handle).browser.get(path)
        assert answer.status_code == 200
        assert len(answer.content) <= 150_000
        assert MARK in sound(path, answer).text
    assert someone(OTHER).browser.get(path).status_code == 404
    then = f"{path}{'&' if '?' in path else '?'}as_at=2099-01-01"
    page = someone(HOST).page(then)
    assert not page.find("input", name="act")


@pytest.mark.parametrize("page", FORMS)
def test_forms_are_those_of_whoever_keeps_the_books(someone: People, page: str) -> None:
    """The pool manager has them; somebody who only reads has none and is told whose they are."""
    assert len(someone(MANAGER).page(f"{POOL}/{page}").find("input", name="act")) == FORMS[page]
    read = someone(INSIDER).page(f"{POOL}/{page}")
    assert not read.find("input", name="act")
    assert "Carrowby council" in read.text_of("main")


def test_the_navigation_is_short_and_says_where_one_is(someone: People) -> None:
    """Nine parts; a part of several pages names them below."""
    page = someone(HOST).page(f"{POOL}/bears")
    assert len(page.find("nav", **{"class": "carepool-tabs"})) == 2
    assert page.find("a", href=f"{POOL}/agreement", **{"aria-current": "true"})
    assert page.find("a", href=f"{POOL}/bears", **{"aria-current": "page"})


def test_a_form_is_of_the_year_that_is_shown(someone: People) -> None:
    """Where a year is named, its forms are sent to that year, so that last year's work does not fall into this one."""
    for page in ("month-end", "year-end", "mandates", "enter/spent", "log"):
        shown = someone(HOST).page(f"{POOL}/{page}?year={YEAR}")
        assert shown.find("form", method="post", action=f"{POOL}/{page}?year={YEAR}")


# At a glance


def test_the_forecast_stands_by_scheme_and_by_partner(someone: People, now: House) -> None:
    """Each adds to the same; each partner's part has its working; three lines that moved most are named."""
    page = someone(CCG).page(POOL)
    whole = sum(by_scheme(books(now)).values())
    parts = by_partner(books(now), by_scheme(books(now)))
    assert sum(int(str(each.value)) for each in parts.values()) == whole
    for each in parts.values():
        assert sum(int(str(step.value)) for step in each.steps) == each.value
    said = f"£{whole / 100:,.2f}"
    assert page.tables["schemes-table"].rows[-1][-1] == said
    assert page.tables["forecast-table"].rows[-1][1] == said
    assert page.find("a", href="#forecast-Z6A")
    assert (
        "Since April 2015, the last month that is closed, what moved most against its budget: Reablement at home"
        in page.text
    )
    since, moved = moved_most(books(now))
    assert since
    sizes = [abs(each.pence) for each in moved]
    assert len(sizes) == 3
    assert sizes == sorted(sizes, reverse=True)
    assert NOBODY not in parts


# Actual and forecast


@pytest.mark.slow
def test_actuals_stand_beside_budget_and_forecast(someone: People, now: House) -> None:
    """Month, so far, due, beyond, forecast, to the penny; up to any month; the CSV has the same in pence."""
    who = someone(CCG)
    table = who.page(f"{POOL}/actuals?through=2015-09").tables["actuals"]
    found = variances(books(now), "2015-09")
    assert table.column("So far")[:-1] == [f"£{each.to_date / 100:,.2f}" for each in found]
    assert table.rows[-1][3] == f"£{sum(each.to_date for each in found) / 100:,.2f}"
    rows = who.browser.get(f"{POOL}/actuals.csv?through=2015-09").content.decode().splitlines()
    assert rows[0].startswith("scheme,title,source,through,month_pence")
    assert len(rows) - 1 == len(found)
    assert all(MARK in each for each in rows[1:])
    wrong = who.browser.get(f"{POOL}/actuals?through=June")
    assert wrong.status_code == 400
    assert "“June” is no month of 2015-16" in sound(POOL, wrong).text
    assert who.browser.get(f"{POOL}/actuals/S9/unstated").status_code == 404


def test_a_forecast_is_entered_and_a_variance_explained(someone: People, now: House) -> None:
    """Both stand on the line's page and on that of all lines; without an amount it is the straight line of today."""
    manager, path = someone(MANAGER), f"{POOL}/actuals/S2/unstated"
    assert "In a straight line" in manager.page(path).text
    assert send(manager, path, "forecast", pence="£9,900,000").status_code == 302
    assert send(manager, path, "explain", why="Longer stays in the winter.").status_code == 302
    page = manager.page(path)
    assert "The year is expected to come to £9,900,000.00" in page.text
    assert page.tables["forecasts"].column("How") == ["Entered"]
    assert "Longer stays in the winter." in manager.page(f"{POOL}/actuals").text
    refused = send(manager, path, "forecast", pence="about ten")
    assert refused.status_code == 400
    shown = sound(path, refused)
    assert shown.title.startswith("Error:")
    assert shown.find("input", name="pence", value="about ten")
    assert send(manager, path, "forecast", pence="").status_code == 302
    assert by_scheme(books(now))["S2"] != 9_900_000_00


# Ledgers


@pytest.mark.slow
def test_an_extract_is_looked_at_and_then_comes_in(someone: People, now: House) -> None:
    """The look says what it would do and writes nothing; the file goes along, and importing it twice acts once."""
    manager = someone(MANAGER)
    before = books(now).version
    looked = send(manager, CHECK, "look", file=LEDGER, map=MAP)
    page = sound(CHECK, looked)
    assert looked.status_code == 200
    assert books(now).version == before
    assert "holds 7 lines of Carrowby council’s ledger of June 2015" in page.text
    assert "Importing it would enter £797,333.25 in one posting." in page.text
    assert page.tables["parts"].column("Amount") == ["£796,352.85", "£980.40", "£2,000.00", "£3,976.90"]
    assert page.tables["unmapped"].column("Cost centre") == ["41390"]
    fields = carried(looked, "import")
    answers = [manager.browser.post(CHECK, fields) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    shown = manager.page(f"{POOL}/imports")
    assert shown.tables["imports"].column("Control total") == ["£799,333.25"]
    assert shown.tables["suspense"].rows[1][:2] == ["Carrowby council: 41390 3999", "£980.40"]
    again = send(manager, CHECK, "look", file=LEDGER, saved="carrowby_council")
    assert "There is nothing to correct." in sound(CHECK, again).text
    other = LEDGER.replace(b"64,200.00", b"64,300.00").replace(b"799,333.25", b"799,433.25")
    looked = send(manager, CHECK, "look", file=other, saved="carrowby_council")
    page = sound(CHECK, looked)
    assert page.tables["schemes"].column("More") == ["£0.00", "£100.00"]
    fields = carried(looked, "import")
    refused = manager.browser.post(CHECK, fields)
    assert refused.status_code == 409
    assert "Why is the month imported again?" in sound(CHECK, refused).text
    kept = carried(refused, "import")
    assert kept["carried"] == fields["carried"]
    assert manager.browser.post(CHECK, {**kept, "why": "A pay run was late."}).status_code == 302
    assert "June 2015, 2 times" in manager.page(f"{POOL}/imports").tables["imports"].column("Month")


@pytest.mark.slow
def test_what_cannot_be_read_is_said_at_its_field(someone: People, now: House) -> None:
    """A file that is none, no map, a wrong control total, bytes that did not come along: nothing is entered."""
    manager, before = someone(MANAGER), books(now).version
    for typed, says in (
        ({"map": MAP}, "Choose the extract, as the ledger gave it."),
        ({"file": LEDGER}, "the file of one."),
        ({"file": b"\0\1", "map": MAP}, "it is not text"),
        ({"file": LEDGER, "map": b"says: nothing"}, "map.yaml"),
        ({"file": LEDGER, "map": MAP, "control": "lots"}, "is not an amount"),
        ({"carried": "not base64!", "map": MAP}, "did not come along whole"),
    ):
        answer = send(manager, CHECK, "look", **typed)  # type: ignore[arg-type]
        assert answer.status_code == 400, says
        page = sound(CHECK, answer)
        assert says in page.text
        assert page.title.startswith("Error:")
    other = send(manager, CHECK, "look", file=LEDGER, map=MAP, control="1.00")
    assert "cannot come in as it is" in sound(CHECK, other).text
    assert not sound(CHECK, other).find("input", name="carried")
    assert books(now).version == before


def test_a_partner_hands_in_its_own_ledger_only(someone: People, now: House) -> None:
    """The CCG's officer may look, and is refused for the council's; who only reads has no form."""
    ccg = someone(CCG)
    looked = send(ccg, CHECK, "look", file=LEDGER, map=MAP)
    fields = carried(looked, "import")
    answer = ccg.browser.post(CHECK, fields)
    assert answer.status_code == 409
    assert "one must be its" in sound(CHECK, answer).text
    reader = someone(INSIDER)
    sent = {
        "act": "import",
        "key": "k9",
        "carried": base64.b64encode(LEDGER).decode(),
        "saved": "",
        "map": "",
    }
    assert reader.browser.post(CHECK, sent).status_code in {400, 403, 409}
    assert not books(now).actuals.ledgers


@pytest.mark.slow
def test_suspense_is_cleared_by_saying_what_a_code_is(someone: People, now: House) -> None:
    """The rule goes into the map that is kept, so the code is known from then on; the reasons are asked for, and twice is once."""
    manager, path = someone(MANAGER), f"{POOL}/imports"
    bring_in(manager)
    [code] = [each["value"] for each in manager.page(path).find("input", name="code")]
    typed = {
        "code": code,
        "scheme": "S2",
        "source": "unstated",
        "why": "A team of reablement, opened in June.",
    }
    refused = send(manager, path, "clear", **(typed | {"why": ""}))
    assert refused.status_code == 409
    assert "Give the reasons." in sound(path, refused).text
    both = send(manager, path, "clear", **(typed | {"ignore": "Not ours"}))
    assert both.status_code == 400
    assert sound(path, both).find("input", name="ignore", value="Not ours")
    fields = {**hidden(manager, path, path, 'id="clear-form"'), **typed}
    assert [manager.browser.post(path, fields).status_code for _ in range(2)] == [302, 302]
    assert books(now).amount(Heading.SUSPENSE) == 0
    page = manager.page(path)
    assert "suspense" not in page.tables
    assert "nothing of it is in suspense" in page.text
    looked = send(
        manager, CHECK, "look", file=LEDGER.replace(b"2015-06", b"2015-07"), saved="carrowby_council"
    )
    assert "unmapped" not in sound(CHECK, looked).tables


def test_a_rule_is_added_to_a_map_as_it_stands() -> None:
    """One line more, all else as it was; the map itself where it has the rule; refused where a line cannot be added."""
    by, _ = read_map("map.yaml", MAP)
    assert by is not None
    rule = MapRule(cost_centre="41390", subjective="3999", scheme="S2", source="unstated")
    more = with_rule(by, rule)
    assert more.rule("41390", "3999") == rule
    assert set(MAP.decode().split("\n")) < set(more.content.decode().split("\n"))
    assert with_rule(more, rule) is more
    with pytest.raises(Exception, match="as specific as"):
        with_rule(more, MapRule(cost_centre="41390", subjective="3999", ignore="Not ours"))
    start, rules = MAP.decode().split("rules:\n")
    lines = [each.strip().removeprefix("- ") for each in rules.split("\n") if each.strip().startswith("- ")]
    flow, _ = read_map("map.yaml", f"{start}rules: [{', '.join(lines)}]\n".encode())
    assert flow is not None
    with pytest.raises(Exception, match="no rule can be added"):
        with_rule(flow, rule)


# The agreement, mandates, who bears it


def test_the_agreement_in_words(someone: People) -> None:
    """Parties, contributions, instalments that add up, schemes, limits, and who bears what in its order with clauses."""
    page = someone(CCG).page(f"{POOL}/agreement")
    assert page.tables["parties"].column("Partner") == ["Carrowby Council", "NHS Carrowby CCG"]
    paid = [
        int(each.replace("£", "").replace(",", "").replace(".", ""))
        for each in page.tables["instalments"].column("Amount")
    ]
    assert sum(paid) == 17_449_850_28
    assert "The pool manager, up to £50,000 for a scheme or a body in the year" in page.tables[
        "limits-table"
    ].column("Who")
    risk = page.tables["risk-1"]
    assert risk.column("Clause") == [
        "12.2(a)",
        "12.2(b)",
        "12.2(c)",
        "12.2(d)",
        "12.3",
        "12.4",
        "12.5",
        "12.6",
        "12.7",
    ]
    assert risk.column("What")[1] == "The risk pool, at most £250,000 a year"
    assert len(page.tables["versions-table"].rows) == 2


@pytest.mark.slow
def test_more_than_an_officer_may_is_entered_by_a_mandate(someone: People, now: House) -> None:
    """Refused with who may; the joint board's decision is recorded; it is entered by it, once."""
    manager, path = someone(MANAGER), f"{POOL}/enter/redeployed"
    assert (
        "your office may enter up to £50,000.00, and what it has entered before counts with it"
        in manager.page(path).text
    )
    typed = {"scheme": "S3", "to_scheme": "S2", "source": "unstated", "pence": "60,000", "on": "2015-12-01"}
    refused = send(manager, path, "redeployed", **typed)
    assert refused.status_code == 409
    said = sound(path, refused).text
    assert "the joint board up to £500,000 (clause Schedule 2, row 3)" in said
    decided = {
        "word": "move_budget",
        "pence": "60,000",
        "scheme": "S3",
        "to_scheme": "S2",
        "source": "unstated",
        "words": "Agreed, minute 7.",
    }
    answer = send(manager, f"{POOL}/mandates", "board", decided_on="2015-11-30", **decided)
    assert answer.status_code == 302
    mandate = answer["Location"].rpartition("/")[2]
    assert "Agreed, minute 7." in manager.page(answer["Location"]).text
    early = send(manager, path, "redeployed", **typed, mandate=mandate)
    assert "still waits for Z6A to confirm the minute" in sound(path, early).text
    ccg = someone("carrowby.ccg.finance")
    assert send(ccg, f"{POOL}/mandates/{mandate}", "agree-Z6A", party="Z6A").status_code == 302
    wrong = send(manager, path, "redeployed", **(typed | {"to_scheme": "S1", "mandate": mandate}))
    assert "is about something else" in sound(path, wrong).text
    assert send(manager, path, "redeployed", **typed, mandate=mandate).status_code == 302
    assert "It is used, and nothing is left of it." in manager.page(answer["Location"]).text
    assert books(now).records.mandates[mandate].used


def test_partners_agree_each_for_itself(someone: People, now: House) -> None:
    """It waits until each has agreed by its own officer; an officer of one does not agree for the other."""
    host, ccg = someone(HOST), someone(CCG)
    answer = send(
        host, f"{POOL}/mandates", "partners", word="vary_contribution", pence="1000", party="Z6A", source="unstated",
        decided_on="2015-12-01", words="The CCG puts in a thousand pounds more.",
    )  # fmt: skip
    path = answer["Location"]
    page = ccg.page(path)
    assert "Waits for Carrowby council and NHS Carrowby CCG" in page.text
    assert send(ccg, path, "agree-Z6A").status_code == 302
    other = ccg.browser.post(path, {"act": "agree-ZZ6", "key": "k7", "party": "ZZ6"})
    assert other.status_code == 409
    assert "Waits for Carrowby council" in ccg.page(path).text
    assert send(host, path, "agree-ZZ6").status_code == 302
    assert "Can be used" in ccg.page(f"{POOL}/mandates").tables["mandates"].column("Standing")


@pytest.mark.slow
def test_who_bears_the_year_adds_up_and_is_entered_as_shown(someone: People, now: House) -> None:
    """By the forecast it is shown and not entered; an over-spend that has happened is entered by the finance officer alone."""
    host = someone(HOST)
    page = host.page(f"{POOL}/bears")
    assert "A forecast has not happened" in page.text
    table = page.tables["overspend-s2-table"]
    pence_of = [
        int(each.replace("£", "").replace(",", "").replace(".", "")) for each in table.column("Amount")
    ]
    assert sum(pence_of[:-1]) == pence_of[-1]
    assert "clause 12.2(a)" in table.column("By")
    wrong = host.browser.get(f"{POOL}/bears?outside=much")
    assert wrong.status_code == 400
    assert sound(POOL, wrong).find("input", name="outside", value="much")
    bring_in(host, OVERSPENT)
    path = f"{POOL}/bears?by=so_far"
    assert not someone(MANAGER).page(path).find("input", name="act")
    form = hidden(host, path, path, 'id="enter-form"')
    before = books(now).version
    stale = host.browser.post(f"{POOL}/bears", {**form, "seen": str(before - 1)})
    assert stale.status_code == 409
    assert "The books have changed since you looked." in sound(path, stale).text
    form = hidden(host, path, path, 'id="enter-form"')
    assert [host.browser.post(f"{POOL}/bears", form).status_code for _ in range(2)] == [302, 302]
    assert books(now).version > before
    assert "nobody bears or has back anything more" in host.page(path).text


# Checks, action plans, year's end


def test_what_is_asserted_is_checked(someone: People, now: House) -> None:
    """One that holds and one that does not; the second is a finding here and on the month-end list."""
    manager, path = someone(MANAGER), f"{POOL}/checks"
    asserted = {"kind": "balance", "on": "2015-04-30"}
    cash = books(now).until(date(2015, 4, 30))
    of = next(each for each in cash if str(each).startswith("pool/"))
    there = of.amount(cash[of])
    assert (
        send(manager, path, "assert", of=str(of), pence=f"{there / 100:.2f}", **asserted).status_code == 302
    )
    assert (
        send(manager, path, "assert", of=str(of), pence=f"{there / 100 + 1:.2f}", **asserted).status_code
        == 302
    )
    assert manager.page(path).tables["assertions-table"].column("Standing")[-2:] == ["Holds", "Does not hold"]
    listed = manager.page(f"{POOL}/month-end").tables["checklist"]
    assert (
        "To do."
        in dict(zip(listed.column("Step"), listed.column("Where it stands"), strict=True))["Assertions"]
    )


def test_the_month_end_list_knows_the_ledgers(someone: People, now: House) -> None:
    """Once a ledger has come in, each month waits for it; suspense says whose it is, and what may be there twice is told."""
    manager = someone(MANAGER)
    listed = manager.page(f"{POOL}/month-end").tables["checklist"]
    said = dict(zip(listed.column("Step"), listed.column("Where it stands"), strict=True))
    assert "No ledger has ever come in" in said["Ledgers of the month"]
    bring_in(manager)
    listed = manager.page(f"{POOL}/month-end").tables["checklist"]
    said = dict(zip(listed.column("Step"), listed.column("Where it stands"), strict=True))
    assert said["Ledgers of the month"] == "To do. That of Carrowby council has not come in."
    assert (
        said["Lines of ledgers without a scheme"]
        == "To do. £980.40 of Carrowby council’s ledger is in suspense."
    )
    june = steps(books(now), date(2015, 6, 30), now.today)
    found = {each.code: each for each in june}
    assert found["imports"].says == "Come in: ZZ6, with a control total of £799,333.25."
    assert not found["by-hand"].done


def test_an_action_plan_is_made_and_told_of(someone: People) -> None:
    """A scheme that is off track says so; its plan, by an office and a day, and how it gets on."""
    manager, path = someone(MANAGER), f"{POOL}/action-plans"
    assert "Off track" in manager.page(path).tables["schemes"].column("Standing")
    over = send(
        manager, path, "plan", scheme="S1", words="Fewer nights.", due="2015-01-01", office="pool_manager"
    )
    assert over.status_code == 409
    assert "Fewer nights." in sound(path, over).html
    assert send(manager, path, "plan", scheme="S1", words="Fewer nights.", due="2099-01-01", office="pool_manager").status_code == 302  # fmt: skip
    assert send(manager, path, "tell", scheme="S1", words="Two nights fewer.", done="yes").status_code == 302
    page = manager.page(path)
    assert "Two nights fewer." in page.text
    assert "Done. Made on" in page.text


@pytest.mark.slow
def test_the_year_ends_with_balances_confirmed(someone: People, now: House) -> None:
    """Each partner confirms on the statement it saw; another figure is a finding; what came after its ledger closed is shown."""
    ccg, path = someone(CCG), f"{POOL}/year-end"
    page = ccg.page(path)
    assert page.tables["funding"].rows[-1][0] == "Funded"
    balance = standing_of(books(now), "Z6A").balance
    assert send(ccg, path, "confirm-Z6A", pence=f"{balance / 100:.2f}").status_code == 302
    assert ccg.page(path).tables["balances-table"].column("Apart by")[1] == "£0.00"
    form = hidden(ccg, path, path, 'id="confirm-Z6A-form"')
    host = someone(HOST)
    assert send(host, path, "cut-off", party="Z6A", on="2016-04-20").status_code == 302
    before = send(host, path, "cut-off", party="Z6A", on="2016-03-01")
    assert before.status_code == 409
    received = send(
        host, f"{POOL}/enter/received", "received", party="Z6A", source="unstated", pence="1", on="2015-12-01"
    )
    assert received.status_code in {302, 409}
    committed = send(
        host,
        f"{POOL}/enter/spent",
        "spent",
        scheme="S1",
        source="unstated",
        payee="Z6A",
        pence="100",
        on="2015-12-01",
    )
    assert committed.status_code == 302
    stale = ccg.browser.post(path, {**form, "pence": "1"})
    assert stale.status_code == 409
    assert "The statement has changed since." in sound(path, stale).text
    shown = ccg.page(path)
    assert "Entered after the ledger of NHS Carrowby CCG closed" in shown.text
    assert shown.tables["late-1"].rows[-1][3:] == ["£100.00", "£0.00", "−£100.00"]
    unspent = shown.tables["unspent-table"]
    assert all("Carrowby" in each for each in unspent.rows[0][2:])
