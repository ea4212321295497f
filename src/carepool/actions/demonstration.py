"""The illustrative county, rebuilt the same each time: seven plans at every stage, by fictitious people, marked as such.

Everything goes through the same actions as a real plan, at the instants of a year like 2014-15, so that its pages
can be shown as at any of them. One plan is left for the visitor to take through.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from carepool.actions import demonstration_assurance as said
from carepool.actions import demonstration_contingency as contingency
from carepool.actions import demonstration_delivery as delivery
from carepool.actions import demonstration_pool_life as pool_life
from carepool.actions import demonstration_publishing as publishing
from carepool.actions import demonstration_returns as returns
from carepool.actions.assuring import close_condition, take_step
from carepool.actions.calendar import call_off_meeting, give_notice, shift_meeting
from carepool.actions.deciding import decide_plan, reach_stage
from carepool.actions.delegating import delegate_decision
from carepool.actions.demonstration_words import Narrative, read_narrative, told
from carepool.actions.editing import keep_draft, save_version, section_base
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor
from carepool.actions.planning import begun, read_history, start_plan, view
from carepool.actions.releasing import approve_release_of, money_of, open_pool_of, propose_release_of
from carepool.assurance.gate import stage_of_approval
from carepool.basics.money import share
from carepool.basics.periods import Quarter, parse_date
from carepool.basics.tables import read_table
from carepool.calendar.meetings import MeetingKind, plan_meeting
from carepool.calendar.meetings import stream_of as meetings_stream
from carepool.journal.commands import Done
from carepool.journal.facts import NewFact
from carepool.measures.admissions import whole_target
from carepool.offices.holdings import give
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans import document as plans
from carepool.plans.document import EVERY, Plan, as_data
from carepool.pool.approving import Side
from carepool.signoff.call_in import Urgency
from carepool.signoff.tolerance import Limit, Measure, Tolerance
from carepool.signoff.ways import How

PASSWORD = "illustrative-county"  # noqa: S105  (printed at start; demonstration accounts exist in no production)
FIRST_DAY = date(2013, 4, 1)
URGENT = How(
    key=True,
    urgency=Urgency(
        "urgent_decision",
        "The reviewers meet on 19 November, and the next review is in January.",
        "The chair of the council, in writing on 14 November",
    ),
)
"""A key decision that does not wait for a call-in."""


@dataclass(frozen=True, slots=True)
class Person:
    """A fictitious person, their account, and the office that they hold."""

    account: str
    handle: str
    name: str
    office: str
    body: str


def people(files: Mapping[str, bytes]) -> tuple[Person, ...]:
    """The people of the county, from accounts.csv."""
    columns = ["account", "handle", "name", "office", "body"]
    return tuple(
        Person(**{column: cells[column] for column in columns})
        for _, cells in read_table("accounts.csv", files["accounts.csv"], columns)
    )


class Stage:
    """A clock that is set, keys and salts that follow one another, and the people by handle."""

    def __init__(self, house: House, cast: tuple[Person, ...], words: Narrative | None = None) -> None:
        self.now = datetime(2014, 8, 1, 9, tzinfo=UTC)
        self.count = 0
        self.house = replace(house, clock=self._clock, salt=self._salt)
        self.cast = {person.handle: person for person in cast}
        self.words = words

    def _clock(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def _salt(self) -> bytes:
        return hashlib.sha256(f"illustrative county {self.count}".encode()).digest()

    def on(self, year: int, month: int, day: int) -> None:
        """Go to nine in the morning of a day."""
        self.now = datetime(year, month, day, 9, tzinfo=UTC)

    def actor(self, handle: str) -> Actor:
        """A person, with the key of their next request."""
        self.count += 1
        person = self.cast[handle]
        return Actor(person.account, f"demo-{self.count}", person.name)

    def office(self, handle: str) -> None:
        """Give a person their office."""
        person = self.cast[handle]
        stream = office_stream(person.body)
        journal = self.house.journal
        journal.append(
            [give(person.body, person.office, person.account, FIRST_DAY)],
            expecting={stream: journal.version(stream)},
            by="carepool",
            at=self._clock(),
        )


def must(done: object) -> None:
    """Every step of the demonstration is allowed; one that is not is a bug of ours."""
    if not isinstance(done, Done):
        raise AssertionError(getattr(done, "says", done))


def build(house: House, files: Mapping[str, bytes]) -> tuple[Person, ...]:
    """Write the county's facts into an empty journal, and return its people."""
    cast = people(files)
    stage = Stage(house, cast, read_narrative(files))
    with house.journal.transaction():
        stage.on(2014, 7, 28)
        for person in cast:
            stage.office(person.handle)
        _meetings(stage, files)
        _carrowby(stage)
        _wolds(stage)
        _farrowdale(stage)
        _stonebeck(stage)
        _lindenmouth(stage)
        _merrow(stage)
        _thornmere(stage)
        _outturn(stage)
        pool_life.live(stage, files)
        returns.correct_and_go_on(stage)
        contingency.send_on(stage)
        delivery.tell(stage)
        publishing.tell(stage)
    return cast


