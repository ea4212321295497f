"""Notices: who is told that something waits, once each, however often the telling is stopped and begun again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from carepool.actions.afterwards import pass_deadlines
from carepool.actions.calendar import agendas, call_off_meeting, plan_meetings, shift_meeting
from carepool.actions.deciding import decide_plan
from carepool.actions.delegating import delegate_decision
from carepool.actions.demonstration import Stage, begin, decide, draft_all, go_on, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.notices import Kept, MemoryNotices, Notice
from carepool.actions.outbox import Message
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.telling import (
    AT_FIRST,
    AT_MOST,
    UNREADABLE,
    WAITS,
    Told,
    deliver,
    keep_letter,
    make_notices,
    nobody_opens,
    send_letter,
    tell,
)
from carepool.actions.waiting import what_waits
from carepool.basics.refusals import Unusable
from carepool.calendar.meetings import MeetingKind
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import Plan
from carepool.signoff.ways import How
from carepool.wiring import disk

ADDRESS = "https://fund.example"
APPROVERS = ("nhs.assurer", "nhs.reviewer", "nhs.director")
"""Who holds an office by which NHS England approves."""
AT = datetime(2014, 9, 1, 9, tzinfo=UTC)


class Stopped(Exception):
    """The machine stops here."""


@dataclass
class Post:
    """Takes messages, or refuses them, or stops the machine after a message has gone."""

    taken: list[Message] = field(default_factory=list)
    refuses: int = 0
    stops: bool = False

    def put(self, message: Message) -> None:
        """Take a message."""
        if self.refuses:
            self.refuses -= 1
            raise Unusable("The mail server did not take it.")
        self.taken.append(message)
        if self.stops:
            self.stops = False
            raise Stopped


def addressed(account: str) -> str | None:
    """Every account has an address, but for one."""
    return None if account == "demo-29" else f"{account}@example.org"


@pytest.fixture
def stage(house: House) -> Stage:
    """The people of the county in office, all told of it, and the Wolds' plan saved once on 1 September 2014."""
    made = Stage(
        replace(house, journal=MemoryJournal(), drafts=MemoryDrafts(), notices=MemoryNotices()),
        people(disk.county_files()),
    )
    made.on(2014, 8, 1)
    for handle in made.cast:
        made.office(handle)
    make_notices(made.house, made.house.notices)
    made.on(2014, 9, 1)
    made.plan = begin(made, "wolds", "ZZ2", "The Wolds", "wolds.lead", "Z2A", "3.5")  # type: ignore[attr-defined]
    return made


def held(stage: Stage) -> MemoryNotices:
    """The notices of the stage."""
    assert isinstance(stage.house.notices, MemoryNotices)
    return stage.house.notices


def told(stage: Stage) -> set[tuple[str, str]]:
    """Handle and subject of each notice that a round makes."""
    before = set(held(stage).held)
    make_notices(stage.house, held(stage))
    handles = {person.account: handle for handle, person in stage.cast.items()}
    return {
        (handles[each.account], each.subject) for id_, each in held(stage).held.items() if id_ not in before
    }


def save_again(stage: Stage, words: str) -> None:
    """Another version of the Wolds' plan."""
    plan: Plan = stage.plan  # type: ignore[attr-defined]
    first, *others = plan.schemes.schemes
    schemes = plan.schemes.model_copy(update={"schemes": (first.model_copy(update={"name": words}), *others)})
    draft_all(stage, "wolds", "wolds.lead", plan.with_section("schemes", schemes))
    save_version(stage.house, stage.actor("wolds.lead"), "wolds")


# Who is told what


def test_whoever_is_given_an_office_is_told(stage: Stage) -> None:
    """Each person of the county was told of their office, and is told once."""
    assert len(held(stage).held) == len(stage.cast)
    assert {each.link for each in held(stage).held.values()} == {"/me"}


def test_a_version_asks_those_who_decide(stage: Stage) -> None:
    """Whoever decides for a party is told that a decision is awaited; nobody else is, and of the deadline ahead all are and the lead."""
    awaited = {handle for handle, subject in told(stage) if subject == "The Wolds: a decision is awaited"}
    assert awaited == {"eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair"}


