"""A plan's assurance as its reviewers, its moderator, the decider, its parties and the public meet it."""

import json
import re
from collections.abc import Callable

import pytest

from carepool.actions.areas import MARK
from carepool.actions.assurances import assured
from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.actions.standings import standing_of
from carepool.assurance.record import State
from carepool.signin.models import Account
from carepool.signoff.standing import Status
from tests.web.visiting import Person

HERE = "/plans/farrowdale/assurance"
SECRET = "Nothing that could be looked up"
"""What the NHS reviewer wrote of Farrowdale, while the other review is awaited."""


def answer_all(who: Person, desk: str, changed: dict[str, tuple[str, str]] | None = None) -> None:
    """Answer every question at a desk, the best throughout but for what is said otherwise."""
    listed = re.findall(rf'href="({desk}/[a-z0-9_-]+)"', who.browser.get(desk).content.decode())
    assert len(listed) > 15
    for path in dict.fromkeys(listed):
        levels = re.findall(
            r'name="level" type="radio" value="(\w+)"', who.browser.get(path).content.decode()
        )
        level, words = (changed or {}).get(path.rpartition("/")[2], (levels[0], ""))
        sent = who.send(path, {"level": level, "words": words, "then": "next"})
        assert sent.status_code == 302, path


def hand_in(who: Person, desk: str) -> str:
    """Hand in what stands at a desk, and the address that it leads to."""
    sent = who.send(desk, who.form(desk, desk))
    assert sent.status_code == 302, sent.content.decode()
    return str(sent["Location"])


@pytest.mark.slow
def test_farrowdale_from_one_review_to_its_approval(someone: Callable[..., Person], now: House) -> None:
    """The second review, the moderation and the outcome by the pages' own forms: then both reviews are read, and the plan is approved."""
    reviewer, moderator, director = someone("lga.assurer"), someone("moderator"), someone("nhs.director")
    desk = f"{HERE}/review/local_government"
    assert any("Farrowdale" in row["Plan"] for row in reviewer.page("/assurance").tables["queue"])
    answer_all(reviewer, desk, {"answers-evidence": ("partly", "One pilot is named.")})
    place = hand_in(reviewer, desk)
    assert "your review is in" in reviewer.page(place).text
    assert assured(now, "farrowdale").state is State.BOTH_IN
    assert SECRET in reviewer.page(HERE).text, "both are in, so both reviewers read both"
    assert any(
        "Moderate both reviews" in row["To do"] for row in moderator.page("/assurance").tables["queue"]
    )
    desk = f"{HERE}/moderate"
    assert "They differ" in moderator.page(desk).text
    assert SECRET in moderator.page(f"{desk}/answers-evidence").text
    answer_all(moderator, desk, {"answers-evidence": ("partly", "One pilot, looked up."), "answers-can_be_done": ("yes", "Dates stand in the annex."), "savings-0": ("medium", "Between the two."), "quality": ("medium", "As the NHS says."), "risk": ("medium", "As the NHS says.")})  # fmt: skip
    hand_in(moderator, desk)
    page = director.page(f"{HERE}/outcome")
    assert "the rules suggest “approved”" in page.text
    fields = director.form(f"{HERE}/outcome", f"{HERE}/outcome")
    sent = director.send(f"{HERE}/outcome", fields | {"outcome": "approved"})
    assert sent.status_code == 302
    assert "Approved" in director.page(HERE).text
    assert standing_of(now, view(now, "farrowdale")).status is Status.APPROVED
    minister = someone("minister.office")
    path = "/plans/farrowdale/stage"
    sent = minister.send(path, minister.form("/plans/farrowdale/decisions", path))
    assert sent.status_code == 302


@pytest.mark.parametrize(
    "handle",
    ["", "lga.assurer", "nhs.assurer", "moderator", "nhs.director", "minister.office", "farrowdale.lead", "farrowdale.chief"],
)  # fmt: skip
@pytest.mark.slow
def test_the_review_that_is_in_is_nowhere_to_be_read(someone: Callable[..., Person], handle: str) -> None:
    """While one review is awaited, no page, JSON, CSV, or page as at any day has a word or an answer of the other for anybody else."""
    who = someone(handle)
    paths = [
        HERE, f"{HERE}.json", f"{HERE}?as_at=2015-06-01", f"{HERE}/review/nhs", f"{HERE}/review/nhs/answers-evidence",
        f"{HERE}/review/local_government", f"{HERE}/review/local_government/answers-evidence", f"{HERE}/moderate",
        f"{HERE}/moderate/answers-evidence", f"{HERE}/outcome", "/assurance", "/assurance/national?area=county",
        "/assurance/national.json?area=county", "/assurance/national.csv?area=county", "/plans/farrowdale",
        "/plans/farrowdale.json", "/plans/farrowdale/decisions", "/me", "/plans/farrowdale/versions",
    ]  # fmt: skip
    for path in paths:
        text = who.browser.get(path).content.decode()
        assert SECRET not in text, path
        assert "Milestones without dates" not in text, path


