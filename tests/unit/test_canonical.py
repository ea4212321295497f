"""The published vectors of the canonical form hold, and each digest is what hashlib says of the bytes in the file."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest

from carepool.basics.canonical import canonical, digest_of

GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "canonical.json").read_text())


@pytest.mark.parametrize("vector", GOLDEN["vectors"], ids=lambda vector: vector["says"])
def test_a_vector(vector: dict[str, object]):
    literal = str(vector["canonical"]).encode()
    said = hashlib.sha256(f"carepool/{vector['kind']}/{vector['schema']}\n".encode() + literal).hexdigest()
    assert vector["digest"] == said
    assert canonical(vector["value"]) == literal
    assert digest_of(str(vector["kind"]), int(str(vector["schema"])), vector["value"]) == said
    assert json.loads(literal) == vector["value"]


@pytest.mark.parametrize("vector", GOLDEN["refused"], ids=lambda vector: vector["says"])
def test_a_refused_value(vector: dict[str, object]):
    with pytest.raises(ValueError, match=r"."):
        canonical(vector["value"])


def test_one_digest_is_written_here_by_hand():
    """The prefix, a line feed and two braces: the rule does not only hold of the file."""
    assert hashlib.sha256(b"carepool/example/1\n{}").hexdigest() == digest_of("example", 1, {})


def test_values_of_python_are_written_in_the_shapes_of_json():
    class Colour(Enum):
        RED = "red"

    london = timezone(timedelta(hours=1))
    written = canonical(
        {
            "amount": Decimal("1.50"),
            "small": Decimal("1E-7"),
            "large": Decimal("1E+3"),
            "on": date(2014, 8, 18),
            "at": datetime(2014, 8, 18, 10, tzinfo=london),
            "parts": (1, 2),
            "colour": Colour.RED,
        }
    )
    assert json.loads(written) == {
        "amount": "1.50",
        "small": "0.0000001",
        "large": "1000",
        "on": "2014-08-18",
        "at": "2014-08-18T09:00:00.000000Z",
        "parts": [1, 2],
        "colour": "red",
    }


@pytest.mark.parametrize(
    "value",
    [
        b"bytes",
        {1: 2},
        {1, 2},
        object(),
        datetime.fromtimestamp(0, UTC).replace(tzinfo=None),
        Decimal("NaN"),
        float("inf"),
    ],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused(value: object):
    with pytest.raises(ValueError, match=r"."):
        canonical(value)
