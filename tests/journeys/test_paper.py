"""The board's paper in a browser: nothing that axe finds, on a desk and on a phone."""

import pytest

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 320])
def test_the_paper_is_read_on_a_desk_and_on_a_phone(visit: Opener, width: int) -> None:
    """It needs no sideways scrolling, and has no violation of WCAG 2.2 A and AA."""
    reader = visit(width=width)
    reader.when_i_sign_in("stonebeck.chair", PASSWORD)
    reader.then_the_heading_is("What waits for me")
    reader.given_the_page("/plans/stonebeck/paper")
    reader.then_i_read("Paper for the board: Stonebeck joint plan")
    reader.then_axe_finds_nothing()
    reader.then_it_does_not_scroll_sideways()
