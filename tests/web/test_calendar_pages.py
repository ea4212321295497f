"""The calendar as people meet it: a plan's way to its deadline, a body's meetings, files to subscribe to, notices read."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import icalendar
import pytest
from django.db import transaction
from django.test import Client

from carepool.actions.calendar import diary_of
from carepool.actions.telling import make_notices
from carepool.calendar.events import Entry
from carepool.offices.holdings import end, stream_of
from carepool.render import ics
from carepool.signin.models import Account
from carepool.wiring.house import current_house
from tests.web.addresses import COUNTY
from tests.web.conftest import State
from tests.web.reading import Page, Reader

STONEBECK = "/plans/stonebeck/calendar?as_at=2014-12-20"
BOARD = "/bodies/board:ZZ1/meetings"


@pytest.fixture
def undone(loaded: State) -> Iterator[None]:
    """What a test writes is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def signed_in(handle: str) -> Client:
    """Somebody of the county with a browser."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(Account.objects.get(handle=handle))
    return browser


def page(browser: Client, path: str) -> Page:
    """A page, its HTML sound."""
    found = Page(path, browser.get(path).content.decode())
    assert found.problems == [], path
    return found


def send(browser: Client, path: str, **fields: str) -> tuple[int, Page]:
    """Send a form, and read what comes of it."""
    answer = browser.post(path, fields, follow=True)
    found = Page(path, answer.content.decode())
    assert found.problems == []
    return answer.status_code, found


# A plan's way to its deadline


def test_it_begins_with_the_deadline_and_who_is_waited_for(read: Reader) -> None:
    """The deadline, how long there is, then each party that is waited for: since when, what is next, by when, whose."""
    found = read(STONEBECK)
    assert (
        "Plans approved with conditions are due again, second date: 9 January 2015, in 20 days." in found.text
    )
    assert found.tables["blockers"].column("Who") == [
        "NHS Stone and Linden CCG",
        "Stonebeck Health and Wellbeing Board",
        "Stonebeck council",
    ]
    assert found.tables["blockers"].column("By") == ["9 January 2015", "9 January 2015", "30 December 2014"]
    assert (
        "Nothing: its decision takes effect on 30 December 2014, once it can no longer be called in."
        in found.text
    )
    assert (
        "The last meeting of Stonebeck Health and Wellbeing Board before the deadline is past" in found.text
    )
    assert found.tables["timeline"].column("Decision") == ["Agreed, not yet in effect", "Awaited", "Awaited"]


def test_each_day_shows_how_it_was_worked_out(read: Reader) -> None:
    """Under the timeline every date has its steps and the rule of each; what is only recalled is said."""
    found = read("/plans/merrow/calendar?as_at=2015-02-20")
    assert "28 clear days between" in found.text
    assert "regulation 9" in found.text
    assert "is recalled" in found.text
    assert "general exception, until 4 March 2015" in found.text


def test_another_deadline_has_its_address(undone: None, read: Reader) -> None:
    """Each deadline of the rules is a link, and an unknown one is refused with the nearest."""
    found = read(STONEBECK)
    assert any("deadline=section_75" in path for path, _ in found.links)
    answer = signed_in("merrow.lead").get("/plans/merrow/calendar?deadline=section_76")
    assert answer.status_code == 404
    assert "section_75" in answer.content.decode()


def test_the_same_as_json_and_csv(read: Reader) -> None:
    """The figures of the page, to take away."""
    data = json.loads(read.answer("/plans/stonebeck/calendar.json?as_at=2014-12-20").content)
    assert data["mark"]
    assert (data["deadline"], data["due_written"], data["passed"]) == (
        "second_conditions",
        "2015-01-09",
        False,
    )
    assert [each["body"] for each in data["blocking"]] == ["ccg:Z4A", "board:ZZ4", "council:ZZ4"]
    assert {each["code"] for each in data["findings"]} == {"meeting-past"}
    rows = list(
        csv.DictReader(
            io.StringIO(read.answer("/plans/stonebeck/calendar.csv?as_at=2014-12-20").content.decode())
        )
    )
    assert {(row["body"], row["step"], row["by"]) for row in rows if row["body"] == "ccg:Z4A"} == {
        ("ccg:Z4A", "Delegated decision", "2015-01-09"),
        ("ccg:Z4A", "Takes effect", "2015-01-09"),
    }


def test_notice_that_was_given_stands_in_the_timeline(read: Reader) -> None:
    """The day on which it was published, beside the last day for it; the papers are next."""
    found = read("/plans/carrowby/calendar?as_at=2014-08-20")
    rows = {row["Body"]: row for row in found.tables["timeline"]}
    assert (
        rows["Carrowby council"]["Notice of the key decision"] == "given on 1 August 2014, by 11 August 2014"
    )
    data = json.loads(read.answer("/plans/carrowby/calendar.json?as_at=2014-08-20").content)
    council = next(each for each in data["parties"] if each["body"] == "council:ZZ6")
    assert (council["notice_given"], council["steps"][0]["done"]) == ("2014-08-01", "2014-08-01")


def test_notice_of_a_key_decision_is_recorded(undone: None) -> None:
    """The council's lead finds the form from the calendar; a day to come is refused in words, and others are told who can."""
    lead, path = signed_in("merrow.lead"), "/plans/merrow/calendar/notice"
    assert page(lead, "/plans/merrow/calendar").find("a", href=path)
    today = current_house().today
    sent = {"act": "notice", "key": "0" * 32, "body": "council:ZZ1"}
    code, found = send(lead, path, **sent, on=str(today + timedelta(1)))
    assert code == 409
    assert "today or before, within a year" in found.text
    code, found = send(lead, path, **sent, on="someday")
    assert (code, "is not a day" in found.text) == (400, True)
    code, found = send(lead, path, **sent | {"body": "board:ZZ1"}, on=str(today))
    assert (code, "Choose the body whose notice it is." in found.text) == (400, True)
    code, found = send(lead, path, **sent, on=str(today))
    assert code == 200
    assert "given on" in found.text
    assert page(lead, path).tables["notices"].column("Body") == ["Merrow council"]
    chair = signed_in("merrow.chair")
    assert "You hold no office" in page(chair, path).text
    assert not page(chair, "/plans/merrow/calendar").find("a", href=path)
    code, _ = send(chair, path, **sent, on=str(today))
    assert code == 400
    assert signed_in("stonebeck.lead").get(path).status_code == 404


