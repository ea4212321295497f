"""Whatever order people act in, twice or late or in two tabs: a plan is agreed only by those who saw it, and money moves once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from carepool.actions import demonstration_assurance as said
from carepool.actions.assurances import assured
from carepool.actions.assuring import assign_reviewer, decide_outcome, moderate, reopen_review, submit_review
from carepool.actions.deciding import decide_plan, reach_stage
from carepool.actions.demonstration import Person, filled, people
from carepool.actions.editing import keep_draft, save_version, section_base
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor
from carepool.actions.planning import read_history, start_plan, view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.releasing import (
    agreed_plan,
    approve_release_of,
    keep_money_of,
    money_of,
    open_pool_of,
    pool_books,
    propose_release_of,
)
from carepool.actions.standings import standing_of
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import NotHere
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.journal.port import SameKey
from carepool.journal.verify import verify
from carepool.offices.holdings import give
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.document import as_data
from carepool.pool.approving import Side
from carepool.signoff.ways import How
from carepool.wiring import disk
from carepool.wiring.main import shipped

PLAN = "wolds"
BOARD = "ZZ2"
HANDLES = [
    "wolds.lead",
    "eastwold.chief",
    "westwold.chief",
    "wolds.officer",
    "wolds.chair",
    "nhs.assurer",
    "minister.office",
]
BODIES = ["council:ZZ21", "council:ZZ22", "ccg:Z2A", "board:ZZ2", "ccg:Z1A"]
QUARTERS = quarters_between(Quarter(2014, 4), Quarter(2015, 3))
ASSURERS = ("nhs.reviewer", "lga.assurer", "moderator", "nhs.assurer")
FINANCE = [
    Person("fin-1", "host.finance", "Host", "chief_finance_officer", "ccg:Z2A"),
    Person("fin-2", "host.finance.2", "Host too", "chief_finance_officer", "ccg:Z2A"),
    Person("fin-3", "council.finance", "Council", "section_151_officer", "council:ZZ21"),
]


class Thread(RuleBasedStateMachine):
    """One plan of two councils, a CCG and a board, with everybody acting at random."""

    @initialize(host=st.sampled_from(["ZZ21", "Z2A"]), ahead=st.booleans())
    def begin(self, host: str, ahead: bool) -> None:
        """An empty journal, everybody in office, the plan started and drafted; or already with its pool open."""
        self.now = datetime(2014, 9, 1, tzinfo=UTC)
        self.count = 0
        journal = MemoryJournal()
        self.house: House = replace(shipped(), journal=journal, drafts=MemoryDrafts(), clock=self.clock)
        cast = [
            each for each in people(disk.county_files()) if each.handle in (*HANDLES, *ASSURERS)
        ] + FINANCE
        self.cast = {each.handle: each for each in cast}
        for each in cast:
            stream = office_stream(each.body)
            fact = give(each.body, each.office, each.account, self.now.date())
            journal.append([fact], expecting={stream: journal.version(stream)}, by="carepool", at=self.now)
        self.seen: list[tuple[str, str]] = []
        self.last: Callable[[], object] | None = None
        assert isinstance(
            start_plan(self.house, self.actor("wolds.lead"), PLAN, RULES, (BOARD,), "Wolds"), Done
        )
        self.content = filled(self.house, None, PLAN, host, Decimal("3.5"))
        for section in ("parties", "schemes", "sources", "spend", "target"):
            base = section_base(view(self.house, PLAN), section)
            keep_draft(
                self.house,
                self.actor("wolds.lead"),
                PLAN,
                section,
                as_data(self.content.section(section)),
                base,
            )
        if ahead:
            self.save()
            self.look()
            self.all_agree()
            self.both_stages()
            self.now = datetime(2015, 10, 1, tzinfo=UTC)
            self.open("council.finance" if host == "ZZ21" else "host.finance")

    def clock(self) -> datetime:
        self.now += timedelta(hours=7)
        return self.now

    def actor(self, handle: str) -> Actor:
        self.count += 1
        person = self.cast[handle]
        return Actor(person.account, f"key-{self.count}", person.name)

    def act(self, request: Callable[[], object]) -> object:
        """Make a request, and remember it to be sent again."""
        self.last = request
        return request()

    @rule(words=st.sampled_from(["Days", "Nights", "Weekends"]), stale=st.booleans())
    def edit(self, words: str, stale: bool) -> None:
        """The lead changes a scheme's name in a draft, at times beginning from what is no longer so."""
        first, *others = self.content.schemes.schemes
        schemes = self.content.schemes.model_copy(
            update={"schemes": (first.model_copy(update={"name": words}), *others)}
        )
        base = "0" * 64 if stale else section_base(view(self.house, PLAN), "schemes")
        keep_draft(self.house, self.actor("wolds.lead"), PLAN, "schemes", as_data(schemes), base)

    @rule()
    def save(self) -> None:
        """The lead saves a version, or is refused for there is nothing new or a section has changed."""
        actor = self.actor("wolds.lead")
        self.act(lambda: save_version(self.house, actor, PLAN))

    @rule()
    def look(self) -> None:
        """Somebody opens the plan, and keeps the page open for later."""
        seen = view(self.house, PLAN)
        if seen.history.current:
            self.seen.append((seen.history.current.digest, seen.findings_digest))

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), handle=st.sampled_from(HANDLES), body=st.sampled_from(BODIES), agrees=st.booleans())
    def decide(self, data: st.DataObject, handle: str, body: str, agrees: bool) -> None:
        """Anybody tries to decide for any body on any version that was ever looked at."""
        digest, findings = data.draw(st.sampled_from(self.seen))
        actor = self.actor(handle)
        self.act(
            lambda: decide_plan(
                self.house,
                actor,
                PLAN,
                body,
                digest,
                findings,
                agrees=agrees,
                reasons="Because",
                how=How(key=False),
            )
        )

    @precondition(lambda self: self.seen)
    @rule()
    def all_agree(self) -> None:
        """Everybody who must agrees to the version looked at last, if it still is the current one."""
        digest, findings = self.seen[-1]
        for handle in HANDLES[1:5]:
            decide_plan(
                self.house,
                self.actor(handle),
                PLAN,
                self.cast[handle].body,
                digest,
                findings,
                agrees=True,
                how=How(key=False),
            )

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), stage=st.sampled_from(["approved", "signed_off"]), handle=st.sampled_from(HANDLES))
    def stage(self, data: st.DataObject, stage: str, handle: str) -> None:
        """Anybody tries a stage; one of the two may."""
        digest, findings = data.draw(st.sampled_from(self.seen))
        if stage == "approved":
            self.review(digest)
        actor = self.actor(handle if stage == "approved" else "minister.office")
        approves = stage == "approved" and data.draw(st.booleans())
        self.act(
            lambda: (
                decide_outcome(self.house, actor, PLAN, digest, "approved")
                if approves
                else reach_stage(self.house, actor, PLAN, stage, digest, findings)
            )
        )

    def review(self, digest: str) -> None:
        """Both sides find the version good, as far as they may, and the moderator says so."""
        house = self.house
        judged = said.judgement(assured(house, PLAN), {})
        for side, handle in said.REVIEWERS.items():
            assign_reviewer(house, self.actor("moderator"), PLAN, side, self.cast[handle].account)
        reopen_review(house, self.actor("moderator"), PLAN, digest)
        for side, handle in said.REVIEWERS.items():
            submit_review(house, self.actor(handle), PLAN, side, digest, judged)
        moderate(house, self.actor("moderator"), PLAN, digest, judged)

    @precondition(lambda self: self.seen)
    @rule()
    def both_stages(self) -> None:
        """NHS England approves and ministers sign off what was looked at last, if it is agreed."""
        digest, findings = self.seen[-1]
        self.review(digest)
        decide_outcome(self.house, self.actor("nhs.assurer"), PLAN, digest, "approved")
        reach_stage(self.house, self.actor("minister.office"), PLAN, "signed_off", digest, findings)

    def money(self, request: Callable[[], object]) -> None:
        try:
            self.act(request)
        except NotHere:
            assert "Ministers have not signed off" not in str(self.signed_off()), "no money before sign-off"

    def signed_off(self) -> str:
        return (
            ""
            if any(fact.kind == "PlanStageReached" for fact in self.house.journal.read(f"signoff/{PLAN}"))
            else "none"
        )

    @rule(handle=st.sampled_from([each.handle for each in FINANCE]))
    def open(self, handle: str) -> None:
        """A finance officer tries to open the pool."""
        actor = self.actor(handle)
        self.money(lambda: open_pool_of(self.house, actor, PLAN))

    @rule(handle=st.sampled_from([each.handle for each in FINANCE]), quarter=st.sampled_from(QUARTERS))
    def propose(self, handle: str, quarter: Quarter) -> None:
        """A finance officer proposes what a quarter has earned, or anything at all before it is known."""
        actor = self.actor(handle)

        def request() -> object:
            due = money_of(self.house, PLAN).due.get("Z2A", {}).get(quarter)
            return propose_release_of(self.house, actor, PLAN, quarter, "Z2A", due or 100)

        self.money(request)

    @rule(
        handle=st.sampled_from([each.handle for each in FINANCE]),
        quarter=st.sampled_from(QUARTERS),
        side=st.sampled_from(Side),
    )
    def approve(self, handle: str, quarter: Quarter, side: Side) -> None:
        """A finance officer approves for a side, theirs or not."""
        actor = self.actor(handle)
        self.money(lambda: approve_release_of(self.house, actor, PLAN, quarter, "Z2A", side))

    @rule(
        first=st.sampled_from([each.handle for each in FINANCE]),
        second=st.sampled_from([each.handle for each in FINANCE]),
    )
    def approve_what_waits(self, first: str, second: str) -> None:
        """Two finance officers, or one twice, approve the first release that waits."""
        try:
            waiting = pool_books(self.house, agreed_plan(self.house, PLAN)).awaiting()
        except NotHere:
            return
        for handle, side in ((first, Side.CCG), (second, Side.HOST)):
            if waiting:
                approve_release_of(self.house, self.actor(handle), PLAN, waiting[0].quarter, "Z2A", side)

    @rule()
    def keep(self) -> None:
        """The host tries to close the year."""
        actor = self.actor("host.finance")
        self.money(lambda: keep_money_of(self.house, actor, PLAN))

    @rule()
    def a_year_passes(self) -> None:
        """Outturns are published."""
        self.now += timedelta(days=200)

    @precondition(lambda self: self.last is not None)
    @rule()
    def again(self) -> None:
        """The last request arrives a second time: nothing is written twice."""
        before = len(list(self.house.journal.sealed())) if self.house.journal.seal() else 0
        assert self.last is not None
        first = self.last
        try:
            done = first()
        except (NotHere, SameKey):
            return
        after = self.house.journal.seal()
        if isinstance(done, Done) and done.again:
            assert after == before

    @invariant()
    def agreed_only_by_those_who_saw_it(self) -> None:
        """Agreed means that each required party's latest word is a yes to the current digest; told from the facts alone."""
        if not hasattr(self, "house"):
            return
        found = standing_of(self.house, view(self.house, PLAN))
        if not found.agreed:
            return
        current = read_history(self.house, PLAN).current
        assert current is not None
        words: dict[str | None, tuple[str, object]] = {}
        for fact in self.house.journal.read(f"signoff/{PLAN}"):
            if fact.kind in {"PlanAgreed", "PlanRefused"}:
                words[fact.on_behalf_of] = (fact.kind, fact.body["plan"])
        for body in ("council:ZZ21", "council:ZZ22", "ccg:Z2A", "board:ZZ2"):
            assert words[body] == ("PlanAgreed", current.digest)

    @invariant()
    def money_moves_once(self) -> None:
        """Books balance, a release is posted at most once, and by two people on two sides."""
        if not hasattr(self, "house") or self.signed_off():
            return
        try:
            books = pool_books(self.house, agreed_plan(self.house, PLAN))
        except NotHere:
            return
        assert books.trial_balance() == 0
        facts = self.house.journal.read(f"pool/{PLAN}/2015-16")
        posted = [(fact.body["quarter"], fact.body["ccg"]) for fact in facts if fact.kind == "ReleasePosted"]
        assert len(posted) == len(set(posted))
        for key in posted:
            approvals = [
                (fact.by, fact.body["side"])
                for fact in facts
                if fact.kind == "ReleaseApproved" and (fact.body["quarter"], fact.body["ccg"]) == key
            ]
            assert len({by for by, _ in approvals}) == len({side for _, side in approvals}) == 2

    def teardown(self) -> None:
        """Every chain verifies."""
        if hasattr(self, "house"):
            assert verify(self.house.journal).clean


TestThread = pytest.mark.slow(Thread.TestCase)