def test_its_author_reads_their_own(someone: Callable[..., Person]) -> None:
    """Who handed a review in reads it back, and can change it until the other is in."""
    who = someone("nhs.reviewer")
    assert SECRET in who.page(HERE).text
    desk = f"{HERE}/review/nhs"
    assert "You can change it" in who.page(desk).text
    assert SECRET in who.page(f"{desk}/answers-evidence").text


def test_a_question_has_its_evidence_beside_it(someone: Callable[..., Person]) -> None:
    """At the left the question and the answers, at the right what the plan says there and what the checks find."""
    page = someone("lga.assurer").page(f"{HERE}/review/local_government/answers-hospitals_agree")
    assert "Do the hospitals agree" in page.text
    assert "What the plan says" in page.text
    assert "flows-table" in page.tables
    assert "Two wards of 24 beds" in page.text
    assert "What the checks find here" in page.text
    assert [each["value"] for each in page.find("input", type="radio")] == ["yes", "partly", "no"]


def test_what_is_begun_is_kept_and_found_again(someone: Callable[..., Person]) -> None:
    """An answer is kept as soon as it is sent, whole or not; leaving and coming back finds it."""
    who, desk = someone("lga.assurer"), f"{HERE}/review/local_government"
    path = f"{desk}/answers-agreed"
    sent = who.send(path, {"level": "partly", "words": "The boundary?", "then": "list"})
    assert sent["Location"] == f"{desk}#answers-agreed"
    again = someone("lga.assurer").page(path)
    assert "The boundary?" in again.text
    assert [each["value"] for each in again.find("input", type="radio") if "checked" in each] == ["partly"]
    assert "1 of 19 answered" in again_list(someone, desk)
    assert "The boundary?" not in someone("moderator").browser.get(path).content.decode()


def again_list(someone: Callable[..., Person], desk: str) -> str:
    return someone("lga.assurer").page(desk).text


def test_what_is_missing_is_said_at_its_question(someone: Callable[..., Person], now: House) -> None:
    """A review that is not whole is not handed in: the summary leads to each open question, and nothing typed is lost."""
    who, desk = someone("lga.assurer"), f"{HERE}/review/local_government"
    who.send(f"{desk}/answers-agreed", {"level": "partly", "words": "", "then": "list"})
    sent = who.send(desk, who.form(desk, desk))
    assert sent.status_code == 409
    text = sent.content.decode()
    assert "There is a problem" in text
    assert 'href="#answers-agreed"' in text
    assert "without a word on what is missing" in text
    assert assured(now, "farrowdale").state is State.ONE_IN
    long = who.send(f"{desk}/answers-agreed", {"level": "partly", "words": "x" * 10_001, "then": "list"})
    assert long.status_code == 400
    assert "longer than 10,000 characters" in long.content.decode()
    odd = who.send(f"{desk}/answers-agreed", {"level": "perhaps", "words": "", "then": "list"})
    assert (odd.status_code, "Choose one of the answers" in odd.content.decode()) == (400, True)


def test_who_may_not_judge_is_told_who_does(someone: Callable[..., Person]) -> None:
    """A desk is its reviewer's; who is not signed in is asked to; a side or question that is none does not exist."""
    for handle in ("nhs.assurer", "farrowdale.lead", "moderator"):
        answer = someone(handle).browser.get(f"{HERE}/review/nhs")
        assert answer.status_code == 403
        assert "not this side" in answer.content.decode()
    assert someone("stonebeck.lead").browser.get(f"{HERE}/review/nhs").status_code == 404
    assert someone(None).browser.get(f"{HERE}/review/nhs").status_code == 302
    reviewer = someone("nhs.reviewer").browser
    assert reviewer.get(f"{HERE}/review/trusts").status_code == 404
    assert reviewer.get(f"{HERE}/review/nhs/answers-nothing").status_code == 404
    assert someone("moderator").browser.get(f"{HERE}/moderate").status_code == 403
    assert someone("nhs.director").browser.get(f"{HERE}/outcome").status_code == 403
    refused = someone("farrowdale.lead").send(
        f"{HERE}/review/nhs/answers-agreed", {"level": "yes", "words": ""}
    )
    assert refused.status_code == 403