def test_ones_own_plans_come_first(undone: None, read: Reader) -> None:
    """Who is signed in sees the plans of their bodies before others that they may read, and no others; the analyst reads all."""
    assert set(read("/calendar").tables) == {"plans-table"}
    assert len(read("/calendar").tables["plans-table"].rows) == 1 + len(COUNTY)
    mine = page(signed_in("stonebeck.chair"), "/calendar?as_at=2014-12-20")
    assert mine.tables["mine-table"].column("Plan") == ["Stonebeck joint plan"]
    assert set(mine.tables) == {"mine-table"}
    trust = page(signed_in("trust.chief"), "/calendar")
    assert {row["Plan"].split()[0] for row in trust.tables["plans-table"]} == {
        "Merrow",
        "Eastwold",
        "Farrowdale",
    }
    assert Client(SERVER_NAME="localhost").get("/calendar.json").status_code == 302


def test_a_calendar_program_needs_no_sign_in(undone: None) -> None:
    """
    Each has an address of their own: it shows the plans that they may read at that moment, or one of them. Changed by a
    letter it is nobody's; a plan of others is no plan; once the office ends it is empty; with the password it changes.
    """
    lead, nobody = signed_in("stonebeck.lead"), Client(SERVER_NAME="localhost")
    address = urlsplit(page(lead, "/calendar").text_of("samp")).path
    answer = nobody.get(address)
    said = answer.content.decode()
    assert "Stonebeck joint plan" in said
    assert "Merrow" not in said
    assert "no-store" in answer["Cache-Control"]
    one = urlsplit(page(lead, "/plans/stonebeck/calendar").text_of("samp"))
    assert (one.path, one.query) == (address, "plan=stonebeck")
    assert b"Stonebeck" in nobody.get(f"{address}?plan=stonebeck").content
    other, none = (nobody.get(f"{address}?plan={plan}") for plan in ("merrow", "thereis"))
    assert other.status_code == none.status_code == 404
    assert other.content.decode().replace("merrow", "") == none.content.decode().replace("thereis", "")
    flipped = address.replace(address[-5], "0" if address[-5] != "0" else "1")
    for wrong in (flipped, "/calendar/demo-22..ics", "/calendar/x.ics", "/calendar/%00.0.ics"):
        assert nobody.get(wrong).status_code == 404, wrong
    account = Account.objects.get(handle="stonebeck.lead")
    house, stream = current_house(), stream_of("council:ZZ4")
    house.journal.append(
        [end("council:ZZ4", "plan_lead", account.pk, house.today - timedelta(1))],
        expecting={stream: house.journal.version(stream)}, by="carepool", at=house.clock(),
    )  # fmt: skip
    assert b"Stonebeck" not in nobody.get(address).content
    assert nobody.get(f"{address}?plan=stonebeck").status_code == 404
    account.set_unusable_password()
    account.save()
    assert nobody.get(address).status_code == 404


