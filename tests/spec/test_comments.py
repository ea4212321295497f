"""Comments: what people say of a plan's places, the queries they put to one another, and what becomes of both."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from carepool.actions.commenting import (
    NOT_OURS,
    Placed,
    answer_comment,
    close_query,
    comment_counts,
    comments_on,
    make_comment,
    placed,
    queries_for,
    said_in,
    withdraw_comment,
)
from carepool.actions.demonstration import Stage, begin, draft_all, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.journal.documents import Withdrawn
from carepool.journal.memory import MemoryJournal
from carepool.journal.port import SameKey
from carepool.journal.verify import verify
from carepool.offices.holdings import end
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.comments import place_of
from carepool.plans.document import Plan, SpendLine
from carepool.wiring import disk
from carepool.wiring.kinds import KINDS

FIRST = "spend/spend/0/year_2"
LEAD, OFFICER, CHAIR = "wolds.lead", "wolds.officer", "wolds.chair"


@pytest.fixture
def stage(house: House) -> Stage:
    """The people of the county in office, and the Wolds' plan saved once."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        made.office(handle)
    made.plan = begin(made, "wolds", "ZZ2", "The Wolds", LEAD, "Z2A", "3.5")  # type: ignore[attr-defined]
    return made


def say(
    stage: Stage, handle: str, where: str = FIRST, words: str = "Is this right?", **more: object
) -> Done | Refused:
    """Somebody comments on a place of the current version."""
    current = view(stage.house, "wolds").history.current
    asked: dict[str, object] = {"version": current.number if current else 0, **more}
    return make_comment(stage.house, stage.actor(handle), "wolds", where, words, **asked)  # type: ignore[arg-type]


def ask(stage: Stage, handle: str, to: str, **more: object) -> Done | Refused:
    """Somebody puts a query to somebody."""
    return say(stage, handle, to=stage.cast[to].account, **more)


def says(refused: object) -> str:
    assert isinstance(refused, Refused), refused
    return refused.says


def words_of(stage: Stage, number: int) -> str | None:
    found = said_in(stage.house, comments_on(stage.house, "wolds")[number - 1])
    return found.words if found else None


def saved(stage: Stage, *spend: SpendLine) -> None:
    """Another version, with these lines of spend."""
    plan: Plan = stage.plan  # type: ignore[attr-defined]
    draft_all(
        stage, "wolds", LEAD, plan.with_section("spend", plan.spend.model_copy(update={"spend": spend}))
    )
    assert isinstance(save_version(stage.house, stage.actor(LEAD), "wolds"), Done)


def lines(stage: Stage) -> tuple[SpendLine, ...]:
    return stage.plan.spend.spend  # type: ignore[attr-defined,no-any-return]


def only(stage: Stage) -> Placed:
    (found,) = placed(stage.house, view(stage.house, "wolds"))
    return found


@pytest.mark.parametrize(
    ("handle", "body"),
    [
        (LEAD, "council:ZZ21"),
        ("westwold.chief", "council:ZZ22"),
        ("wolds.ccg.finance", "ccg:Z2A"),
        (CHAIR, "board:ZZ2"),
        ("nhs.assurer", "nhs_england:ENG"),
        ("minister.office", "ministers:ENG"),
    ],
)
def test_who_may_comment(stage: Stage, handle: str, body: str) -> None:
    """Officers of the plan's councils, NHS commissioners and boards, of NHS England and of ministers, in their body's name."""
    assert isinstance(say(stage, handle), Done)
    (comment,) = comments_on(stage.house, "wolds")
    assert (comment.by, comment.on_behalf_of) == (stage.cast[handle].account, body)


