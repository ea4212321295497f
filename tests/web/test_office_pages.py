"""Offices given, handed over and ended by whoever answers for a body; to others the page does not exist."""

import re
from collections.abc import Callable

from carepool.actions.house import House
from carepool.offices.holdings import holdings, stream_of
from carepool.signin.models import Account
from tests.web.test_agreement_pages import hidden, send
from tests.web.visiting import Person, sound

HERE = "/bodies/council:ZZ7/offices"
People = Callable[..., Person]


def held(house: House, handle: str) -> list[str]:
    account = Account.objects.get(handle=handle).id
    found = holdings(house.journal.read(stream_of("council:ZZ7")))
    return [each.office for each in found if each.account == account and each.on(house.today)]


def test_who_holds_an_office_sees_who_else_does(someone: People) -> None:
    page = someone("thornmere.clerk").page(HERE)
    assert "Sol Tarn" in page.text
    assert "Ask whoever answers for the body" in page.text
    assert "Give the office" in someone("thornmere.chief").page(HERE).text


def test_to_others_it_is_what_is_missing(someone: People) -> None:
    other, none = someone("aldersea.chief"), "/bodies/council:ZZ77/offices"
    foreign, missing = other.browser.get(HERE), other.browser.get(none)
    assert (foreign.status_code, missing.status_code) == (404, 404)
    pages = [
        re.sub(rb"council:ZZ7+|name=\"csrfmiddlewaretoken\" value=\"\w+\"", b"", each.content)
        for each in (foreign, missing)
    ]
    assert pages[0] == pages[1]


def test_an_office_is_given_handed_over_and_ended(someone: People, now: House) -> None:
    chief, today = someone("thornmere.chief"), str(now.today)
    wrong = send(chief, HERE, "give", office="clerk", handle="nobody.such", first=today)
    assert "Nobody signs in as" in sound(HERE, wrong).text  # type: ignore[arg-type]
    assert send(chief, HERE, "give", office="analyst", handle="merrow.lead", first=today).status_code == 302  # type: ignore[attr-defined]
    assert held(now, "merrow.lead") == ["analyst"]
    account = Account.objects.get(handle="thornmere.clerk").id
    done = send(chief, HERE, "hand-over", holder=f"clerk {account}", handle="thornmere.lead", first=today)
    assert done.status_code == 302  # type: ignore[attr-defined]
    assert held(now, "thornmere.clerk") == []
    assert "clerk" in held(now, "thornmere.lead")
    ended = Account.objects.get(handle="merrow.lead").id
    assert send(chief, HERE, "end", holder=f"analyst {ended}", last=today).status_code == 302  # type: ignore[attr-defined]
    assert held(now, "merrow.lead") == [], "ended today, whatever day it began"


def test_an_office_of_today_is_revoked_on_the_next_request(someone: People, now: House) -> None:
    chief, today = someone("thornmere.chief"), str(now.today)
    send(chief, HERE, "give", office="chief_executive", handle="farrowdale.lead", first=today)
    other, account = someone("farrowdale.lead"), Account.objects.get(handle="farrowdale.lead").id
    fields = hidden(other.browser, HERE, "give")
    send(chief, HERE, "end", holder=f"chief_executive {account}", last=today)
    answer = other.browser.post(HERE, {**fields, "office": "clerk", "handle": "merrow.lead", "first": today})
    assert answer.status_code in {403, 404}
    assert held(now, "merrow.lead") == []


def test_an_office_to_come_is_called_off(someone: People, now: House) -> None:
    chief, tomorrow = someone("thornmere.chief"), str(now.today.fromordinal(now.today.toordinal() + 1))
    send(chief, HERE, "give", office="analyst", handle="merrow.lead", first=tomorrow)
    account = Account.objects.get(handle="merrow.lead").id
    assert send(chief, HERE, "end", holder=f"analyst {account}", last=str(now.today)).status_code == 302  # type: ignore[attr-defined]
    assert "Called off" in chief.page(HERE).text
    found = holdings(now.journal.read(stream_of("council:ZZ7")))
    assert [each.never for each in found if each.account == account] == [True]


def test_an_office_handed_over_today_is_handed_back_today(someone: People, now: House) -> None:
    chief, today = someone("thornmere.chief"), str(now.today)
    mine = Account.objects.get(handle="thornmere.chief").id
    send(chief, HERE, "hand-over", holder=f"chief_executive {mine}", handle="farrowdale.lead", first=today)
    next_one, account = someone("farrowdale.lead"), Account.objects.get(handle="farrowdale.lead").id
    send(
        next_one,
        HERE,
        "hand-over",
        holder=f"chief_executive {account}",
        handle="thornmere.chief",
        first=today,
    )
    assert held(now, "farrowdale.lead") == []
    assert "chief_executive" in held(now, "thornmere.chief")


def test_an_ended_account_is_given_no_office(someone: People, now: House) -> None:
    Account.objects.filter(handle="merrow.lead").update(is_active=False)
    wrong = send(
        someone("thornmere.chief"), HERE, "give", office="analyst", handle="merrow.lead", first=str(now.today)
    )
    assert "Nobody signs in as" in sound(HERE, wrong).text  # type: ignore[arg-type]


def test_only_who_answers_for_the_body_may(someone: People, now: House) -> None:
    clerk, chief = someone("thornmere.clerk"), someone("thornmere.chief")
    fields = hidden(chief.browser, HERE, "give")
    answer = clerk.browser.post(
        HERE, {**fields, "office": "clerk", "handle": "merrow.lead", "first": str(now.today)}
    )
    assert "one must be its chief executive" in sound(HERE, answer).text
    assert held(now, "merrow.lead") == []