# Files to subscribe to


def events(content: bytes) -> list[icalendar.Event]:
    """The entries of a calendar file, as a calendar program reads them."""
    made = icalendar.Calendar.from_ical(content)
    assert str(made["METHOD"]) == "PUBLISH"
    assert str(made["VERSION"]) == "2.0"
    return [each for each in made.walk() if each.name == "VEVENT"]


def test_a_calendar_program_reads_it(read: Reader) -> None:
    """Lines of at most 75 bytes ended as the standard has it, one identity an entry, days as days."""
    for path in ("/calendar.ics", "/plans/merrow/calendar.ics", "/bodies/board:ZZ5/meetings.ics"):
        content = read.answer(path).content
        assert content.endswith(b"\r\n")
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        found = events(content)
        uids = [str(each["UID"]) for each in found]
        assert uids
        assert len(uids) == len(set(uids))
        assert all(not each.errors for each in found)


def test_a_meeting_that_was_moved_or_called_off(read: Reader) -> None:
    """The county's moved meeting has a sequence of 1, and the one called off is sent as cancelled."""
    moved = {str(e["UID"]): e for e in events(read.answer("/bodies/board:ZZ4/meetings.ics").content)}
    third = moved["meeting.board:ZZ4.3@carepool"]
    assert (third["DTSTART"].dt, int(third["SEQUENCE"]), str(third["STATUS"])) == (
        date(2015, 1, 12),
        1,
        "CONFIRMED",
    )
    off = {str(e["UID"]): e for e in events(read.answer("/bodies/board:ZZ5/meetings.ics").content)}
    fourth = off["meeting.board:ZZ5.4@carepool"]
    assert (int(fourth["SEQUENCE"]), str(fourth["STATUS"])) == (1, "CANCELLED")


def test_what_stands_in_an_entry_comes_back_whole() -> None:
    """Commas, semicolons, backslashes, lines and letters of several bytes survive folding and escaping; an hour in summer is sent in UTC."""
    title = "Café, “plan”; a\\b – " + "ü" * 90
    noon = datetime(2016, 5, 27, 11, tzinfo=UTC)
    entry = Entry(
        "x@carepool",
        3,
        datetime(2016, 5, 1, 9, tzinfo=UTC),
        date(2016, 5, 27),
        noon,
        title,
        "One\nTwo, three",
    )
    (found,) = events(ics.calendar("A; calendar, of ours", [entry], lambda _: "https://fund.example/x"))
    assert str(found["SUMMARY"]) == title
    assert str(found["DESCRIPTION"]) == "One\nTwo, three"
    assert found["DTSTART"].dt == noon
    assert b"DTSTART:20160527T110000Z" in ics.calendar("A", [entry], lambda _: "")
    assert int(found["SEQUENCE"]) == 3