def test_reviewers_are_chosen_on_the_page(someone: Callable[..., Person], now: House) -> None:
    """The moderator chooses among those who hold an office that reviews for the side."""
    who, here = someone("moderator"), "/plans/stonebeck/assurance"
    page = who.page(here)
    assert "Choose who reviews for NHS" in page.html
    nhs = Account.objects.get(handle="nhs.reviewer").pk
    sent = who.send(here, {"do": "assign", "name": "nhs", "to": nhs, "key": "k1"})
    assert sent.status_code == 302
    assert assured(now, "stonebeck").record.assigned["nhs"].account == nhs
    refused = who.send(here, {"do": "assign", "name": "local_government", "to": nhs, "key": "k2"})
    assert refused.status_code == 409
    assert "hold no office that reviews" in refused.content.decode()


def test_an_interest_is_declared_on_the_page(someone: Callable[..., Person], now: House) -> None:
    """In words; without any it is refused with what was typed kept."""
    who = someone("nhs.reviewer")
    bare = who.send(HERE, {"do": "conflict", "name": "nhs", "words": " ", "key": "k1"})
    assert bare.status_code == 409
    assert "Say why" in bare.content.decode()
    sent = who.send(HERE, {"do": "conflict", "name": "nhs", "words": "My sister works there.", "key": "k2"})
    assert sent.status_code == 302
    assert assured(now, "farrowdale").record.on(assured(now, "farrowdale").digest) == {}
    assert "My sister" not in someone("moderator").page(HERE).text


def test_conditions_stand_with_their_day_and_what_became_of_them(someone: Callable[..., Person]) -> None:
    """As at a day between, one is met and one is open; after its day it is overdue; today both are met."""
    party = someone("carrowby.chair")
    between = party.page("/plans/carrowby/assurance?as_at=2014-10-25")
    assert "1 condition is open" in between.text
    late = party.page("/plans/carrowby/assurance?as_at=2014-10-28")
    assert "Overdue" not in late.text
    overdue = party.page("/plans/carrowby/assurance?as_at=2014-10-28").text
    assert "C2, due 28 October 2014 Open" in overdue
    today = party.page("/plans/carrowby/assurance").text
    assert "C2, due 28 October 2014 Met" in today
    assert "thirty beds close" in today


def test_the_parties_read_what_both_became_and_not_who_reviewed(someone: Callable[..., Person]) -> None:
    """The moderated judgement with its reasons, how far reviewers agreed, and what would have changed the outcome; no reviewer's name or answers."""
    for handle in ("carrowby.chair", "carrowby.lead"):
        page = someone(handle).page("/plans/carrowby/assurance")
        assert "The wards are the larger risk" in page.text
        assert "10 of 14 questions (71.4%)" in page.text
        assert "Weighted kappa: 0.548" in page.text
        assert "changes-table" in page.tables
        for words in (
            "Ravi Sloane",
            "Tilda Bourne",
            "Equipment is still delivered on five days",
            "reviews-table",
        ):
            assert words not in page.html, words
    insider = someone("nhs.assurer").page("/plans/carrowby/assurance")
    assert "Equipment is still delivered on five days" in insider.text
    assert "Ravi Sloane" in insider.text


def test_escalation_and_direction_on_the_page(someone: Callable[..., Person], now: House) -> None:
    """Step by step up to a direction that names power, body and money; each with reasons, and each visible to all of the plan."""
    who, here = someone("nhs.director"), "/plans/stonebeck/assurance"
    for number, rung in enumerate(("regional_meeting", "escalation_panel", "letter", "direction")):
        sent = who.send(here, {"do": "step", "name": rung, "words": "Nothing moves.", "key": f"s{number}"})
        assert sent.status_code == 302, rung
    wrong = who.send(here, {"do": "direct", "name": "direct", "amount": "lots", "to": "ccg:Z4A", "words": "Nights.", "key": "d0"})  # fmt: skip
    assert wrong.status_code == 400
    assert 'href="#direct-amount"' in wrong.content.decode()
    sent = who.send(here, {"do": "direct", "name": "direct", "amount": "125,000", "to": "ccg:Z4A", "words": "Nights.", "key": "d1"})  # fmt: skip
    assert sent.status_code == 302
    page = someone("stonebeck.lead").page(here)
    (row,) = page.tables["directions-table"]
    assert (row["Amount"], row["State"]) == ("£125,000", "Stands")
    (stands,) = assured(now, "stonebeck").record.active_directions
    assert stands.pence == 12_500_000
    sent = who.send(here, {"do": "lift", "name": "1", "words": "Done.", "key": "l1"})
    assert sent.status_code == 302
    assert assured(now, "stonebeck").record.active_directions == ()


