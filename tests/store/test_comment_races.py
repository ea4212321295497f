"""Two people close one query at once, and its writer withdraws it at the same moment, on a real database: one is first."""

from carepool.actions.commenting import close_query, comments_on, make_comment, said_in, withdraw_comment
from carepool.actions.demonstration import Stage, begin, people
from carepool.actions.england import England
from carepool.actions.house import House as TheHouse
from carepool.actions.ports import MemoryDrafts
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.journal.verify import verify
from carepool.rules.rulebook import Rulebook
from carepool.wiring import disk
from carepool.wiring.kinds import KINDS
from carepool.wiring.main import now
from tests.store.houses import House

ROUNDS = 6


def test_a_query_is_closed_once(sql_house: House, england: England, rulebook: Rulebook) -> None:
    """Who asked and who was asked both press Close; one closes it, the other is told, and no fact is written twice."""
    house = TheHouse(disk.areas(england), rulebook, sql_house.journal, MemoryDrafts(), now)
    stage = Stage(house, people(disk.county_files()))
    for handle in stage.cast:
        stage.office(handle)
    begin(stage, "wolds", "ZZ2", "The Wolds", "wolds.lead", "Z2A", "3.5")
    asked = stage.cast["wolds.officer"].account
    for number in range(1, ROUNDS + 1):
        chair, again, officer = (
            stage.actor("wolds.chair"),
            stage.actor("wolds.chair"),
            stage.actor("wolds.officer"),
        )
        made = make_comment(
            stage.house, stage.actor("wolds.chair"), "wolds", "spend", "Right?", version=1, to=asked
        )
        assert isinstance(made, Done)
        withdraws = number % 2
        answers = sql_house.together(
            lambda chair=chair, number=number: close_query(stage.house, chair, "wolds", number),  # type: ignore[misc]
            lambda officer=officer, number=number: close_query(stage.house, officer, "wolds", number),  # type: ignore[misc]
            *[lambda again=again, number=number: withdraw_comment(stage.house, again, "wolds", number)]
            * withdraws,  # type: ignore[misc]
        )
        assert all(isinstance(each, Done | Refused) for each in answers), answers
        closed, withdrawn = answers[:2], answers[2:]
        assert sum(isinstance(each, Done) for each in closed) <= 1
        if not withdrawn:
            assert sum(isinstance(each, Done) for each in closed) == 1
        assert all(isinstance(each, Done) for each in withdrawn)
        query = comments_on(stage.house, "wolds")[number - 1]
        assert not query.open
        assert (said_in(stage.house, query) is None) is bool(withdrawn)
    written = [fact.kind for fact in sql_house.journal.read("comments/wolds")]
    assert written.count("CommentMade") == ROUNDS
    assert written.count("QueryClosed") <= ROUNDS
    assert written.count("CommentWithdrawn") == ROUNDS // 2
    assert verify(sql_house.journal, kinds=KINDS).clean