# A body's meetings


def test_who_enters_a_bodys_meetings(undone: None, read: Reader) -> None:
    """Nobody in particular reads the list and who keeps it; there is no form."""
    found = read(BOARD)
    assert len(found.tables["meetings-table"].rows) == 6
    assert "Its clerk, a plan lead or its chair." in found.text
    assert "Joan Fell" not in found.text
    assert "Joan Fell (board chair)" in page(signed_in("nhs.analyst"), BOARD).text
    assert [each for each in found.find("form", method="post") if each["action"] == BOARD] == []
    assert "No meeting has been entered" in read("/bodies/ccg:09C/meetings").text


def test_meetings_are_pasted_moved_and_called_off(undone: None) -> None:
    """A chair pastes a column of days, moves one meeting and calls another off; each is said, and stands in the list."""
    chair = signed_in("merrow.chair")
    days = "2027-02-04\r\n2027-03-04, 2027-04-08\r\n"
    status, found = send(
        chair, BOARD, form="plan", key="k1", days=days, committee="Board", kind="full", papers_by=""
    )
    assert status == 200
    assert "Recorded: the meetings stand below." in found.text
    assert found.tables["meetings-table"].column("Day")[-3:] == ["Thursday 4 February 2027", "Thursday 4 March 2027", "Thursday 8 April 2027"]  # fmt: skip
    house = current_house()
    ids = [each.id for each in diary_of(house, "board:ZZ1").meetings][-3:]
    _, found = send(
        chair, BOARD, form="move", key="k2", meeting=ids[0], on="2027-02-05", papers_by="2027-01-28"
    )
    row = found.tables["meetings-table"].rows[-3]
    assert (row[0], row[3], row[4]) == ("Friday 5 February 2027", "28 January 2027", "To come, moved")
    _, found = send(chair, BOARD, form="cancel", key="k3", meeting=ids[1])
    assert found.tables["meetings-table"].rows[-2][4] == "Called off"


def test_a_clerk_enters_the_boards_own_days(undone: None) -> None:
    """With where the constitution says so; whoever else keeps the calendar is refused, and so is a clerk without reasons."""
    here, clerk = "/bodies/board:ZZ7/meetings", signed_in("thornmere.board.clerk")
    fields = {
        "form": "own",
        "step": "papers",
        "own_days": "7",
        "unit": "clear days",
        "reasons": "Part 4, rule 9.",
    }
    _, found = send(clerk, here, key="k1", **{**fields, "reasons": ""})
    assert "Write where the constitution lays these days down" in found.text
    _, found = send(clerk, here, key="k2", **fields)
    assert found.tables["own-table"].column("Days") == ["7 clear days"]
    assert page(clerk, here).tables["own-table"]
    status, found = send(signed_in("thornmere.chair"), here, key="k3", **{**fields, "own_days": "9"})
    assert (status, "one must be its clerk" in found.text) == (409, True)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"form": "plan", "days": "tomorrow", "committee": "Board"}, "“tomorrow” is not a date."),
        ({"form": "plan", "days": "2027-02-04", "committee": ""}, "There is no name for what meets."),
        ({"form": "plan", "days": "", "committee": "Board"}, "There is no day."),
        ({"form": "plan", "days": "2027-02-04", "committee": "Board", "kind": "tea"}, "“tea” is no kind of meeting."),
        ({"form": "plan", "days": "2029-02-01", "committee": "Board"}, "2029"),
        ({"form": "move", "meeting": "1", "on": "never"}, "“never” is not a date."),
        ({"form": "own", "step": "papers", "own_days": "many", "unit": "clear days"}, "“many” is not a number of days."),
        ({"form": "own", "step": "call_in", "own_days": "5", "unit": "clear days"}, "cannot lay down its own days"),
        ({"form": "nothing"}, "That form is not one of this page."),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_used(undone: None, fields: dict[str, str], says: str) -> None:
    """The page comes back with the sentence, what was typed is kept, and nothing is recorded."""
    before = diary_of(current_house(), "board:ZZ1")
    status, found = send(signed_in("merrow.chair"), BOARD, key="k", **fields)
    assert status == 400
    assert says in found.text
    assert found.title.startswith("Error:")
    assert diary_of(current_house(), "board:ZZ1") == before
    if fields.get("committee"):
        assert found.find("input", name="committee", value=fields["committee"])


