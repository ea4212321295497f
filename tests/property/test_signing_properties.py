"""Whoever tries whatever, through the very actions of the pages: edits, decisions for one body or another, delegations, what is
taken back, reviews, outcomes with conditions, what is asked again, sign-off. What is let through is held against an oracle.

The oracle remembers what was answered with yes, and by whom. It never asks a room: a plan is agreed only where each party's last
word is a yes to this very content, in effect; nobody spoke for two of its parties but the lead of the small commissioner; nobody who was
let decide spoke over the body's own refusal; a key decision stays one; approval rests on two reviews of this content, and sign-off
on every condition crossed off by somebody else than who set it.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from carepool.actions import demonstration_assurance as reviews
from carepool.actions.afterwards import withdraw_decision
from carepool.actions.assurances import Wanted, assured
from carepool.actions.assuring import (
    ask_resubmission,
    close_condition,
    decide_outcome,
    moderate,
    reopen_review,
    submit_review,
)
from carepool.actions.deciding import decide_plan, reach_stage
from carepool.actions.delegating import delegate_decision
from carepool.actions.demonstration import Stage, begin, draft_all, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.standings import standing_of
from carepool.basics.periods import LONDON
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import give, stream_of
from carepool.signoff.standing import Status
from carepool.signoff.ways import How, Meeting
from carepool.wiring import disk

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
INTERLEAVINGS = 1_000 if SOAK else 48
BATCHES = 4
STEPS = 45
SEED = 20150109
PLAN, NAMES = "thornmere", ("Rapid response", "Rapid response by day", "Rapid response at home")
OFFICERS = {
    "council:ZZ7": "thornmere.chief", "council:ZZ8": "aldersea.chief", "ccg:Z7A": "thornmere.officer", "ccg:Z8A": "aldersea.officer",
    "ccg:Z8B": "sands.officer", "board:ZZ7": "thornmere.chair", "board:ZZ8": "aldersea.chair",
}  # fmt: skip
SECOND_OFFICES = (
    ("thornmere.chief", "accountable_officer", "ccg:Z7A"), ("thornmere.chair", "board_chair", "board:ZZ8"),
    ("aldersea.chief", "chief_executive", "council:ZZ7"), ("nhs.reviewer", "ministers_office", "ministers:ENG"),
    ("moderator", "ministers_office", "ministers:ENG"), ("nhs.director", "ministers_office", "ministers:ENG"),
)  # fmt: skip
"""People of two bodies, who could be two parties at once, or judge what they did."""
DEPUTIES = (
    ("council:ZZ7", "thornmere.chief", "thornmere.director", "council:ZZ7"),
    ("ccg:Z8B", "sands.officer", "aldersea.officer", "ccg:Z8A"),
    ("board:ZZ7", "thornmere.chair", "thornmere.board.clerk", "board:ZZ7"),
)
"""Who lets whom decide for a body, and where that person has an office."""
LED = {"ccg:Z8A", "ccg:Z8B"}
"""By hand: the small commissioner, which has 6 in 215 of the people, and the one whose officer it lets decide."""
MINISTERS = ("minister.office", "nhs.reviewer", "moderator", "nhs.director")
JUDGES = ("nhs.assurer", "nhs.director")


@dataclass(frozen=True, slots=True)
class Word:
    """What the oracle remembers of one decision that was let through."""

    body: str
    who: str
    agreed: bool
    content: str
    own: bool
    key: bool
    on: date
    counts: date
    undone: bool = False


@dataclass(slots=True)
class Memory:
    """What the oracle remembers of one interleaving."""

    content: str = NAMES[0]
    words: list[Word] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    reviewed: dict[str, set[str]] = field(default_factory=dict)
    moderated: set[str] = field(default_factory=set)
    outcomes: dict[str, str] = field(default_factory=dict)
    deciders: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)
    set_so_far: int = 0
    gone_on: dict[str, Status] = field(default_factory=dict)

    def last(self, body: str) -> Word | None:
        """A body's last word, which no earlier one replaces."""
        return next((each for each in reversed(self.words) if each.body == body), None)

    def agreed(self, day: date) -> bool:
        """Whether each party's last word is a yes to this content, in effect."""
        found = [self.last(body) for body in OFFICERS]
        return all(
            each and each.agreed and not each.undone and each.content == self.content and each.counts <= day
            for each in found
        )


class Undone(Exception):
    """Raised so that the journal forgets an interleaving."""