def test_a_decision_that_lapsed(stage: Stage) -> None:
    """A newer version tells those who had decided that it no longer counts, and asks the others again."""
    decide(stage, "wolds", "eastwold.chief")
    told(stage)
    save_again(stage, "Rapid response, days only")
    assert told(stage) == {
        ("eastwold.chief", "The Wolds: your decision no longer counts"),
        ("westwold.chief", "The Wolds: a decision is awaited"),
        ("wolds.officer", "The Wolds: a decision is awaited"),
        ("wolds.chair", "The Wolds: a decision is awaited"),
    }


def test_of_what_no_longer_waits_nobody_is_told(stage: Stage) -> None:
    """After a pause in the telling, a version that was superseded and a decision that was made tell nobody any more."""
    decide(stage, "wolds", "eastwold.chief")
    save_again(stage, "Rapid response, days only")
    decide(stage, "wolds", "westwold.chief")
    found = {each for each in told(stage) if "deadline" not in each[1]}
    assert found == {
        ("eastwold.chief", "The Wolds: your decision no longer counts"),
        ("wolds.officer", "The Wolds: a decision is awaited"),
        ("wolds.chair", "The Wolds: a decision is awaited"),
    }


def test_a_refusal_an_agreement_and_the_next_stage(stage: Stage) -> None:
    """The lead is told of a refusal, of agreement and of each stage; whoever the next stage is for is told that it waits."""
    told(stage)
    decide(stage, "wolds", "wolds.chair", agrees=False, reasons="Nobody covers the nights.")
    assert told(stage) == {("wolds.lead", "The Wolds: a body has refused")}
    decide(stage, "wolds", "eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair")
    assert told(stage) == {
        ("wolds.lead", "The Wolds: agreed"),
        *((handle, "The Wolds: it waits for you") for handle in APPROVERS),
    }
    go_on(stage, "wolds", "approved", "nhs.assurer")
    assert told(stage) == {
        ("wolds.lead", "The Wolds: approved"),
        ("minister.office", "The Wolds: it waits for you"),
    }


def test_a_decision_that_takes_effect_by_a_day_alone(stage: Stage) -> None:
    """A key decision that can still be called in agrees the plan on its day, with no fact: the lead and NHS England are told then, once."""
    told(stage)
    decide(stage, "wolds", "westwold.chief", "wolds.officer", "wolds.chair")
    seen = view(stage.house, "wolds")
    assert seen.history.current
    decide_plan(
        stage.house, stage.actor("eastwold.chief"), "wolds", "council:ZZ21", seen.history.current.digest,
        seen.findings_digest, agrees=True, how=How(key=True, effective_on=date(2014, 9, 9)),
    )  # fmt: skip
    assert told(stage) == set()
    stage.on(2014, 9, 10)
    agreed = {
        ("wolds.lead", "The Wolds: agreed"),
        *((handle, "The Wolds: it waits for you") for handle in APPROVERS),
    }
    assert told(stage) == agreed
    stage.on(2014, 9, 11)
    assert told(stage) == set()


def test_who_may_act_under_a_delegation(stage: Stage) -> None:
    """Whoever is let decide for a body in writing is told so."""
    told(stage)
    delegate_decision(
        stage.house, stage.actor("eastwold.chief"), "wolds", "council:ZZ21",
        stage.cast["eastwold.finance"].account, "council:ZZ21", date(2014, 9, 1), date(2014, 10, 1), "While I am away.",
    )  # fmt: skip
    ((handle, subject),) = told(stage)
    assert handle == "eastwold.finance"
    assert subject.startswith("You may act for Eastwold")


def test_a_meeting_that_was_moved(stage: Stage) -> None:
    """The leads of a plan that waits for the body are told; entering a meeting tells nobody."""
    told(stage)
    chair = stage.actor("wolds.chair")
    plan_meetings(stage.house, chair, "board:ZZ2", (date(2014, 9, 12),), "Board", MeetingKind.FULL)
    assert told(stage) == set()
    shift_meeting(stage.house, stage.actor("wolds.chair"), "board:ZZ2", "1", date(2014, 9, 15))
    ((handle, subject),) = told(stage)
    assert handle == "wolds.lead"
    assert subject.endswith("has moved a meeting")
    call_off_meeting(stage.house, stage.actor("wolds.chair"), "board:ZZ2", "1")
    ((_, subject),) = told(stage)
    assert subject.endswith("has called a meeting off")


