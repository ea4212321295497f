"""Two at once on a real database: two approvals move the money once; a new version and a signature never both win."""

import pytest

from carepool.actions.deciding import decide_plan
from carepool.actions.demonstration import Stage, begin, build, draft_all, people
from carepool.actions.editing import save_version
from carepool.actions.england import England
from carepool.actions.house import House as TheHouse
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.releasing import approve_release_of, money_of
from carepool.actions.standings import standing_of
from carepool.basics.periods import Quarter
from carepool.journal.commands import Done
from carepool.pool.approving import Side
from carepool.rules.rulebook import Rulebook
from carepool.signoff.standing import Outcome
from carepool.wiring import disk
from carepool.wiring.main import now
from tests.store.houses import House

ROUNDS = 6
Q2 = Quarter(2015, 2)


def staged(sql_house: House, england: England, rulebook: Rulebook) -> Stage:
    """The people of the county, on this database."""
    house = TheHouse(disk.areas(england), rulebook, sql_house.journal, MemoryDrafts(), now)
    return Stage(house, people(disk.county_files()))


@pytest.mark.slow
def test_two_approvals_at_once_release_once(sql_house: House, england: England, rulebook: Rulebook) -> None:
    """The same side approves twice at once, and both sides at once: the money moves once, and the books balance."""
    stage = staged(sql_house, england, rulebook)
    build(stage.house, disk.county_files())
    stage.on(2016, 3, 1)
    stage.count = 10_000
    before = money_of(stage.house, "carrowby").books.totals.released
    actors = [stage.actor("carrowby.finance") for _ in range(4)]
    done = sql_house.together(
        *(
            lambda actor=actor: approve_release_of(stage.house, actor, "carrowby", Q2, "Z6A", Side.HOST)
            for actor in actors
        ),  # type: ignore[misc]
    )
    assert sum(isinstance(each, Done) for each in done) == 1
    books = money_of(stage.house, "carrowby").books
    due = money_of(stage.house, "carrowby").due["Z6A"][Q2]
    assert books.totals.released - before == due
    assert books.trial_balance() == 0


def test_a_signature_and_a_new_version_at_once(
    sql_house: House, england: England, rulebook: Rulebook
) -> None:
    """Whoever is first: if the version was saved first the signature is refused with the difference, never counted."""
    stage = staged(sql_house, england, rulebook)
    for handle in stage.cast:
        stage.office(handle)
    plan = begin(stage, "wolds", "ZZ2", "The Wolds", "wolds.lead", "Z2A", "3.5")
    for number in range(ROUNDS):
        first, *others = plan.schemes.schemes
        schemes = plan.schemes.model_copy(
            update={"schemes": (first.model_copy(update={"name": f"Round {number}"}), *others)}
        )
        draft_all(stage, "wolds", "wolds.lead", plan.with_section("schemes", schemes))
        seen = view(stage.house, "wolds")
        assert seen.history.current
        digest, findings = seen.history.current.digest, seen.findings_digest
        lead, chair = stage.actor("wolds.lead"), stage.actor("wolds.chair")
        saved, signed = sql_house.together(
            lambda lead=lead: save_version(stage.house, lead, "wolds"),  # type: ignore[misc]
            lambda chair=chair, digest=digest, findings=findings: decide_plan(  # type: ignore[misc]
                stage.house, chair, "wolds", "board:ZZ2", digest, findings, agrees=True
            ),
        )
        assert isinstance(saved, Done)
        now = view(stage.house, "wolds")
        party = standing_of(stage.house, now).of("board:ZZ2")
        assert party
        assert party.outcome in {Outcome.LAPSED, Outcome.AWAITED}, (
            "nobody has agreed to the version just saved"
        )
        if isinstance(signed, Done):
            assert party.decision
            assert party.decision.digest == digest
