"""An analyst looks at a measure in the explorer, and at a board's pack from its folder, in a browser."""

import pytest

from carepool.actions.packing import gather, pack_of
from carepool.render.pack_figures import sections
from carepool.render.packs import page
from carepool.wiring.main import shipped
from tests.journeys.conftest import Opener

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "width"), [(True, 1280), (False, 320)], ids=["desk", "phone-without-javascript"]
)
def test_an_analyst_asks_for_a_measure_of_two_boards(visit: Opener, javascript: bool, width: int) -> None:
    """
    From the list to a measure, two boards by name, their charts and the map; then one of them beside its neighbours. Nothing
    that axe finds, no sideways scrolling, and no script needed.
    """
    analyst = visit(javascript=javascript, width=width)
    analyst.given_the_page("/measures")
    analyst.then_axe_finds_nothing()
    analyst.when_i_follow("Delayed transfers of care")
    analyst.then_the_heading_is("Delayed transfers of care")
    analyst.when_i_enter("Board 1", "Kent")
    analyst.when_i_enter("Board 2", "E06000002")
    analyst.when_i_press("Show")
    analyst.then_i_read("Delayed transfers of care in Kent averaged", "Middlesbrough")
    analyst.then_axe_finds_nothing()
    analyst.then_it_does_not_scroll_sideways()
    analyst.when_i_follow("Kent beside its neighbours and among all boards")
    analyst.then_i_read("Beside its neighbours", "99.8% limits")
    analyst.then_axe_finds_nothing()
    analyst.then_it_does_not_scroll_sideways()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_pack_is_read_from_its_folder(visit: Opener, width: int) -> None:
    """The page fetches nothing; axe finds nothing on it; it needs no sideways scrolling."""
    every = gather(shipped())
    found = pack_of(every, "E10000016")
    reader = visit(width=width)
    reader.page.set_content(page(found, sections(found)))
    reader.then_i_read("Benchmarking pack: Kent", "Delays by reason")
    reader.then_axe_finds_nothing()
    reader.then_it_does_not_scroll_sideways()