def filled(house: House, words: Narrative | None, plan: str, host: str, cut: Decimal) -> Plan:
    """A plan filled in: expected contributions, three schemes and one uniform cut from what is published, the words invented."""
    found = read_history(house, plan)
    seen = view(house, plan)
    base = begun(house, found, seen.area)
    # In 2014-15 the existing money goes on, and there is nothing to earn yet.
    continued = {"carers_breaks", "reablement", "social_care_transfer"}
    sources = [
        {
            "contributor": contributor,
            "source": stream,
            "year_1": pence if stream in continued else 0,
            "year_2": pence,
        }
        for (stream, contributor), pence in seen.known.minimum.pence.items()
        if pence
    ]
    ccg, council = base.parties.ccgs[0], base.parties.councils[0]
    shares = {
        "S1": (ccg, "Community trust", 34),
        "S2": (council, "Home care providers", 47),
        "S3": (ccg, "GP federation", 19),
    }
    totals = [sum(int(str(row[year])) for row in sources) for year in ("year_1", "year_2")]
    parts = [share(total, {scheme: weight for scheme, (_, _, weight) in shares.items()}) for total in totals]
    spend = [
        {
            "scheme": scheme,
            "commissioner": who,
            "provider": provider,
            "year_1": parts[0][scheme],
            "year_2": parts[1][scheme],
        }
        for scheme, (who, provider, _) in shares.items()
    ]
    schemes = [
        {"id": "S1", "name": "Rapid response", "what": "A nurse and a carer at the door within two hours", "who_for": "People over 75 in crisis"},
        {"id": "S2", "name": "Reablement at home", "what": "Six weeks of support to live at home again", "who_for": "People leaving hospital"},
        {"id": "S3", "name": "Named professional", "what": "One accountable professional for each joint plan", "who_for": "The 2% most at risk"},
    ]  # fmt: skip
    quarters = [
        {
            "quarter": str(row.quarter),
            "baseline": str(row.baseline),
            "planned": str(whole_target(row.baseline, cut)),
        }
        for row in base.target.quarters
    ]
    data = {
        **as_data(base),
        "schemes": {"schemes": schemes},
        "sources": {"sources": sources},
        "spend": {"spend": spend},
        "target": {"quarters": quarters, "case": ""},
    }
    plain = Plan.model_validate({**data, "parties": {**as_data(base.parties), "host": host}})
    return told(plain, seen, words) if words else plain


def draft_all(stage: Stage, plan: str, lead: str, content: Plan) -> None:
    """Keep every section of a plan in which anything stands as its lead's draft."""
    found = view(stage.house, plan)
    for section in EVERY:
        if not plans.filled(content.section(section)):
            continue
        base = section_base(found, section)
        refused = keep_draft(
            stage.house, stage.actor(lead), plan, section, as_data(content.section(section)), base
        )
        assert refused is None, refused  # noqa: S101 (a step of ours that is not allowed is a bug)


