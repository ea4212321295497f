"""Whatever is withheld, a copy verifies; whatever letter of it is changed, it does not; nothing withheld is in it."""

import copy as copying
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from carepool.basics.refusals import Unusable
from carepool.plans.document import EVERY, Plan, plan_digest, read_plan
from carepool.plans.redaction import REASONS, redact, verify

EXAMPLE = Path(__file__).parents[2] / "docs" / "standard" / "example.json"
DATA = json.loads(EXAMPLE.read_text(encoding="utf-8"))
PLAN = read_plan(DATA)[0] or Plan(rules="-")
DIGEST = plan_digest(PLAN)

Place = tuple[str | int, ...]
subsets = st.dictionaries(st.sampled_from(list(EVERY)), st.sampled_from(list(REASONS)))


def leaves(data: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every text and number in JSON's shapes, with where it is; the reasons are no part of what is vouched for."""
    if isinstance(data, dict):
        for key, each in data.items():
            if (place, key) != (("withheld", place[-1] if place else ""), "reason"):
                yield from leaves(each, (*place, key))
    elif isinstance(data, list):
        for number, each in enumerate(data):
            yield from leaves(each, (*place, number))
    else:
        yield place, data


def put(data: Any, place: Place, value: Any) -> None:
    """Put a value at a place."""
    for each in place[:-1]:
        data = data[each]
    data[place[-1]] = value


def handed_out(withheld: dict[str, str]) -> dict[str, Any]:
    """A copy as it comes out of a file."""
    found: dict[str, Any] = json.loads(json.dumps(redact(PLAN, withheld).as_data()))
    return found


@given(withheld=subsets)
def test_any_subset_withheld_verifies(withheld: dict[str, str]) -> None:
    """Of 22 sections any may be withheld: the digest is the same."""
    found = verify(handed_out(withheld), DIGEST)
    assert found.matches
    assert {name: each.reason for name, each in found.copy.withheld.items()} == withheld


@given(withheld=subsets)
def test_nothing_withheld_is_in_the_copy(withheld: dict[str, str]) -> None:
    """No text that stands in withheld sections alone is anywhere in the copy."""
    text = json.dumps(handed_out(withheld), ensure_ascii=False)
    elsewhere = json.dumps(
        [DATA[name] for name in EVERY if name not in withheld] + [DATA["title"], *REASONS, *EVERY],
        ensure_ascii=False,
    )
    for name in withheld:
        for place, value in leaves(DATA[name]):
            if isinstance(value, str) and len(value) > 12 and value not in elsewhere:
                assert value not in text, (name, place)


@given(withheld=subsets, data=st.data())
def test_any_changed_letter_does_not_verify(withheld: dict[str, str], data: st.DataObject) -> None:
    """One letter of one text, or one more in one number, anywhere in the copy: it verifies no more."""
    copy = copying.deepcopy(handed_out(withheld))
    place, value = data.draw(st.sampled_from(list(leaves(copy))))
    if isinstance(value, str):
        at = data.draw(st.integers(0, len(value) - 1))
        letter = data.draw(st.sampled_from("abcdefxyzABC0189 -.").filter(lambda each: each != value[at]))
        put(copy, place, value[:at] + letter + value[at + 1 :])
    else:
        put(copy, place, value + data.draw(st.sampled_from([-1, 1, 100])))
    with suppress(Unusable):  # it is no plan any more, which is said
        assert not verify(copy, DIGEST).matches, place


@given(withheld=subsets.filter(bool), data=st.data())
def test_a_section_taken_out_does_not_verify(withheld: dict[str, str], data: st.DataObject) -> None:
    """Who hides that something was withheld comes to another digest."""
    copy = handed_out(withheld)
    del copy["withheld"][data.draw(st.sampled_from(sorted(withheld)))]
    assert not verify(copy, DIGEST).matches