def test_a_deadline_ahead(stage: Stage) -> None:
    """28, 14, 7 and 2 days before a deadline those who have not decided are told, and the lead, once at each; a day that was slept over is made up for."""
    for day, said in ((1, "in 18 days"), (2, ""), (5, "in 14 days"), (13, "in 6 days"), (14, ""), (17, "in 2 days"), (18, "")):  # fmt: skip
        stage.on(2014, 9, day)
        found = {each for each in told(stage) if "deadline" in each[1]}
        people_told = {"eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair", "wolds.lead"}
        wanted = {(handle, f"The Wolds: a deadline is {said}") for handle in people_told} if said else set()
        assert found == wanted, day


def test_nothing_of_the_plan_is_in_a_notice(stage: Stage) -> None:
    """A notice says that something waits, and where: no name of a person, no word of a plan but its title, no reason."""
    decide(stage, "wolds", "wolds.chair", agrees=False, reasons="Nobody covers the nights.")
    save_again(stage, "Rapid response, days only")
    told(stage)
    names = [person.name for person in stage.cast.values()]
    for each in held(stage).held.values():
        for words in (*names, "nights", "Rapid response", "£"):
            assert words not in each.subject + each.text
        assert each.link.startswith("/")


# None lost, none twice


def test_the_same_thing_has_the_same_id() -> None:
    """What a notice tells and to whom make its Message-ID, whatever words it is told in."""
    one = Notice("version 1", "ann", "Words", "Text", "/me")
    assert one.id == replace(one, subject="Other words", link="/plans").id
    assert one.id != replace(one, account="ben").id != replace(one, about="version 2").id
    assert one.id.startswith("<")
    assert one.id.endswith("@carepool>")


class Crashing(MemoryNotices):
    """Stops the machine at one call of a step, before it or after it."""

    def __init__(self, step: str, number: int, *, after: bool) -> None:
        super().__init__()
        self.step, self.left, self.after = step, number, after

    def _at(self, step: str, *, after: bool) -> None:
        if step == self.step and after == self.after:
            self.left -= 1
            if self.left == 0:
                raise Stopped

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The transaction, at whose end the machine may stop before it is kept, or after."""
        with super().transaction():
            yield
            self._at("commit", after=False)
        self._at("commit", after=True)

    def advance(self, name: str, before: int, after: int) -> bool:
        """Move a reader on."""
        self._at("advance", after=False)
        moved = super().advance(name, before, after)
        self._at("advance", after=True)
        return moved

    def add(self, notice: Notice, at: datetime) -> bool:
        """Keep a notice."""
        self._at("add", after=False)
        kept = super().add(notice, at)
        self._at("add", after=True)
        return kept

    def delivered(self, id: str, at: datetime) -> None:
        """Note that it was sent."""
        self._at("delivered", after=False)
        super().delivered(id, at)
        self._at("delivered", after=True)

    def put_off(self, id: str, error: str, until: datetime | None) -> None:
        """Note that it was not sent."""
        self._at("put_off", after=False)
        super().put_off(id, error, until)
        self._at("put_off", after=True)

    def due(self, at: datetime, most: int) -> tuple[Kept, ...]:
        """What is to be sent."""
        self._at("due", after=False)
        return super().due(at, most)


@pytest.fixture(scope="module")
def busy(house: House) -> Stage:
    """A plan saved, refused, saved again: more than a dozen facts that tell somebody."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        if made.cast[handle].body.partition(":")[2] in {"ZZ6", "Z6A"}:
            made.office(handle)
    begin(made, "carrowby", "ZZ6", "Carrowby", "carrowby.lead", "ZZ6", "3.5")
    decide(made, "carrowby", "carrowby.chair", agrees=False, reasons="No.")
    return made


def rounds(stage: Stage, store: MemoryNotices, post: Post) -> None:
    """Rounds until nothing stops the machine and nothing is due; each stop is a restart."""
    for _ in range(50):
        try:
            done = tell(stage.house, store, addressed, post, ADDRESS)
        except Stopped:
            continue
        if not done.made and not done.failed and not store.due(datetime(2030, 1, 1, tzinfo=UTC), 1):
            return
        stage.now += timedelta(days=2)
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 5])
@pytest.mark.parametrize("step", ["commit", "advance", "add", "delivered", "put_off", "due"])
def test_a_machine_that_stops_anywhere_loses_nothing(
    busy: Stage, step: str, number: int, after: bool
) -> None:
    """Whichever step it stops at, before or after: the same notices come to be, none twice, and each is sent at least once under one id."""
    at = busy.now
    calm, post = MemoryNotices(), Post()
    rounds(busy, calm, post)
    wanted = {each.id for each in post.taken}
    busy.now = at
    crashing, second = Crashing(step, number, after=after), Post()
    rounds(busy, crashing, second)
    busy.now = at
    assert crashing.held.keys() == calm.held.keys()
    assert {each.id for each in second.taken} == wanted
    twice = len(second.taken) - len(wanted)
    assert twice == (1 if (step, after) == ("delivered", False) else 0)