def begin(
    stage: Stage, plan: str, board: str | tuple[str, ...], title: str, lead: str, host: str, cut: str
) -> Plan:
    """Start a plan for a board, or for several, and save its first version."""
    boards = (board,) if isinstance(board, str) else board
    must(start_plan(stage.house, stage.actor(lead), plan, RULES, boards, title))
    content = filled(stage.house, stage.words, plan, host, Decimal(cut))
    draft_all(stage, plan, lead, content)
    must(save_version(stage.house, stage.actor(lead), plan))
    return content


def decide(
    stage: Stage, plan: str, *handles: str,
    agrees: bool = True, reasons: str = "", body: str = "", how: How = How(key=False),  # noqa: B008  (frozen)
) -> None:  # fmt: skip
    """People decide on the current version for their bodies, or for one that let them."""
    for handle in handles:
        seen = view(stage.house, plan)
        version = seen.history.current
        assert version is not None  # noqa: S101 (saved before)
        whose = body or stage.cast[handle].body
        must(decide_plan(stage.house, stage.actor(handle), plan, whose, version.digest, seen.findings_digest, agrees=agrees, reasons=reasons, how=how))  # fmt: skip


def go_on(stage: Stage, plan: str, name: str, handle: str) -> None:
    """A stage after agreement is reached; approval by way of two good reviews, where the rules ask for them."""
    seen = view(stage.house, plan)
    approval = stage_of_approval(seen.rules)
    if seen.rules.assures and approval and approval.name == name:
        said.assure(stage, plan, handle)
        return
    version = seen.history.current
    assert version is not None  # noqa: S101 (saved before)
    must(reach_stage(stage.house, stage.actor(handle), plan, name, version.digest, seen.findings_digest))


def met(stage: Stage, plan: str, condition: str, evidence: str) -> None:
    """A condition of an outcome is met."""
    must(close_condition(stage.house, stage.actor("nhs.director"), plan, condition, evidence, met=True))


def _meetings(stage: Stage, files: Mapping[str, bytes]) -> None:
    """Every body's meetings of the year, from meetings.csv; one board's was moved, and another's called off."""
    planned: dict[str, list[NewFact]] = {}
    columns = ["body", "committee", "kind", "on"]
    for _, cells in read_table("meetings.csv", files["meetings.csv"], columns):
        facts = planned.setdefault(cells["body"], [])
        number = str(len(facts) + 1)
        kind = MeetingKind(cells["kind"])
        facts.append(plan_meeting(cells["body"], number, parse_date(cells["on"]), cells["committee"], kind))
    journal = stage.house.journal
    for body, facts in planned.items():
        journal.append(facts, expecting={meetings_stream(body): 0}, by="carepool", at=stage.house.clock())
    must(shift_meeting(stage.house, stage.actor("stonebeck.chair"), "board:ZZ4", "3", date(2015, 1, 12)))
    must(call_off_meeting(stage.house, stage.actor("lindenmouth.chair"), "board:ZZ5", "4"))


def _carrowby(stage: Stage) -> None:
    """Through to money in the account: two quarters released, the third waiting for the host."""
    stage.on(2014, 8, 18)
    begin(stage, "carrowby", "ZZ6", "Carrowby joint plan", "carrowby.lead", "ZZ6", "3.5")
    must(give_notice(stage.house, stage.actor("carrowby.lead"), "carrowby", "council:ZZ6", date(2014, 8, 1)))
    stage.on(2014, 9, 1)
    # A key decision: it can be called in until 8 September, and counts from the 9th.
    decide(stage, "carrowby", "carrowby.chief", how=How(key=True))
    decide(stage, "carrowby", "carrowby.officer")
    stage.on(2014, 9, 12)
    decide(stage, "carrowby", "carrowby.chair")
    stage.on(2014, 9, 22)
    said.choose(stage, "carrowby")
    stage.on(2014, 9, 30)
    said.review(stage, "carrowby", "nhs", said.CARROWBY_NHS)
    stage.on(2014, 10, 2)
    said.review(stage, "carrowby", "local_government", said.CARROWBY_COUNCILS)
    stage.on(2014, 10, 7)
    said.settle(stage, "carrowby", said.CARROWBY_MODERATED)
    stage.on(2014, 10, 10)
    said.outcome(
        stage,
        "carrowby",
        "nhs.assurer",
        "approved_with_conditions",
        said.CARROWBY_CONDITIONS,
        "The savings of reablement and the wards have to be settled before ministers see the plan.",
    )
    stage.on(2014, 10, 22)
    met(
        stage,
        "carrowby",
        "C1",
        "Two published evaluations are named in a letter to the region, with what they found.",
    )
    stage.on(2014, 10, 29)
    met(
        stage,
        "carrowby",
        "C2",
        "A letter of the trust of 28 October: thirty beds close in April 2016, and the CCG pays until then.",
    )
    stage.on(2014, 10, 30)
    go_on(stage, "carrowby", "signed_off", "minister.office")