@contextmanager
def forgotten(journal: MemoryJournal) -> Iterator[None]:
    """What is written meanwhile is taken back."""
    try:
        with journal.transaction():
            yield
            raise Undone
    except Undone:
        return


@pytest.fixture(scope="module")
def county(house: House) -> Stage:
    """A plan of two councils, three CCGs and two boards, saved once; some people have offices in two bodies."""
    journal = MemoryJournal()
    stage = Stage(replace(house, journal=journal, drafts=MemoryDrafts()), people(disk.county_files()))
    stage.on(2014, 9, 1)
    for handle in stage.cast:
        stage.office(handle)
    for handle, office, body in SECOND_OFFICES:
        stream = stream_of(body)
        given = give(body, office, stage.cast[handle].account, date(2013, 4, 1))
        journal.append([given], expecting={stream: journal.version(stream)}, by="carepool", at=stage.now)
    begin(stage, PLAN, ("ZZ7", "ZZ8"), "Thornmere and Aldersea", "thornmere.lead", "ZZ7", "3.5")
    reviews.choose(stage, PLAN)
    return stage


class World:
    """One interleaving, and the oracle's memory of what was let through."""

    def __init__(self, county: Stage, seed: int) -> None:
        self.random = random.Random(seed)
        self.stage = county
        self.stage.on(2014, 9, self.random.randint(1, 20))
        self.stage.house = replace(county.house, drafts=MemoryDrafts())
        self.house = self.stage.house
        self.heard = Memory()
        for each in DEPUTIES:
            if self.random.random() < 0.6:
                self.let(each)

    @property
    def today(self) -> date:
        """The day in London."""
        return self.stage.now.astimezone(LONDON).date()

    def step(self) -> None:
        """Somebody tries something."""
        self.stage.now += timedelta(hours=self.random.choice((1, 5, 30)))
        acts = [self.decide] * 5 + [self.round] * 2 + [self.edit, self.let, self.withdraw, self.review, self.judge, self.close, self.ask_again]  # fmt: skip
        if self.heard.agreed(self.today):
            acts = [self.review, self.review, self.judge, self.judge, self.close, self.sign_off, self.sign_off, self.ask_again, self.decide]  # fmt: skip
        self.random.choice(acts)()

    def shown(self) -> tuple[str, str]:
        """What a page shows of the current version."""
        found = view(self.house, PLAN)
        assert found.history.current
        return found.history.current.digest, found.findings_digest

    def edit(self) -> None:
        """The lead names a scheme otherwise, or as it was named before."""
        name = self.random.choice(NAMES)
        plan = view(self.house, PLAN).plan
        first, *others = plan.schemes.schemes
        schemes = plan.schemes.model_copy(
            update={"schemes": (first.model_copy(update={"name": name}), *others)}
        )
        draft_all(self.stage, PLAN, "thornmere.lead", plan.with_section("schemes", schemes))
        if isinstance(save_version(self.house, self.stage.actor("thornmere.lead"), PLAN), Done):
            self.heard.content = name

    def who(self, body: str) -> str:
        """Mostly the body's own officer; sometimes one of two bodies, or one who may have been let decide."""
        two = [handle for handle, _, of in SECOND_OFFICES if of == body]
        let = [deputy for of, _, deputy, _ in DEPUTIES if of == body]
        return self.random.choice((OFFICERS[body], *two, *let, *let))

    def round(self) -> None:
        """Each body's own officer agrees, one after the other, where the body has not."""
        for body in OFFICERS:
            if not self.spoke_for(body):
                self.try_for(
                    body, OFFICERS[body], agrees=True, key=False if body.startswith("council") else None
                )

    def spoke_for(self, body: str) -> bool:
        """Whether the body's last word is a yes to this content."""
        word = self.heard.last(body)
        return word is not None and word.agreed and word.content == self.heard.content and not word.undone

    def decide(self) -> None:
        """Somebody agrees or refuses for a body, as a key decision or none; a deputy perhaps by a meeting of days ago."""
        waited = [body for body in OFFICERS if not self.spoke_for(body)]
        body = self.random.choice(waited if waited and self.random.random() < 0.8 else list(OFFICERS))
        who, agrees = self.who(body), self.random.random() < 0.85
        key = self.random.random() < 0.4 if body.startswith("council") and agrees else None
        self.try_for(body, who, agrees=agrees, key=key)
        for of, _, deputy, _ in DEPUTIES:
            if of == body and not agrees and self.random.random() < 0.5:
                self.try_for(body, deputy, agrees=True, key=False if body.startswith("council") else None)

    def try_for(self, body: str, who: str, *, agrees: bool, key: bool | None) -> None:
        """Decide so, and hold a yes against what is remembered."""
        heard, how = self.heard, How(key=key)
        if who != OFFICERS[body] and self.random.random() < 0.5:
            before = date.fromordinal(self.today.toordinal() - 2)
            how = How("meeting", Meeting(before, "Cabinet", True, "none", "CAB 1"), key=key)
        own_refusal = next((w for w in reversed(heard.words) if w.body == body and w.own), None)
        answer = decide_plan(
            self.house,
            self.stage.actor(who),
            PLAN,
            body,
            *self.shown(),
            agrees=agrees,
            reasons="So we see it.",
            how=how,
        )
        if not isinstance(answer, Done):
            return
        own = self.office_in(who, body)
        others = {
            w.body for b in OFFICERS if (w := heard.last(b)) and w.who == who and not w.undone and b != body
        }
        assert not others or {body, *others} <= LED, f"{who} speaks for {body} and {others}"
        if agrees and not own and own_refusal:
            refused = (
                not own_refusal.agreed and own_refusal.content == heard.content and not own_refusal.undone
            )
            assert not refused, f"{who} was let agree over the refusal of {body}"
        if agrees and key is False:
            assert not self.still_key(body), f"{body} said that its key decision is none"
        # An officer decides today, one who was let decide too, whatever meeting is named; a body's own meeting decided then.
        decided = how.meeting.on if how.meeting and own else self.today
        counts = counted_out(decided) if key else self.today
        assert answer.facts[0].effective_on == (counts if counts > self.today else None)
        heard.words.append(
            Word(body, who, agrees, heard.content, own, bool(key), self.today, max(counts, self.today))
        )
        (fact,) = answer.facts
        heard.signed.append(str(fact.body["signed"]))

    def office_in(self, who: str, body: str) -> bool:
        """Whether somebody speaks for a body by an office of its own, by hand."""
        return who == OFFICERS[body] or any((who, body) == (handle, of) for handle, _, of in SECOND_OFFICES)

    def still_key(self, body: str) -> bool:
        """Whether the body's last yes was to a key decision that nobody took back, and it spoke again before its days ran out."""
        said = [each for each in self.heard.words if each.body == body]
        yes = next((number for number in reversed(range(len(said))) if said[number].agreed), None)
        if yes is None or not said[yes].key or said[yes].undone:
            return False
        return (said[yes + 1].on if yes + 1 < len(said) else self.today) < said[yes].counts

    def let(self, deputy: tuple[str, str, str, str] | None = None) -> None:
        """Whoever may lets a deputy decide."""
        body, by, to, where = deputy or self.random.choice(DEPUTIES)
        first = self.today
        last = date.fromordinal(first.toordinal() + 20)
        account = self.stage.cast[to].account
        delegate_decision(
            self.house, self.stage.actor(by), PLAN, body, account, where, first, last, "I am away."
        )

    def withdraw(self) -> None:
        """A body's officer takes its last word back."""
        body = self.random.choice(list(OFFICERS))
        number = next(
            (n for n in reversed(range(len(self.heard.words))) if self.heard.words[n].body == body), None
        )
        if number is None:
            return
        actor, signed = self.stage.actor(OFFICERS[body]), self.heard.signed[number]
        if isinstance(withdraw_decision(self.house, actor, PLAN, signed, "We think again."), Done):
            self.heard.words[number] = replace(self.heard.words[number], undone=True)

    def review(self) -> None:
        """The moderator opens the version, a side hands its review in, or both are moderated."""
        found, heard = assured(self.house, PLAN), self.heard
        if self.random.random() < 0.5:
            reopen_review(self.house, self.stage.actor("moderator"), PLAN, found.digest)
        judged = reviews.judgement(found, {})
        for side in self.random.sample(list(reviews.REVIEWERS), self.random.randint(1, 2)):
            handle = reviews.REVIEWERS[side]
            if isinstance(
                submit_review(self.house, self.stage.actor(handle), PLAN, side, found.digest, judged), Done
            ):
                heard.reviewed.setdefault(heard.content, set()).add(side)
        if isinstance(moderate(self.house, self.stage.actor("moderator"), PLAN, found.digest, judged), Done):
            assert len(heard.reviewed.get(heard.content, ())) == 2, (
                "moderated without two reviews of this content"
            )
            heard.moderated.add(heard.content)

    def judge(self) -> None:
        """Somebody decides an outcome, with conditions or without."""
        heard, who = self.heard, self.random.choice((*JUDGES, "nhs.reviewer"))
        chosen = self.random.choice(
            ("approved", "approved_with_conditions", "approved_with_conditions", "not_approved")
        )
        due = date.fromordinal(self.today.toordinal() + 20)
        count = self.random.randint(1, 2) if chosen == "approved_with_conditions" else 0
        wanted = tuple(Wanted(f"Settle point {each}.", due) for each in range(count))
        found = assured(self.house, PLAN)
        answer = decide_outcome(
            self.house, self.stage.actor(who), PLAN, found.digest, chosen, wanted, "It says so."
        )
        if not isinstance(answer, Done):
            return
        assert heard.content in heard.moderated, "an outcome rests on a judgement of this content"
        assert who not in reviews.REVIEWERS.values(), "nobody approves what they reviewed"
        if chosen != "not_approved":
            assert heard.agreed(self.today), "approved, and not agreed"
            assert count or not heard.open, "approved without conditions while earlier ones are open"
            heard.gone_on[heard.content] = Status.APPROVED
        heard.outcomes[heard.content] = chosen
        heard.deciders.add(who)
        heard.open += [f"C{heard.set_so_far + number}" for number in range(1, count + 1)]
        heard.set_so_far += count

    def close(self) -> None:
        """Somebody says of a condition that it is met, or is not."""
        heard = self.heard
        name = self.random.choice(heard.open) if heard.open else "C1"
        who, met = self.random.choice((*JUDGES, "nhs.reviewer")), self.random.random() < 0.7
        answer = close_condition(self.house, self.stage.actor(who), PLAN, name, "We looked.", met=met)
        if isinstance(answer, Done):
            assert name in heard.open
            assert who not in heard.deciders, "who decided the outcome closes its condition"
            if met:
                heard.open.remove(name)

    def ask_again(self) -> None:
        """Assurance asks for the plan again, and another version follows."""
        due = date.fromordinal(self.today.toordinal() + 10)
        asked = ask_resubmission(
            self.house, self.stage.actor("nhs.assurer"), PLAN, due, "With the points settled."
        )
        if isinstance(asked, Done):
            assert self.heard.outcomes
            self.edit()

    def sign_off(self) -> None:
        """Somebody signs off for ministers."""
        heard, who = self.heard, self.random.choice(MINISTERS)
        answer = reach_stage(self.house, self.stage.actor(who), PLAN, "signed_off", *self.shown())
        if isinstance(answer, Done):
            assert heard.agreed(self.today)
            assert heard.gone_on.get(heard.content) is Status.APPROVED
            assert not heard.open, f"signed off while {heard.open} are open"
            assert who not in {*heard.deciders, *reviews.REVIEWERS.values(), reviews.MODERATOR}
            heard.gone_on[heard.content] = Status.SIGNED_OFF

    def look(self) -> Status:
        """What the page says, held against the oracle."""
        found, heard = standing_of(self.house, view(self.house, PLAN)), self.heard
        agreed = heard.agreed(self.today)
        assert found.agreed is agreed, f"the page says {found.status}, the oracle {agreed}"
        if agreed:
            assert found.status is heard.gone_on.get(heard.content, Status.AGREED)
        assert [each.id for each in assured(self.house, PLAN).record.open_conditions] == heard.open
        return found.status


def counted_out(decided: date) -> date:
    """The first day after five days on which offices are open; no holiday is near."""
    fingers, day = 5, decided
    while fingers:
        day = date.fromordinal(day.toordinal() + 1)
        fingers -= day.isoweekday() <= 5
    return date.fromordinal(day.toordinal() + 1)


def play(county: Stage, seed: int) -> set[Status]:
    """One interleaving: all that the plan was seen to be."""
    journal = county.house.journal
    assert isinstance(journal, MemoryJournal)
    seen: set[Status] = set()
    with forgotten(journal):
        world = World(county, seed)
        for _ in range(STEPS):
            world.step()
            try:
                seen.add(world.look())
            except AssertionError as fault:
                raise AssertionError(f"seed {seed}: {fault}") from fault
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_nothing_is_let_through_that_the_oracle_would_not(county: Stage, batch: int) -> None:
    """Each answer with yes is held against what the oracle remembers, and after each step so is the page."""
    count = INTERLEAVINGS // BATCHES
    first = SEED + batch * count
    seen = set[Status]().union(*(play(county, seed) for seed in range(first, first + count)))
    assert {Status.AGREED, Status.APPROVED} <= seen, f"seeds {first} to {first + count - 1} saw only {seen}"