def test_who_may_not_comment(stage: Stage) -> None:
    """Nobody else does: not a neighbour's chief executive, and not who left office yesterday."""
    assert says(say(stage, "farrowdale.chief")) == NOT_OURS
    body, stream = stage.cast[OFFICER].body, office_stream(stage.cast[OFFICER].body)
    journal = stage.house.journal
    left = end(body, "accountable_officer", stage.cast[OFFICER].account, stage.now.date() - timedelta(days=1))
    journal.append([left], expecting={stream: journal.version(stream)}, by="carepool", at=stage.now)
    assert says(say(stage, OFFICER)) == NOT_OURS
    assert comments_on(stage.house, "wolds") == ()


@pytest.mark.parametrize(
    "where", ["plan", "spend", "spend/spend", "spend/spend/0", FIRST, "parties/host", "vision/case"]
)
def test_what_can_be_commented_on(stage: Stage, where: str) -> None:
    """The plan, a section, a list, a row, or a field."""
    assert isinstance(say(stage, LEAD, where), Done)
    assert comments_on(stage.house, "wolds")[0].where == where


def test_a_place_is_written_one_way(stage: Stage) -> None:
    """A finding's shorter way of writing a place means the same place."""
    say(stage, LEAD, "spend/0/year_2")
    assert comments_on(stage.house, "wolds")[0].where == FIRST


@pytest.mark.parametrize("where", ["money", "spend/2015-16", "spend/spend/0/cost", "spend/spend/x", "spend/spend/0/year_1/x", "spend/spend/٣"])  # fmt: skip
def test_what_no_plan_has(stage: Stage, where: str) -> None:
    """A place that no plan has is not there."""
    assert place_of(where) is None
    with pytest.raises(NotHere, match="A plan has no place"):
        say(stage, LEAD, where)


def test_what_the_version_has_not(stage: Stage) -> None:
    """A row that the version has not, and a version that is not there, are refused."""
    assert "no such row" in says(say(stage, LEAD, "spend/spend/9/year_2"))
    assert "no version 7" in says(say(stage, LEAD, version=7))
    assert "no version -1" in says(say(stage, LEAD, version=-1))


@pytest.mark.parametrize(("words", "why"), [(" \n", "needs its words"), ("x" * 10_001, "longer than 10,000")])
def test_words_that_will_not_do(stage: Stage, words: str, why: str) -> None:
    """A comment has words, and not too many; nor is an answer without any."""
    assert why in says(say(stage, LEAD, words=words))
    say(stage, LEAD)
    assert why in says(answer_comment(stage.house, stage.actor(CHAIR), "wolds", 1, words))


def test_the_words_are_in_no_fact(stage: Stage) -> None:
    """Facts hold no free text: the words, and the name and office of who said them, are a salted document."""
    say(stage, CHAIR, words="Who covers the nights?")
    (fact,) = stage.house.journal.read("comments/wolds")
    assert "nights" not in str(fact.body)
    said = said_in(stage.house, comments_on(stage.house, "wolds")[0])
    assert said
    assert (said.words, said.name, said.office) == (
        "Who covers the nights?",
        "Quinn Ash",
        "Chair of the board",
    )
    document = stage.house.journal.document(str(fact.body["words"]))
    assert getattr(document, "salt", b"")


def test_a_query_is_put_to_somebody_by_a_day(stage: Stage) -> None:
    """A query names a person who holds an office in one of the partners, and perhaps a day; it waits for them."""
    assert isinstance(ask(stage, CHAIR, OFFICER, due=date(2014, 9, 20)), Done)
    (query,) = comments_on(stage.house, "wolds")
    assert query.open
    assert (query.to, query.due) == (stage.cast[OFFICER].account, date(2014, 9, 20))
    assert [(plan, each.number) for plan, each in queries_for(stage.house, stage.cast[OFFICER].account)] == [
        ("wolds", 1)
    ]
    assert queries_for(stage.house, stage.cast[LEAD].account) == ()