def _wolds(stage: Stage) -> None:
    """Approved by NHS England, waiting for ministers."""
    stage.on(2014, 11, 3)
    begin(stage, "wolds", "ZZ2", "Eastwold and Westwold joint plan", "wolds.lead", "Z2A", "3.5")
    stage.on(2014, 11, 17)
    decide(stage, "wolds", "eastwold.chief", how=URGENT)
    decide(stage, "wolds", "westwold.chief", "wolds.officer", "wolds.chair")
    stage.on(2014, 11, 19)
    said.choose(stage, "wolds")
    stage.on(2014, 11, 25)
    said.review(stage, "wolds", "local_government", said.WOLDS_COUNCILS)
    said.review(stage, "wolds", "nhs", said.WOLDS_BOTH)
    stage.on(2014, 11, 28)
    said.settle(stage, "wolds", said.WOLDS_MODERATED)
    stage.on(2014, 12, 1)
    said.outcome(
        stage,
        "wolds",
        "nhs.assurer",
        "approved_with_support",
        reasons="Two councils, and one of them is a year behind.",
    )


def _farrowdale(stage: Stage) -> None:
    """Agreed, and under review: one of two reviews is in."""
    stage.on(2014, 12, 3)
    begin(stage, "farrowdale", "ZZ3", "Farrowdale joint plan", "farrowdale.lead", "ZZ3", "3.5")
    stage.on(2014, 12, 15)
    decide(stage, "farrowdale", "farrowdale.chief", "farrowdale.officer", "farrowdale.chair")
    said.choose(stage, "farrowdale")
    said.review(stage, "farrowdale", "nhs", said.FARROWDALE_NHS)


def _stonebeck(stage: Stage) -> None:
    """A second version after the council had agreed to the first; the board refuses it, with reasons."""
    stage.on(2014, 12, 16)
    content = begin(stage, "stonebeck", "ZZ4", "Stonebeck joint plan", "stonebeck.lead", "ZZ4", "3.5")
    stage.on(2014, 12, 18)
    decide(stage, "stonebeck", "stonebeck.chief", how=How(key=True))
    stage.on(2015, 1, 7)
    first, *others = content.schemes.schemes
    schemes = content.schemes.model_copy(
        update={"schemes": (first.model_copy(update={"name": "Rapid response, days only"}), *others)}
    )
    draft_all(stage, "stonebeck", "stonebeck.lead", content.with_section("schemes", schemes))
    must(save_version(stage.house, stage.actor("stonebeck.lead"), "stonebeck"))
    stage.on(2015, 1, 12)
    decide(stage, "stonebeck", "linden.officer")
    decide(
        stage,
        "stonebeck",
        "stonebeck.chair",
        agrees=False,
        reasons="The board was promised rapid response at night. Put it back, or say who covers the nights.",
    )
    for rung, words in (
        ("informal_support", "The council and the board do not speak of the nights with one voice."),
        ("formal_support", "A facilitator is offered for two meetings in January."),
    ):
        must(take_step(stage.house, stage.actor("nhs.reviewer"), "stonebeck", rung, words))


