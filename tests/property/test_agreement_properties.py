"""Whatever is edited, whoever is written out of the plan, whatever is decided, delegated, refused, tolerated, called in, ratified, withdrawn or signed by a link, in whatever
order: a plan is agreed only when each required party decided on this very content, or within limits that it keeps, and in
effect. What was signed by a link counts for nobody's sake who sent it.

Reviews, outcomes with and without conditions, conditions that are met or not, what is asked again and sign-off happen in these
worlds too, and are judged: none of them makes anybody agree or un-agree, a version is approved only by its own outcome once
it is agreed, and ministers wait for every condition of every outcome.

The oracle is written apart from the rooms: it keeps content, not digests, looks for each party's last word from the end,
counts the days of a call-in by hand, and crosses conditions off a list.
"""

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from carepool.assurance import facts as assuring
from carepool.assurance.gate import held_up
from carepool.assurance.record import Record, State, record_of, state_of
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.periods import LONDON
from carepool.calendar.agenda import clear, effect_on
from carepool.calendar.meetings import Diary
from carepool.journal.facts import Fact, NewFact
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import Parties
from carepool.plans.merging import Difference, Place
from carepool.plans.versions import PlanHistory, Version
from carepool.signoff import facts as sayings
from carepool.signoff.call_in import CallIn, Effect
from carepool.signoff.decisions import Said, by_link, said
from carepool.signoff.standing import Needed, Own, Standing, Status, required, standing
from carepool.signoff.tolerance import Changed, Limit, Measure, Tolerance
from carepool.wiring import disk

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
INTERLEAVINGS = 200_000 if SOAK else 5_000
BATCHES = 8
SEED = 20141126
STEPS = 14
START = datetime(2014, 4, 1, 9, tzinfo=UTC)
STARTS = (
    datetime(2014, 9, 1, 9, tzinfo=UTC),
    datetime(2014, 4, 14, 9, tzinfo=UTC),
    datetime(2014, 12, 18, 9, tzinfo=UTC),
    datetime(2015, 4, 27, 9, tzinfo=UTC),
)
"""An autumn without holidays; before Easter, Christmas, and the bank holiday of May."""
PROCEDURE = disk.rulebook().procedure(START.date())[1]
FIELDS = ("year_1", "year_2", "words")
Content = tuple[int, int, str, frozenset[str]]
"""Two amounts, words, and the parties that the version names."""
ALWAYS = ("council:A", "council:B", "ccg:C", "board:X")
"""By hand: those of the plan's own board who decide, whoever writes the plan. Its councils, itself, and who has 96 in 100 of its people."""
SMALL = "ccg:S"
"""By hand: 4 in 100 of the people of the board, so needed where it is named, and once it spoke."""
STRANGER = "ccg:T"
"""By hand: nobody of the board is its, so needed only where it is named."""
OWN = Own({"X": ("A", "B")}, {"X": {"C": 96, "S": 4}})
SET = disk.rulebook().named("bcf-2014-08")
RULES = SET.decisions
SIDES, NATION = ("nhs", "local_government"), "nation:england"
NEEDS = {
    "council:A": Needed("council"),
    "council:B": Needed("council", ("chief_executive", "section_151_officer")),
    "ccg:C": Needed("contributing_ccg"),
    SMALL: Needed("contributing_ccg"),
    STRANGER: Needed("contributing_ccg"),
    "board:X": Needed("board"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """What the oracle remembers of one decision."""

    party: str
    office: str
    agreed: bool
    content: Content
    limits: tuple[tuple[str, int], ...]
    until: date
    effective: date | None
    undone: bool = False
    called_in: bool = False
    to_ratify: bool = False


HOLIDAYS = {(2014, 4, 18), (2014, 4, 21), (2014, 12, 25), (2014, 12, 26), (2015, 1, 1), (2015, 5, 4)}
"""Those that a decision of these worlds can meet, written down by hand."""


def counted_out(decided: date) -> date:
    """The first day after five days on which offices are open, counted by the oracle on its fingers."""
    fingers, day = 5, decided
    while fingers:
        day = date.fromordinal(day.toordinal() + 1)
        if day.isoweekday() <= 5 and (day.year, day.month, day.day) not in HOLIDAYS:
            fingers -= 1
    return date.fromordinal(day.toordinal() + 1)


def reckoned(decided: date, *, urgent: bool) -> Effect:
    """By the rooms: the day from the rules of procedure as shipped."""
    needed = clear(PROCEDURE, Diary("council:A"), "call_in", "council", "procedure", decided)
    assert needed
    call_in = CallIn(needed.days, needed.unit, "decision-making", "d", "call_in", False, decided)
    if urgent:
        return Effect(True, None, replace(call_in, days=0, rule="urgent_decision"), "urgent_decision")
    return Effect(True, effect_on(decided, needed, PROCEDURE), call_in)


@dataclass(slots=True)
class Sent:
    """What the oracle remembers of one link."""

    token: str
    party: str
    office: str
    content: Content
    digest: Digest
    sender: str
    holds: bool = True
    signed: Digest | None = None
    """What was signed by it, and waits to be confirmed."""
    agreed: bool = True
    effect: Effect = Effect()  # noqa: RUF009  (frozen)
    """From when it says that it counts, by the rooms on the day of signing."""
    effective: date | None = None
    """The same by the oracle."""


class World:
    """One plan, its facts in a journal, and the oracle's own memory of them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = self.random.choice(STARTS)
        self.journal = MemoryJournal()
        self.stream = sayings.stream_of("p")
        self.contents: dict[Digest, Content] = {}
        self.versions: list[Version] = []
        self.words: list[tuple[Digest, Word]] = []
        self.disputes: list[Digest] = []
        self.links: list[Sent] = []
        self.outcomes: dict[Content, str] = {}
        self.reviewed: dict[Content, set[str]] = {}
        self.gone_on: dict[Content, Status] = {}
        """How far a content has gone on after all had agreed to it."""
        self.open: list[str] = []
        """The conditions that are not crossed off."""
        self.set_so_far = 0
        self.asked = False
        """Whether the plan is asked for again, and no outcome came since."""
        self.counter = 0
        self.save(
            (
                100,
                100,
                "one",
                frozenset({*ALWAYS, *self.random.choice(((), (), (SMALL,), (SMALL, STRANGER)))}),
            )
        )

    # What happens

    def save(self, content: Content) -> None:
        digest = digest_of("content", 1, [*content[:3], sorted(content[3])])
        self.contents[digest] = content
        number = len(self.versions) + 1
        self.versions.append(Version(number, digest, digest, {}, "lead", self.now))

    def write(self, fact: NewFact, by: str = "somebody") -> None:
        version = self.journal.version(self.stream)
        self.journal.append([fact], expecting={self.stream: version}, by=by, at=self.now)

    def signed(self) -> Digest:
        self.counter += 1
        return digest_of("signed", 1, self.counter)

    def step(self) -> None:
        self.now += timedelta(hours=self.random.choice((1, 7, 30)))
        acts = (self.edit, self.edit_parties, self.round, self.decide, self.decide, self.decide, self.decide, self.tolerate, self.undo,
                self.dispute, self.assure, self.link, self.link, self.agree)  # fmt: skip
        if self.gone_on and self.random.random() < 0.4:
            acts = (self.assure,)
        self.random.choice(acts)()

    def agree(self) -> None:
        """All who are waited for agree at once, and mostly an outcome follows."""
        day = self.now.astimezone(LONDON).date()
        for party in sorted(self.needed()):
            for office in NEEDS[party].signed_by or ("chief_executive",):
                if self._has_agreed(party, NEEDS[party], day):
                    continue
                digest, signed = self.versions[-1].digest, self.signed()
                self.write(sayings.decided("p", party, digest, "f", signed, agrees=True, office=office))
                self._say(signed, Word(party, office, True, self.contents[digest], (), day, None))
        if self.random.random() < 0.8:
            self.outcome()

    def edit(self) -> None:
        one, two, words, named = self.contents[self.versions[-1].digest]
        match self.random.randrange(4):
            case 0:
                self.save((one + self.random.choice((-3, 2, 9)), two, words, named))
            case 1:
                self.save((one, two + self.random.choice((-9, 1, 4)), words, named))
            case 2:
                self.save((one, two, self.random.choice(("one", "two")), named))
            case _:
                self.save(self.contents[self.random.choice(self.versions).digest])

    def edit_parties(self) -> None:
        """Who leads the plan names a party no more, with or without its money, or names one again."""
        one, two, words, named = self.contents[self.versions[-1].digest]
        party = self.random.choice((*ALWAYS, SMALL, STRANGER))
        moved = self.random.choice((0, 0, 7))
        self.save((one - moved, two + moved, words, named ^ {party}))

    def assure(self) -> None:
        """A side reviews, or an outcome is decided, a condition looked at, the plan asked for again, or signed off."""
        acts = (
            self.review,
            self.review,
            self.outcome,
            self.outcome,
            self.close,
            self.ask_again,
            self.sign_off,
        )
        day = self.now.astimezone(LONDON).date()
        before = self.stands(day)
        self.random.choice(acts)()
        assert self.stands(day) is before, "assurance makes nobody agree or un-agree"
        if self.asked and self.random.random() < 0.5:
            self.edit()

    def write_assurance(self, fact: NewFact) -> None:
        stream = assuring.stream_of("p")
        self.journal.append([fact], expecting={stream: self.journal.version(stream)}, by="nhs", at=self.now)

    def review(self) -> None:
        digest = self.versions[-1].digest
        side = self.random.choice(SIDES)
        self.write_assurance(assuring.submit("p", side, digest, self.signed(), NATION))
        self.reviewed.setdefault(self.contents[digest], set()).add(side)

    def outcome(self) -> None:
        """The rest of the reviews, and an outcome; where it lets an agreed plan go on, that is approved in the same breath."""
        digest, content = self.versions[-1].digest, self.contents[self.versions[-1].digest]
        chosen = self.random.choice(
            ("approved", "approved_with_conditions", "approved_with_conditions", "not_approved")
        )
        agreed = self.agreed(self.now.astimezone(LONDON).date())
        if (
            content in self.outcomes
            or (chosen != "not_approved" and not agreed)
            or (chosen == "approved" and self.open)
        ):
            return
        for side in SIDES:
            self.write_assurance(assuring.submit("p", side, digest, self.signed(), NATION))
        self.write_assurance(
            assuring.moderate("p", digest, self.signed(), {side: self.signed() for side in SIDES}, NATION)
        )
        count = self.random.randint(1, 2) if chosen == "approved_with_conditions" else 0
        days = [self.now.date()] * count
        self.write_assurance(assuring.decide("p", digest, chosen, self.signed(), days, self.signed(), NATION))
        self.outcomes[content], self.asked = chosen, False
        self.open += [f"C{self.set_so_far + number}" for number in range(1, count + 1)]
        self.set_so_far += count
        if chosen != "not_approved":
            self.write(sayings.reach("p", "approved", NATION, digest, self.signed()), "nhs")
            self.gone_on[content] = Status.APPROVED

    def close(self) -> None:
        if not self.open:
            return
        name, met = self.random.choice(self.open), self.random.random() < 0.7
        self.write_assurance(
            assuring.close("p", name, self.versions[-1].digest, self.signed(), NATION, met=met)
        )
        if met:
            self.open.remove(name)

    def ask_again(self) -> None:
        if self.outcomes:
            asked = assuring.ask_again("p", self.versions[-1].digest, self.now.date(), self.signed(), NATION)
            self.write_assurance(asked)
            self.asked = True

    def sign_off(self) -> None:
        """Ministers sign off where the rooms let them: where the oracle would as well, and nowhere else."""
        digest = self.versions[-1].digest
        found = self.standing(self.now.astimezone(LONDON).date())
        if lets_go_on(found, self.assured()):
            self.write(sayings.reach("p", "signed_off", "ministers:ENG", digest, self.signed()), "minister")
            self.gone_on[self.contents[digest]] = Status.SIGNED_OFF

    def someone(self) -> str:
        """A party to speak: mostly one that the oracle still waits for, sometimes anybody, needed or not."""
        day = self.now.astimezone(LONDON).date()
        waited = [each for each in sorted(self.needed()) if not self._has_agreed(each, NEEDS[each], day)]
        if waited and self.random.random() < 0.8:
            return self.random.choice(waited)
        return self.random.choice((*sorted(self.needed()), SMALL))

    def round(self) -> None:
        """Most of those who are waited for speak, one after the other."""
        for _ in range(7):
            self.decide()

    def decide(self, limits: tuple[tuple[str, int], ...] = ()) -> None:
        party = self.someone()
        offices = NEEDS[party].signed_by
        office = self.random.choice(offices) if offices else "chief_executive"
        agreed = bool(limits) or self.random.random() < 0.85
        version = self.random.choice(self.versions) if self.random.random() < 0.1 else self.versions[-1]
        until = (self.now + timedelta(days=self.random.choice((0, 2, 30)))).date()
        effect, effective = self.effect(party) if agreed else (Effect(), None)
        ratify = self.random.random() < 0.2
        tolerance = Tolerance(
            tuple(
                Limit("spend", field, Measure.ANY if field == "words" else Measure.POUNDS, None if field == "words" else Decimal(up_to))
                for field, up_to in limits
            ),
            until,
        )  # fmt: skip
        signed = self.signed()
        self.write(
            sayings.decided(
                "p", party, version.digest, "f", signed, agrees=agreed, office=office,
                tolerance=tolerance if limits else None, effect=effect, to_ratify=ratify,
            )
        )  # fmt: skip
        word = Word(
            party, office, agreed, self.contents[version.digest], limits, until, effective, to_ratify=ratify
        )
        self._say(signed, word)

    def _say(self, signed: Digest, word: Word) -> None:
        self.words.append((signed, word))
        for each in self.links:
            if (each.party, each.office) == (word.party, word.office):
                each.holds = False

    def link(self) -> None:
        """A link is sent, signed by, or confirmed or rejected: by its sender too, and by links that hold no more."""
        waiting = [each for each in self.links if each.signed]
        match self.random.randrange(4):
            case 0 if self.links:
                self._sign(self.random.choice(self.links))
            case 1 | 2 if waiting:
                self._confirm(self.random.choice(waiting))
            case _:
                self._send()

    def _send(self) -> None:
        party = self.someone()
        office = self.random.choice(NEEDS[party].signed_by or ("chief_executive",))
        digest, token, sender = self.versions[-1].digest, self.signed(), self.random.choice(("ann", "ben"))
        last = (self.now + timedelta(days=30)).date()
        self.write(sayings.send_link("p", party, digest, office, token, last, self.signed()), sender)
        for each in self.links:
            if (each.party, each.office) == (party, office):
                each.holds = False
        self.links.append(Sent(token, party, office, self.contents[digest], digest, sender))
        if self.random.random() < 0.7:
            self._sign(self.links[-1])

    def _sign(self, link: Sent) -> None:
        """By the fact of today, or by that of before a second person was asked for."""
        signed, agrees = self.signed(), self.random.random() < 0.85
        effect, effective = self.effect(link.party) if agrees else (Effect(), None)
        about = ("p", link.party, link.digest, "f")
        made = (
            sayings.decided(*about, signed, agrees=agrees, way="link", office=link.office, effect=effect)
            if self.random.random() < 0.2
            else sayings.sign_by_link(*about, link.office, link.token, signed, agrees=agrees, effect=effect)
        )
        self.write(made, by_link(link.token))
        if link.holds:
            link.holds, link.signed, link.agreed = False, signed, agrees
            link.effect, link.effective = effect, effective

    def _confirm(self, link: Sent) -> None:
        assert link.signed
        if self.random.random() < 0.15:
            self.write(sayings.reject_record("p", link.party, link.signed, self.signed()), "cyd")
            link.signed = None
            return
        by = self.random.choice((link.sender, "cyd", "cyd"))
        signed = self.signed()
        # What waits is confirmed as it was heard: with the day that was reckoned when it was signed.
        heard = said(self.journal.read(self.stream)).records[link.signed].effect
        assert heard == link.effect
        self.write(
            sayings.decided(
                "p", link.party, link.digest, "f", signed, agrees=link.agreed, way="link", office=link.office,
                record=link.signed, effect=heard,
            ),
            by,
        )  # fmt: skip
        if by != link.sender:
            link.signed = None
            until, counts = self.now.date(), link.effective
            self._say(signed, Word(link.party, link.office, link.agreed, link.content, (), until, counts))

    def effect(self, party: str) -> tuple[Effect, date | None]:
        """From when a decision of today counts, by the rooms and by the oracle: a council's may be a key one."""
        today, luck = self.now.astimezone(LONDON).date(), self.random.random()
        if luck < 0.7:
            return Effect(), None
        if luck < 0.8 or not party.startswith("council"):
            later = date.fromordinal(today.toordinal() + 3)
            return Effect(on=later), later
        if luck < 0.85:
            return reckoned(today, urgent=True), None
        return reckoned(today, urgent=False), counted_out(today)

    def tolerate(self) -> None:
        fields = self.random.sample(FIELDS, self.random.randint(1, 2))
        self.decide(tuple((field, self.random.choice((1, 5, 10))) for field in fields))

    def undo(self) -> None:
        live = [number for number, (_, word) in enumerate(self.words) if not word.undone]
        if not live:
            return
        number = self.random.choice(live)
        signed, word = self.words[number]
        match self.random.randrange(4):
            case 0:
                self.write(sayings.withdraw("p", word.party, signed, self.signed()))
                word = replace(word, undone=True)
            case 1 if word.to_ratify:
                stands = self.random.random() < 0.5
                self.write(sayings.ratify("p", word.party, signed, self.signed(), stands=stands))
                word = replace(word, to_ratify=False, undone=not stands)
            case 2 if word.called_in:
                stands = self.random.random() < 0.5
                later = (self.now + timedelta(days=2)).date() if self.random.random() < 0.5 else None
                self.write(
                    sayings.end_call_in(
                        "p", word.party, signed, self.signed(), stands=stands, effective_on=later
                    )
                )
                word = replace(word, called_in=False, undone=not stands, effective=later)
            case 3 if not word.called_in:
                self.write(sayings.call_in("p", word.party, signed, self.signed()))
                word = replace(word, called_in=True)
        self.words[number] = (signed, word)

    def dispute(self) -> None:
        if self.disputes and self.random.random() < 0.7:
            self.write(sayings.settle("p", "council:A", self.disputes.pop(), self.signed()))
        elif self.random.random() < 0.3:
            signed = self.signed()
            self.write(sayings.dispute("p", "council:A", signed))
            self.disputes.append(signed)

    # What is so

    def since(self, digest: Digest) -> Changed | None:
        before, after = self.contents[digest], self.contents[self.versions[-1].digest]
        found = tuple(
            Difference(Place("spend", "row", 0, field), one, two)
            for field, one, two in zip(FIELDS, before[:3], after[:3], strict=True)
            if one != two
        )
        named = (Difference(Place(field="ccgs"), str(sorted(before[3])), str(sorted(after[3]))),)
        changed = {"spend": found} if found else {}
        return changed if before[3] == after[3] else {**changed, "parties": named}

    def by_rules(self, heard: Said) -> dict[str, Needed]:
        """Whose decision the room asks for, by whom the version names and by the board for which the plan was started."""
        named = [each.partition(":") for each in sorted(self.contents[self.versions[-1].digest][3])]
        codes = {kind: tuple(code for its, _, code in named if its == kind) for kind in ("board", "council", "ccg")}  # fmt: skip
        parties = Parties(boards=codes["board"], councils=codes["council"], ccgs=codes["ccg"])
        return {body: NEEDS[body] for body in required(RULES, parties, OWN.people["X"], OWN, heard.spoke)}

    def stands(self, day: date) -> bool:
        """By the room, whether all have agreed."""
        return self.standing(day).agreed

    def assured(self) -> Record:
        """By the room."""
        return record_of(self.journal.read(assuring.stream_of("p")))

    def standing(self, day: date) -> Standing:
        """By the room."""
        plan = PlanHistory("p", "rules", ("X",), "", "lead", START, tuple(self.versions))
        facts: tuple[Fact, ...] = self.journal.read(self.stream)
        return standing(plan, facts, self.by_rules(said(facts)), ("approved", "signed_off"), day, self.since)

    def agreed(self, day: date) -> bool:
        """By the oracle."""
        return not self.disputes and all(
            self._has_agreed(party, NEEDS[party], day) for party in self.needed()
        )

    def judge(self, day: date) -> bool:
        """Hold the rooms against the oracle: agreement, how far the plan has gone on, its outcome, conditions and what is asked again."""
        found, agreed = self.standing(day), self.agreed(day)
        assert found.agreed is agreed, f"the room says {found.agreed}, the oracle {agreed}"
        content = self.contents[self.versions[-1].digest]
        further = self.gone_on.get(content)
        if agreed:
            assert found.status is (further or Status.AGREED)
        record = self.assured()
        assert [each.id for each in record.open_conditions] == self.open
        assert (record.again is not None) is self.asked
        reviewed = len(self.reviewed.get(content, ()))
        by_reviews = (State.NOT_ASSIGNED, State.ONE_IN, State.BOTH_IN)[reviewed]
        state = State.DECIDED if content in self.outcomes else by_reviews
        assert state_of(record, SIDES, self.versions[-1].digest) is state
        may = agreed and further is Status.APPROVED and not self.open
        assert lets_go_on(found, record) is may, f"ministers may sign off: the oracle says {may}"
        return agreed

    def needed(self) -> set[str]:
        """By the oracle: whom the version names, those of the board always, and the small one once it spoke."""
        spoke = any(word.party == SMALL for _, word in self.words)
        return {*self.contents[self.versions[-1].digest][3], *ALWAYS, *((SMALL,) if spoke else ())}

    def _has_agreed(self, party: str, needed: Needed, day: date) -> bool:
        for office in needed.signed_by or (None,):
            mine = [word for _, word in self.words if word.party == party and office in {None, word.office}]
            if not mine or not self._counts(mine[-1], day):
                return False
        return True

    def _counts(self, word: Word, day: date) -> bool:
        if word.undone or word.called_in or not word.agreed:
            return False
        if word.effective is not None and day < word.effective:
            return False
        now = self.contents[self.versions[-1].digest]
        if word.content == now:
            return True
        if not word.limits or self.versions[-1].at.astimezone(LONDON).date() > word.until:
            return False
        if word.content[3] != now[3]:
            return False
        allowed: Mapping[str, int] = dict(word.limits)
        for field, before, after in zip(FIELDS, word.content[:3], now[:3], strict=True):
            if before == after:
                continue
            if field not in allowed:
                return False
            if isinstance(before, int) and isinstance(after, int) and abs(after - before) > allowed[field]:
                return False
        return True


def lets_go_on(found: Standing, record: Record) -> bool:
    """By the rooms, whether ministers may sign off now."""
    return found.status is Status.APPROVED and held_up(SET, record, "signed_off") is None


def play(seed: int) -> tuple[int, int]:
    """One interleaving: how often the plan was agreed, and of how many looks."""
    world, agreed = World(seed), 0
    for _ in range(STEPS):
        world.step()
        day = world.now.astimezone(LONDON).date()
        try:
            agreed += world.judge(day)
        except AssertionError as fault:
            raise AssertionError(f"seed {seed}: {fault}") from fault
    return agreed, STEPS


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_never_agreed_unless_each_decided_on_this_or_within_its_limits(batch: int) -> None:
    """Five thousand random interleavings, each step judged by the room and by an oracle written apart from it."""
    count = INTERLEAVINGS // BATCHES
    first = SEED + batch * count
    agreed, looks = (
        sum(each) for each in zip(*(play(seed) for seed in range(first, first + count)), strict=True)
    )
    assert agreed, (
        f"seeds {first} to {first + count - 1}: never agreed at {looks} looks, which would show nothing"
    )