def test_a_query_that_will_not_do(stage: Stage) -> None:
    """Not to somebody outside the partners, not by a day that has passed, and no day without a person."""
    assert "holds an office in one of the plan's partners" in says(ask(stage, LEAD, "nhs.assurer"))
    assert "holds an office in one of the plan's partners" in says(ask(stage, LEAD, "farrowdale.chief"))
    assert "31 August 2014 has passed" in says(ask(stage, LEAD, OFFICER, due=date(2014, 8, 31)))
    assert "needs somebody who is to answer" in says(say(stage, LEAD, due=date(2014, 9, 20)))
    assert isinstance(ask(stage, LEAD, OFFICER, due=stage.now.date()), Done)


def test_a_query_is_answered_and_closed(stage: Stage) -> None:
    """Whoever may comment may answer; who asked or whom it was put to closes it, once."""
    ask(stage, CHAIR, OFFICER)
    assert isinstance(answer_comment(stage.house, stage.actor(OFFICER), "wolds", 1, "Yes."), Done)
    assert only(stage).comment.open, "an answer alone does not close it"
    assert [each.by for each in only(stage).answers] == [stage.cast[OFFICER].account]
    assert "closed by who asked it" in says(close_query(stage.house, stage.actor(LEAD), "wolds", 1))
    assert isinstance(close_query(stage.house, stage.actor(OFFICER), "wolds", 1), Done)
    assert queries_for(stage.house, stage.cast[OFFICER].account) == ()
    assert only(stage).comment.closed_by == stage.cast[OFFICER].account
    assert "was closed on 1 September 2014 already" in says(
        close_query(stage.house, stage.actor(CHAIR), "wolds", 1)
    )


def test_who_asked_closes_too(stage: Stage) -> None:
    """The one who asked may close the query; a plain comment cannot be closed, nor one that is not there."""
    ask(stage, CHAIR, OFFICER)
    say(stage, CHAIR)
    assert isinstance(close_query(stage.house, stage.actor(CHAIR), "wolds", 1), Done)
    assert "is no query" in says(close_query(stage.house, stage.actor(CHAIR), "wolds", 2))
    assert "is no query" in says(close_query(stage.house, stage.actor(CHAIR), "wolds", 9))


def test_an_answer_to_an_answer_joins_the_same_thread(stage: Stage) -> None:
    """A thread has one depth: who answers an answer answers what it answers. There is no answer to nothing."""
    say(stage, CHAIR)
    answer_comment(stage.house, stage.actor(OFFICER), "wolds", 1, "Yes.")
    answer_comment(stage.house, stage.actor(CHAIR), "wolds", 2, "Thank you.")
    assert [each.number for each in only(stage).answers] == [2, 3]
    assert "There is no comment 9" in says(answer_comment(stage.house, stage.actor(CHAIR), "wolds", 9, "?"))


def test_withdrawn_words_are_gone(stage: Stage) -> None:
    """Who wrote a comment can withdraw it: its words are deleted, its place says so, and the journal still verifies."""
    ask(stage, CHAIR, OFFICER, words="Mr Smith of 4 High Street is not covered.")
    assert "Only who wrote a comment" in says(withdraw_comment(stage.house, stage.actor(OFFICER), "wolds", 1))
    assert words_of(stage, 1)
    assert isinstance(withdraw_comment(stage.house, stage.actor(CHAIR), "wolds", 1), Done)
    (comment,) = comments_on(stage.house, "wolds")
    assert words_of(stage, 1) is None
    assert isinstance(stage.house.journal.document(comment.words), Withdrawn)
    assert comment.withdrawn_at
    assert not comment.open, "nobody is asked for an answer to what cannot be read"
    assert "was withdrawn on" in says(withdraw_comment(stage.house, stage.actor(CHAIR), "wolds", 1))
    assert "were withdrawn" in says(close_query(stage.house, stage.actor(CHAIR), "wolds", 1))
    assert verify(stage.house.journal, kinds=KINDS).clean


def test_a_comment_survives_versions_with_what_it_was_about(stage: Stage) -> None:
    """It names its version and the value then; where the field has changed it says so; a row that moves keeps it."""
    say(stage, CHAIR)
    first, *others = lines(stage)
    assert not only(stage).changed
    saved(stage, *others, first)
    found = only(stage)
    assert (found.comment.version, found.now and found.now.where, found.changed) == (
        1,
        "spend/spend/2/year_2",
        False,
    )
    saved(stage, *others, first.model_copy(update={"year_2": 5}))
    found = only(stage)
    assert (found.before, found.after, found.changed) == (first.year_2, 5, True)