@pytest.mark.slow
def test_the_outcome_form_keeps_what_was_typed(someone: Callable[..., Person]) -> None:
    """A condition without a day, or no outcome, is said at its field, and nothing typed is lost."""
    reviewer, moderator, director = someone("lga.assurer"), someone("moderator"), someone("nhs.director")
    answer_all(reviewer, f"{HERE}/review/local_government")
    hand_in(reviewer, f"{HERE}/review/local_government")
    desk = f"{HERE}/moderate"
    answer_all(moderator, desk, {"answers-evidence": ("partly", "Between."), "answers-can_be_done": ("yes", "Dated."), "savings-0": ("medium", "Between."), "quality": ("medium", "NHS."), "risk": ("medium", "NHS.")})  # fmt: skip
    hand_in(moderator, desk)
    path = f"{HERE}/outcome"
    fields = director.form(path, path)
    none = director.send(path, fields | {"reasons": "Kept words"})
    assert none.status_code == 400
    assert "Choose an outcome." in none.content.decode()
    assert "Kept words" in none.content.decode()
    no_day = director.send(path, fields | {"outcome": "approved_with_conditions", "words-1": "Kept condition", "due-1": "soon", "reasons": "Kept"})  # fmt: skip
    assert no_day.status_code == 400
    assert 'href="#due-1"' in no_day.content.decode()
    assert "Kept condition" in no_day.content.decode()
    otherwise = director.send(path, fields | {"outcome": "not_approved"})
    assert otherwise.status_code == 409
    assert "The rules suggest" in otherwise.content.decode()


def test_the_nation_has_nothing_invented_and_the_county_its_mark(someone: Callable[..., Person]) -> None:
    """England's page says that nothing has been assured; the county's bears its mark, on the page and in what is taken away."""
    public = someone(None)
    assert "No plan that you can read has been assured here" in public.page("/assurance/national").text
    assert public.browser.get("/assurance/national.csv").content.decode().count("\r\n") == 1
    county = public.page("/assurance/national?area=county")
    assert MARK in county.text
    assert MARK in public.browser.get("/assurance/national.csv?area=county").content.decode()
    data = json.loads(public.browser.get("/assurance/national.json?area=county").content)
    assert data["mark"] == f"{MARK}."
    nation = data["nation"]
    assert nation["promised_pence"] == sum(each["promised_pence"] for each in data["plans"])
    assert nation["credible_pence"] == sum(each["credible_pence"] or 0 for each in data["plans"])
    assert nation["outcomes"]["approved_with_conditions"] == 1
    assert [each["plan"] for each in data["plans"]] == ["carrowby"]
    wrong = public.browser.get("/assurance/national?as_at=soon")
    assert wrong.status_code == 400


def test_as_at_before_anything_was_reviewed(someone: Callable[..., Person]) -> None:
    """The nation as at a day before the first review has plans without outcomes, and nothing credible or delivered."""
    data = json.loads(someone().browser.get("/assurance/national.json?area=county&as_at=2014-09-25").content)
    assert data["nation"]["outcomes"] == {"none": 1}
    assert data["nation"]["credible_of_plans"] == 0


def test_the_nation_is_made_of_the_plans_that_one_may_know_of(someone: Callable[..., Person]) -> None:
    """All for a national body; one's own and those signed off for a party; those signed off alone for the public."""
    for handle, plans in (
        ("minister.office", {"carrowby", "farrowdale", "lindenmouth", "stonebeck", "thornmere", "wolds"}),
        ("stonebeck.lead", {"carrowby", "stonebeck"}),
        (None, {"carrowby"}),
    ):
        who = someone(handle)
        data = json.loads(who.browser.get("/assurance/national.json?area=county").content)
        assert {each["plan"] for each in data["plans"]} == plans
        rows = who.browser.get("/assurance/national.csv?area=county").content.decode().splitlines()
        assert len(rows) == 1 + len(plans)
        linked = {path for path, _ in who.page("/assurance/national?area=county").links}
        theirs = plans if handle == "minister.office" else plans - {"carrowby"}
        assert {f"/plans/{each}/assurance" for each in theirs} <= linked
        assert ("/public/carrowby" in linked) is (handle != "minister.office")


def test_a_form_sent_by_who_is_not_signed_in_records_nothing(
    someone: Callable[..., Person], now: House
) -> None:
    """It is answered with what to do, and what was typed."""
    answer = someone(None).send(HERE, {"do": "conflict", "name": "nhs", "words": "Kept words", "key": "k"})
    assert answer.status_code == 403
    assert "You are not signed in" in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    odd = someone("moderator").send(HERE, {"do": "crown", "key": "k"})
    assert odd.status_code == 400
    assert assured(now, "farrowdale").state is State.ONE_IN
