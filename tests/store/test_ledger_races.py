"""Two people hand in the same month of a ledger at once, on a real database: it comes in once, whole or not at all."""

from carepool.actions.demonstration import Stage, people
from carepool.actions.england import England
from carepool.actions.house import House as TheHouse
from carepool.actions.importing_ledgers import import_of, look, reasons_in_words, save_map_of, saved_map
from carepool.actions.pools import books_now
from carepool.actions.ports import MemoryDrafts
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.journal.verify import verify
from carepool.pool.accounts import Heading
from carepool.pool.books import Contribution, Opening, Partner, Scheme, stream_of
from carepool.pool.facts import opened
from carepool.pool.maps import read_map
from carepool.pool.tabular import read_text
from carepool.rules.rulebook import Rulebook
from carepool.wiring import disk
from carepool.wiring.kinds import KINDS
from carepool.wiring.main import now
from tests.store.houses import House

YEAR, CONTENT = "2015-16", b"CC,Net\n7001,10.00\n9999,1.00\n"
OPENING = Opening(
    "Carrowby (fictitious)", "ZZ6", (Partner("ZZ6", "council"), Partner("Z6A", "ccg")), "carrowby", "b" * 64,
    (Contribution("Z6A", "nhs", 100_00),), (Scheme("s1", "Reablement", {"nhs": 100_00}),),
)  # fmt: skip
MAP = b"""says: The CCG's (fictitious)
name: ccg
body: Z6A
kind: monthly
columns: {cost_centre: CC, amount: Net}
rules: [{cost_centre: "7*", scheme: s1, source: nhs}]
"""


def test_a_month_comes_in_once_however_many_hand_it_in(
    sql_house: House, england: England, rulebook: Rulebook
) -> None:
    """The CCG's finance officer and the host's hand in the same month; one enters it, the other is told, and the journal verifies."""
    house = TheHouse(disk.areas(england), rulebook, sql_house.journal, MemoryDrafts(), now)
    stage = Stage(house, people(disk.county_files()))
    for handle in ("carrowby.finance", "carrowby.ccg.finance", "carrowby.chair"):
        stage.office(handle)
    stream = stream_of("carrowby", YEAR)
    sql_house.journal.append(
        [opened("carrowby", YEAR, OPENING)], expecting={stream: 0}, by="ann", at=stage.house.clock()
    )
    by, _ = read_map("ccg.yaml", MAP)
    assert by
    stage.on(2016, 4, 20)
    first = books_now(stage.house, "carrowby", YEAR)
    assert isinstance(save_map_of(stage.house, stage.actor("carrowby.ccg.finance"), first, by), Done)
    assert isinstance(save_map_of(stage.house, stage.actor("carrowby.chair"), first, by), Refused)
    for number in range(4, 10):
        books = books_now(stage.house, "carrowby", YEAR)
        kept = saved_map(stage.house, books, "ccg")
        content = CONTENT + b"\n" * number  # a file of its own each month
        grid = read_text("ccg.csv", content, wanted=["CC", "Net"])
        looked = look(books, kept, grid, period=f"2015-{number:02}", control=11_00)
        actors = [stage.actor(handle) for handle in ("carrowby.finance", "carrowby.ccg.finance") * 2]
        answers = sql_house.together(
            *(lambda actor=actor, looked=looked, content=content: import_of(stage.house, actor, looked, content, "text/csv") for actor in actors)  # type: ignore[misc]
        )  # fmt: skip
        assert sum(isinstance(each, Done) for each in answers) == 1, answers
        assert all("was imported on" in each.says for each in answers if isinstance(each, Refused))
        held = books_now(stage.house, "carrowby", YEAR)
        assert held.amount(Heading.OWED, "Z6A") == 11_00 * (number - 3)
    april = CONTENT + b"\n" * 4
    looked = look(books_now(stage.house, "carrowby", YEAR), by, grid, period="2015-04", control=11_00)
    once_more = import_of(
        stage.house, stage.actor("carrowby.finance"), looked, april, "text/csv", again=True, why="x"
    )
    assert isinstance(once_more, Refused)
    assert "nothing to correct" in once_more.says
    assert reasons_in_words(stage.house, "0" * 64) == "withdrawn"
    assert verify(sql_house.journal, kinds=KINDS).clean