def test_sent_and_not_noted(busy: Stage) -> None:
    """Killed between sending and noting it, the message goes out again with the same Message-ID and the same words."""
    at = busy.now
    store, post = MemoryNotices(), Post(stops=True)
    rounds(busy, store, post)
    busy.now = at
    first, again = (each for each in post.taken if each.id == post.taken[0].id)
    assert first == again


def test_two_readers_at_once_tell_once(busy: Stage) -> None:
    """A reader that was overtaken while it worked things out throws its work away."""
    store = MemoryNotices()
    house = busy.house

    class Overtaken(MemoryNotices):
        """Lets another reader go first."""

        def transaction(self):  # type: ignore[no-untyped-def]
            """Before this reader writes, another has."""
            make_notices(house, store)
            return store.transaction()

    slow = Overtaken()
    slow.held, slow._positions = store.held, store._positions  # one store seen by two readers
    assert make_notices(house, slow) == 0
    calm = MemoryNotices()
    make_notices(house, calm)
    assert store.held.keys() == calm.held.keys()


# Sending


def test_what_is_refused_is_tried_again(busy: Stage) -> None:
    """After 1, 5, 15, 60 and 360 minutes, then daily, and never given up; what went wrong is kept."""
    store, post = MemoryNotices(), Post(refuses=7)
    store.add(Notice("x", "ann", "Words", "Text", "/me"), AT)
    now = AT
    house = replace(busy.house, clock=lambda: now)
    for wait in (*WAITS, AT_MOST, AT_MOST):
        assert deliver(house, store, addressed, post, ADDRESS).failed == 1
        now += wait - timedelta(seconds=1)
        assert deliver(house, store, addressed, post, ADDRESS).failed == 0
        now += timedelta(seconds=1)
    assert store.of_account("ann", 9)[0].last_error == "The mail server did not take it."
    assert deliver(house, store, addressed, post, ADDRESS).sent == 1
    (kept,) = store.of_account("ann", 9)
    assert (kept.attempts, kept.delivered_at, kept.last_error) == (8, now, "")


def test_an_account_without_an_address(busy: Stage) -> None:
    """Its notices are shown on its own page, and not tried again."""
    store, post = MemoryNotices(), Post()
    store.add(Notice("x", "demo-29", "Words", "Text", "/me"), AT)
    assert deliver(busy.house, store, addressed, post, ADDRESS).unaddressed == 1
    assert deliver(busy.house, store, addressed, post, ADDRESS).unaddressed == 0
    (kept,) = store.of_account("demo-29", 9)
    assert (kept.delivered_at, kept.last_error) == (None, "The account has no address.")


def test_the_words_below(busy: Stage) -> None:
    """A notice that is sent ends with where to look, and says that nothing of it is in the message."""
    store, post = MemoryNotices(), Post()
    store.add(Notice("x", "ann", "Words", "Something waits.", "/plans/carrowby/decisions"), AT)
    deliver(busy.house, store, addressed, post, ADDRESS)
    assert post.taken[0].text == (
        "Something waits.\n\nOpen https://fund.example/plans/carrowby/decisions to see it. "
        "What it is about stands on that page and not in this message.\n\nNoted on 1 September 2014.\n"
    )


# Letters

LETTER = Message("<invitation-1@carepool>", "bo@council.example", "You are invited", "By this link: ...")


def opens(letter: str) -> Message | None:
    """What is sealed here by writing it backwards."""
    return LETTER if letter == LETTER.id[::-1] else None


def posted(busy: Stage, now: datetime, expires: datetime | None = None) -> House:
    """The house with a letter kept at an instant."""
    house = replace(busy.house, notices=MemoryNotices(), clock=lambda: now)
    assert keep_letter(house, LETTER, LETTER.id[::-1], expires)
    assert not keep_letter(house, LETTER, LETTER.id[::-1], expires), "the same is kept once"
    return house


