"""Publishing by a form: the approver sees what would be published, what is withheld and the evidence, and publishes in one act."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from carepool.actions import publishing, publishing_audit
from carepool.actions.house import House
from carepool.actions.published_people import People as Seen
from carepool.actions.publishing import prepare, releases_of
from carepool.disclosure.audit import Evidence, Interval
from tests.web.test_twice import hidden, signed_off
from tests.web.visiting import Person, sound

People = Callable[..., Person]
CARROWBY, WOLDS = "/plans/carrowby/publish", "/plans/wolds/publish"
PUBLISH = 'id="publish-form"'


def test_before_ministers_have_signed_it_off_there_is_nothing_to_publish(someone: People) -> None:
    """The page says so, and offers no form."""
    page = someone("merrow.lead").page("/plans/merrow/publish")
    assert "No draft is ever published" in page.html
    assert "look-form" not in page.html


def test_whoever_may_not_publish_is_told_who_can(someone: People, now: House) -> None:
    """Its lead wrote it, and an analyst has no such office: neither sees the audit, and a form of theirs is refused."""
    for handle in ("carrowby.lead", "nhs.analyst"):
        who = someone(handle)
        page = who.page(CARROWBY)
        assert "look-form" not in page.html
        assert re.search(r"chief executive|Ask a colleague", page.html)
        audit = prepare(now, "carrowby", correct=2, says="Mine.").audit_digest
        answer = who.send(CARROWBY, {"act": "publish", "key": "mine", "audit": audit, "correct": "2", "says": "Mine."})  # fmt: skip
        assert answer.status_code == 409
    assert len(releases_of(now, "carrowby")) == 2


def test_a_release_is_published_in_one_act(someone: People, now: House) -> None:
    """The approver sees the audit and its digest, sends one form, and stands before the release."""
    signed_off(someone, now)
    chair = someone("wolds.chair")
    page = chair.page(WOLDS)
    assert "This can be published now" in page.html
    assert all(each in page.html for each in ("plan.json", "people.json", "Small numbers"))  # fmt: skip
    fields = {name: str(each) for name, each in hidden(chair, WOLDS, WOLDS, PUBLISH).items()}
    answer = chair.send(WOLDS, fields)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/releases/wolds/1")
    again = chair.send(WOLDS, fields)
    assert (again.status_code, again.headers["Location"]) == (302, "/releases/wolds/1")
    (release,) = releases_of(now, "wolds")
    assert release.audit == fields["audit"]


def test_what_moved_on_meanwhile_is_shown_again(someone: People, now: House) -> None:
    """Two look at the same; one publishes, and the other's form is refused with what stands now."""
    signed_off(someone, now)
    chair, officer = someone("wolds.chair"), someone("wolds.officer")
    first, second = (hidden(each, WOLDS, WOLDS, PUBLISH) for each in (chair, officer))
    assert chair.browser.post(WOLDS, first).status_code == 302
    late = officer.browser.post(WOLDS, second)
    assert late.status_code == 409
    assert "Error:" in sound(WOLDS, late).html
    assert len(releases_of(now, "wolds")) == 1


def test_what_is_withheld_is_chosen_with_its_reason(someone: People, now: House) -> None:
    """A section and a field, each with its reason: the audit is shown anew, and the release holds neither."""
    signed_off(someone, now)
    chair = someone("wolds.chair")
    look = {"act": "look", "key": "look", "withhold": "risks:commercial", "field": "spend/0/provider", "reason": "personal"}  # fmt: skip
    page = sound(WOLDS, chair.send(WOLDS, look))
    assert "Commercially confidential" in page.html
    assert "spend/0/provider" in page.html
    form = re.search(r'<form[^>]*id="publish-form".*?</form>', page.html, re.DOTALL)
    assert form
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    fields.pop("csrfmiddlewaretoken", None)
    assert chair.send(WOLDS, fields).status_code == 302
    told = chair.browser.get("/releases/wolds/1.json").json()
    assert {each["section"] for each in told["release"]["withheld"]} == {"risks", "spend"}


@pytest.mark.parametrize(("typed", "says"), [
    ({"field": "spend/0/provider"}, "has no reason"),
    ({"field": "nothing/0", "reason": "personal"}, "nothing/0"),
    ({"withhold": "risks:because"}, "because"),
    ({"correct": "-1"}, "is no release"),
    ({"correct": "99"}, "carrowby/99"),
])  # fmt: skip
def test_what_cannot_be_used_is_said_at_its_field(someone: People, typed: dict[str, str], says: str) -> None:
    """Nothing is lost: the audit stands as it would be without it."""
    answer = someone("carrowby.chief").send(CARROWBY, {"act": "look", "key": "look", **typed})
    page = sound(CARROWBY, answer)
    assert answer.status_code == 400
    assert says in page.html
    assert "documents-table" in page.html


def test_what_was_published_is_put_right_with_words(someone: People, now: House) -> None:
    """The form begins as a correction of the last release, and stops until it is said what is put right."""
    chief = someone("carrowby.chief")
    page = chief.page(CARROWBY)
    assert "Write it for people who have read the earlier release." in page.html
    assert PUBLISH not in page.html.replace('<p id="publish-form"', "")
    look = {"act": "look", "key": "look", "correct": "2", "says": "The risks are withheld.", "withhold": "risks:legal"}  # fmt: skip
    page = sound(CARROWBY, chief.send(CARROWBY, look))
    assert "What differs is in: risks." in page.html
    form = re.search(r'<form[^>]*id="publish-form".*?</form>', page.html, re.DOTALL)
    assert form
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    assert chief.send(CARROWBY, fields).headers["Location"] == "/releases/carrowby/3"
    assert releases_of(now, "carrowby")[-1].corrects == 2


def test_the_bounds_of_hidden_counts_are_shown_the_narrowest_first(
    someone: People, now: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count that can be too few numbers stops it, and says which and between what it lies."""
    signed_off(someone, now)
    counts = [Interval((f"at_home/ZZ2/{year}/vintage", "all", "part"), 1, end) for year, end in (("2014-15", 4), ("2015-16", 2), ("2016-17", None))]  # fmt: skip
    people = Seen({"vintage": "vintage", "counts": []}, (Evidence(tuple(counts), 3),))
    monkeypatch.setattr(publishing, "people_of", lambda *_: people)
    page = someone("wolds.chair").page(WOLDS)
    assert "each can be at least 3 different numbers; 1 can be fewer, and stop it" in page.html
    rows = re.findall(r"at home</th>.*?</tr>", page.html, re.DOTALL)
    assert ["too few, so it is refused" in each for each in rows] == [True, False, False]
    assert "any number from there" in rows[2]
    assert "Stops it" in page.html
    assert "Publish this release" not in page.html


def test_the_hold_before_an_election_is_shown(
    someone: People, now: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the day on which it ends, and no button."""
    signed_off(someone, now)
    held = publishing_audit._of_elections
    at = type("At", (), {"rulebook": now.rulebook, "today": date(2016, 4, 4), "journal": now.journal})()
    monkeypatch.setattr(publishing_audit, "_of_elections", lambda _house, seen: held(at, seen))
    page = someone("wolds.chair").page(WOLDS)
    assert "Publish it after 5 May 2016." in page.html
    assert "It cannot be published as it is" in page.html
    assert "Publish this release" not in page.html