def _lindenmouth(stage: Stage) -> None:
    """A version that spends more than its sources: its findings block agreement."""
    stage.on(2015, 1, 14)
    must(
        start_plan(
            stage.house,
            stage.actor("lindenmouth.lead"),
            "lindenmouth",
            RULES,
            ("ZZ5",),
            "Lindenmouth joint plan",
        )
    )
    content = filled(stage.house, stage.words, "lindenmouth", "ZZ5", Decimal("2.8"))
    first, *others = content.spend.spend
    spend = content.spend.model_copy(
        update={"spend": (first.model_copy(update={"year_2": first.year_2 + 25_000_000}), *others)}
    )
    draft_all(stage, "lindenmouth", "lindenmouth.lead", content.with_section("spend", spend))
    must(save_version(stage.house, stage.actor("lindenmouth.lead"), "lindenmouth"))


def _merrow(stage: Stage) -> None:
    """Started, and left for the visitor to take through."""
    stage.on(2015, 1, 20)
    must(start_plan(stage.house, stage.actor("merrow.lead"), "merrow", RULES, ("ZZ1",), "Merrow joint plan"))
    draft_all(
        stage, "merrow", "merrow.lead", filled(stage.house, stage.words, "merrow", "ZZ1", Decimal("3.5"))
    )


def _thornmere(stage: Stage) -> None:
    """Two councils, three CCGs and two boards: one agrees within limits that the second version keeps, the others are asked again."""
    stage.on(2015, 1, 22)
    boards = ("ZZ7", "ZZ8")
    begin(stage, "thornmere", boards, "Thornmere and Aldersea joint plan", "thornmere.lead", "ZZ7", "3.5")
    stage.on(2015, 1, 26)
    limit = Limit("spend", "year_2", Measure.POUNDS, Decimal(1_000_000))
    within = How(key=False, tolerance=Tolerance((limit,), date(2015, 2, 27)))
    decide(stage, "thornmere", "thornmere.chief", how=within)
    must(
        delegate_decision(
            stage.house, stage.actor("sands.officer"), "thornmere", "ccg:Z8B",
            stage.cast["aldersea.officer"].account, "ccg:Z8A", date(2015, 1, 26), date(2015, 3, 31),
            "Aldersea CCG leads for both of us on this plan, so its accountable officer decides for us.",
        )
    )  # fmt: skip
    decide(stage, "thornmere", "aldersea.officer")
    decide(stage, "thornmere", "aldersea.officer", body="ccg:Z8B")
    reasons = "Reablement in Aldersea is £4,000 short of what the pilot cost. Move it from rapid response."
    decide(stage, "thornmere", "aldersea.chair", agrees=False, reasons=reasons)
    stage.on(2015, 2, 2)
    content = view(stage.house, "thornmere").plan
    one, two, *rest = content.spend.spend
    moved = (
        one.model_copy(update={"year_2": one.year_2 - 400_000}),
        two.model_copy(update={"year_2": two.year_2 + 400_000}),
        *rest,
    )
    spend = content.spend.model_copy(update={"spend": moved})
    draft_all(stage, "thornmere", "thornmere.lead", content.with_section("spend", spend))
    must(save_version(stage.house, stage.actor("thornmere.lead"), "thornmere"))


def _outturn(stage: Stage) -> None:
    """Carrowby's quarters arrive on their publication dates, and money moves from the CCG's books to the pool."""
    stage.on(2015, 4, 1)
    must(open_pool_of(stage.house, stage.actor("carrowby.finance"), "carrowby"))
    for quarter, day, approved in (
        (Quarter(2014, 4), (2015, 5, 20), 2),
        (Quarter(2015, 1), (2015, 8, 12), 2),
        (Quarter(2015, 2), (2015, 11, 18), 1),
    ):
        if quarter == returns.SECOND:
            returns.begin(stage)  # in the order of days, so that the journal can be read as at any of them
        stage.on(*day)
        due = money_of(stage.house, "carrowby").due["Z6A"][quarter]
        assert due is not None  # noqa: S101 (published by then)
        must(
            propose_release_of(stage.house, stage.actor("carrowby.finance"), "carrowby", quarter, "Z6A", due)
        )
        must(
            approve_release_of(
                stage.house, stage.actor("carrowby.ccg.finance"), "carrowby", quarter, "Z6A", Side.CCG
            )
        )
        if approved == 2:
            must(
                approve_release_of(
                    stage.house, stage.actor("carrowby.finance"), "carrowby", quarter, "Z6A", Side.HOST
                )
            )