def test_a_comment_on_a_row_that_is_gone(stage: Stage) -> None:
    """Where the row is gone, the comment is listed under the section, and its answers with it."""
    say(stage, CHAIR)
    saved(stage, *lines(stage)[1:])
    assert (only(stage).now, only(stage).listed.where, only(stage).changed) == (None, "spend", False)
    assert isinstance(answer_comment(stage.house, stage.actor(LEAD), "wolds", 1, "We took it out."), Done)
    answer = comments_on(stage.house, "wolds")[1]
    assert (answer.where, answer.version) == ("spend", 2)


def test_a_comment_on_the_version_that_was_shown(stage: Stage) -> None:
    """A version saved while somebody wrote does not lose their comment: it is on the version that they saw."""
    saved(stage, *lines(stage)[1:])
    assert isinstance(say(stage, CHAIR, version=1), Done)
    assert only(stage).before == lines(stage)[0].year_2


def test_before_the_first_version(stage: Stage) -> None:
    """A plan without a version can be commented on too: as what it begins from."""
    stage.on(2014, 9, 2)
    from carepool.actions.planning import start_plan

    start_plan(stage.house, stage.actor("farrowdale.lead"), "dale", "bcf-2014-08", ("ZZ3",), "The Dale")
    lead = stage.actor("farrowdale.lead")
    assert isinstance(
        make_comment(stage.house, lead, "dale", "target/quarters/0/planned", "Low?", version=0), Done
    )
    (found,) = placed(stage.house, view(stage.house, "dale"))
    assert found.readable


def test_how_many_comments_a_place_has(stage: Stage) -> None:
    """Every place counts the comments and answers on it and within it; what is withdrawn does not count."""
    assert comment_counts(stage.house, view(stage.house, "wolds")) == {}
    say(stage, CHAIR)
    answer_comment(stage.house, stage.actor(LEAD), "wolds", 1, "Yes.")
    say(stage, CHAIR, "spend")
    say(stage, CHAIR, "plan")
    withdraw_comment(stage.house, stage.actor(CHAIR), "wolds", 4)
    assert comment_counts(stage.house, view(stage.house, "wolds")) == {
        "plan": 3, "spend": 3, "spend/spend": 2, "spend/spend/0": 2, FIRST: 2,
    }  # fmt: skip


def test_as_at_shows_what_had_been_said_by_then(stage: Stage) -> None:
    """At a position only what had been said, answered and closed by then is there."""
    ask(stage, CHAIR, OFFICER)
    then = stage.house.journal.seal()
    answer_comment(stage.house, stage.actor(OFFICER), "wolds", 1, "Yes.")
    close_query(stage.house, stage.actor(CHAIR), "wolds", 1)
    (found,) = placed(stage.house, view(stage.house, "wolds", then), then)
    assert (found.comment.open, found.answers) == (True, ())
    assert comment_counts(stage.house, view(stage.house, "wolds", then), then)[FIRST] == 1


def test_the_same_form_twice(stage: Stage) -> None:
    """Sent again, a form acts once; sent again with other words, it is refused, not dropped in silence."""
    actor = stage.actor(CHAIR)

    def send(words: str, who: Actor = actor) -> Done | Refused:
        return make_comment(stage.house, who, "wolds", FIRST, words, version=1)

    assert isinstance(send("Once."), Done)
    again = send("Once.")
    assert isinstance(again, Done)
    assert again.again
    with pytest.raises(SameKey):
        send("Otherwise.")
    assert len(comments_on(stage.house, "wolds")) == 1
    taken = stage.actor(CHAIR)
    for _ in range(2):
        assert isinstance(withdraw_comment(stage.house, taken, "wolds", 1), Done)