def test_a_letter_is_kept_sealed_until_it_is_delivered(busy: Stage) -> None:
    """Invitations and links are kept before they are sent, sealed, and nothing of them is kept once they are delivered."""
    house, post = posted(busy, AT), Post(refuses=1)
    outbox = replace(house, outbox=post)
    assert not send_letter(outbox, LETTER)
    store = house.notices
    assert isinstance(store, MemoryNotices)
    assert deliver(house, store, addressed, post, ADDRESS, opens) == Told(0, 0, 0, 0), "it waits a minute"
    later = replace(house, clock=lambda: AT + WAITS[0])
    assert deliver(later, store, addressed, post, ADDRESS, opens).sent == 1
    assert post.taken == [LETTER]
    assert (store.held[LETTER.id].letter, store.held[LETTER.id].delivered_at) == ("", AT + WAITS[0])
    assert store.of_account("", 9)[0].text == "", "it is on nobody's page"


def test_a_letter_goes_at_least_once_under_one_id(busy: Stage) -> None:
    """Whoever posts it stops before it goes, or before that is noted: a round sends it, under the same Message-ID."""
    house, post = posted(busy, AT), Post(stops=True)
    with pytest.raises(Stopped):
        send_letter(replace(house, outbox=post), LETTER)
    later = replace(house, clock=lambda: AT + AT_FIRST)
    assert deliver(later, house.notices, addressed, post, ADDRESS, opens).sent == 1
    assert [each.id for each in post.taken] == [LETTER.id] * 2
    assert deliver(later, house.notices, addressed, post, ADDRESS, opens).sent == 0


@pytest.mark.parametrize("what", ["expired", "taken back", "of another key"])
def test_a_letter_that_says_nothing_any_more(busy: Stage, what: str) -> None:
    """What has run out or was taken back is not sent, nor what cannot be read since the service's key was changed."""
    house, post = posted(busy, AT, AT + timedelta(hours=1) if what == "expired" else None), Post()
    store = house.notices
    assert isinstance(store, MemoryNotices)
    if what == "taken back":
        store.forget(LETTER.id)
    later = replace(house, clock=lambda: AT + timedelta(hours=1))
    read = opens if what != "of another key" else nobody_opens
    assert deliver(later, store, addressed, post, ADDRESS, read) == Told(0, 0, 0, 0)
    assert post.taken == []
    kept = store.held[LETTER.id]
    assert (kept.last_error == UNREADABLE) if what == "of another key" else not kept.letter
    assert store.due(AT + timedelta(days=9), 9) == ()


def test_one_process_tells_at_a_time() -> None:
    """A lease is one holder's until it ends or is over."""
    store, later = MemoryNotices(), AT + timedelta(minutes=5)
    assert store.lease("notices", "a", AT, later)
    assert store.lease("notices", "a", AT, later)
    assert not store.lease("notices", "b", AT, later)
    assert store.lease("notices", "b", later, later + timedelta(minutes=5))


# What cannot be written or read any more


def test_no_title_stops_a_letter(stage: Stage) -> None:
    """A title is one line; should one that was recorded before hold a break, its letters go out with a space in its place."""
    with pytest.raises(Unusable, match="on one line"):
        begin(stage, "merrow", "ZZ1", "Merrow\nBcc: all@example.org", "merrow.lead", "Z1A", "3.5")
    held(stage).add(Notice("old", "demo-1", "Merrow\nBcc: all@example.org", "It waits.", "/me"), AT)
    post = Post()
    deliver(stage.house, held(stage), addressed, post, ADDRESS)
    assert "Merrow Bcc: all@example.org" in {each.subject for each in post.taken}


def test_a_plan_that_was_withdrawn_keeps_nothing_from_the_others(stage: Stage) -> None:
    """Whom a withdrawn version named is not known any more, so nobody is told of it; all the others are told as ever."""
    first = view(stage.house, "wolds").history.current
    assert first is not None
    begin(stage, "merrow", "ZZ1", "Merrow", "merrow.lead", "Z1A", "3.5")
    stage.house.journal.withdraw(first.document)
    titles = {subject.partition(":")[0] for _, subject in told(stage)}
    assert titles == {"Merrow"}
    stage.on(2015, 6, 1)
    assert pass_deadlines(stage.house) == ("merrow", "wolds")
    assert "wolds" not in {
        each.link.split("/")[2] for each in held(stage).held.values() if each.link.startswith("/plans/")
    }
    assert {plan.view.history.id for plan in agendas(stage.house)} == {"merrow"}
    assert {each.plan for each in what_waits(stage.house, stage.cast["eastwold.chief"].account)} == set()