def test_others_are_refused(undone: None) -> None:
    """Who keeps another body's calendar is refused in words, and who is not signed in is told so; a meeting that is not there is not found."""
    fields = {"form": "plan", "key": "k", "days": "2027-02-04", "committee": "Board"}
    status, found = send(signed_in("wolds.chair"), BOARD, **fields)
    assert (status, "Merrow Health and Wellbeing Board" in found.text) == (409, True)
    status, found = send(Client(SERVER_NAME="localhost"), BOARD, **fields)
    assert status == 403
    answer = signed_in("merrow.chair").post(BOARD, {"form": "cancel", "key": "k", "meeting": "99"})
    assert answer.status_code == 404
    assert Client(SERVER_NAME="localhost").get("/bodies/board:NONE/meetings").status_code == 404


def test_a_form_sent_twice_acts_once(undone: None) -> None:
    """The same form sent again records nothing more."""
    chair = signed_in("merrow.chair")
    fields = {"form": "plan", "key": "same", "days": "2027-02-04", "committee": "Board"}
    for _ in range(2):
        status, _page = send(chair, BOARD, **fields)
        assert status == 200
    assert len([m for m in diary_of(current_house(), "board:ZZ1").meetings if m.on == date(2027, 2, 4)]) == 1


# Notices


@pytest.mark.slow
def test_notices_are_read(undone: None) -> None:
    """Each notice leads to its page; marked as read, it moves below; somebody else's cannot be marked."""
    house = current_house()
    make_notices(house, house.notices)
    chief = signed_in("stonebeck.chief")
    found = page(chief, "/me")
    assert "Stonebeck joint plan: your decision no longer counts" in found.text
    assert ("/plans/stonebeck/decisions", "") in found.links
    ids = [each["value"] for each in found.find("input", name="notice")]
    one = ids[0]
    signed_in("stonebeck.lead").post("/me/read", {"notice": one})
    assert one in [each["value"] for each in page(chief, "/me").find("input", name="notice")]
    answer = chief.post("/me/read", {"notice": one})
    assert (answer.status_code, answer["Location"]) == (302, "/me#notices")
    assert one not in [each["value"] for each in page(chief, "/me").find("input", name="notice")]
    chief.post("/me/read", {"notice": ids})
    after = page(chief, "/me")
    assert after.find("input", name="notice") == []
    assert "Notices that you have read" in after.text
    assert Client(SERVER_NAME="localhost").post("/me/read", {"notice": one}).status_code == 403


@pytest.mark.slow
def test_notices_of_a_plan_that_is_no_longer_ones_own_are_not_shown(undone: None) -> None:
    """Once the office has ended, not even the plan's name stands on their page."""
    house = current_house()
    make_notices(house, house.notices)
    chief = signed_in("stonebeck.chief")
    assert "Stonebeck joint plan" in page(chief, "/me").text
    stream, account = stream_of("council:ZZ4"), Account.objects.get(handle="stonebeck.chief").pk
    house.journal.append(
        [end("council:ZZ4", "chief_executive", account, house.today - timedelta(1))],
        expecting={stream: house.journal.version(stream)}, by="carepool", at=house.clock(),
    )  # fmt: skip
    assert "Stonebeck joint plan" not in page(chief, "/me").text


def test_a_meeting_of_today_is_still_to_come(undone: None) -> None:
    """A meeting on the day itself can still be moved."""
    chair, today = signed_in("merrow.chair"), current_house().today
    send(chair, BOARD, form="plan", key="k", days=f"{today}\n{today - timedelta(1)}", committee="Board")
    found = page(chair, BOARD)
    assert found.tables["meetings-table"].column("Standing")[-2:] == ["Past", "To come"]
    assert len(found.find("input", name="form", value="move")) == 1
