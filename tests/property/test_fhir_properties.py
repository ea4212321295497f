"""A plan's file goes out as FHIR R4 and comes in again the same; whatever is added to the bundle anywhere is refused and named."""

import json
import os
from collections.abc import Iterator

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from carepool.care.fhir.reading import read_bundle
from carepool.care.fhir.writing import bundle_of
from carepool.care.planning.plan import PlanFile
from tests.property.plan_files import files

SEED = 20150401
EXAMPLES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 20


def objects(value: object, path: str = "") -> Iterator[tuple[str, dict]]:
    """Every object of a document, with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, each in value.items():
            yield from objects(each, f"{path}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from objects(each, f"{path}[{number}]")


@seed(SEED)
@settings(max_examples=EXAMPLES)
@given(files())
def test_out_and_in_again_is_the_same(file: PlanFile) -> None:
    """Every field of it, and every entry has an outcome."""
    bundle = bundle_of(file)
    found = read_bundle(json.dumps(bundle).encode(), production=False)
    assert found.held, [each.as_data() for each in found.outcomes if not each.held]
    assert found.file == file
    assert found.file.plan.digest == file.plan.digest
    assert len(found.outcomes) == len(bundle["entry"])  # type: ignore[arg-type]


@seed(SEED)
@settings(max_examples=EXAMPLES)
@given(
    files(), st.integers(0, 10_000), st.sampled_from(["text", "meta", "_status", "language", "birth_date"])
)
def test_whatever_is_added_anywhere_is_refused_and_named(file: PlanFile, number: int, name: str) -> None:
    """No element is dropped in silence, however deep it stands."""
    bundle = json.loads(json.dumps(bundle_of(file)))
    places = list(objects(bundle))
    path, place = places[number % len(places)]
    if name in place:
        return
    place[name] = {"status": "generated"}
    found = read_bundle(json.dumps(bundle).encode(), production=False)
    assert not found.held and found.file is None
    ends = path.rpartition("resource")[2] if "resource" in path else path
    named = [each.expression for outcome in found.outcomes for each in outcome.issues]
    assert any(each.endswith(f"{ends}.{name}") for each in named), (path, named)


@seed(SEED)
@settings(max_examples=EXAMPLES)
@given(files(), st.integers(0, 10_000))
def test_whatever_is_taken_away_is_missed_or_changes_what_is_held(file: PlanFile, number: int) -> None:
    """A file without one of its elements is another file, or none; but the display of a code, which says the code again."""
    bundle = json.loads(json.dumps(bundle_of(file)))
    places = [(path, place, key) for path, place in objects(bundle) for key in place]
    path, place, key = places[number % len(places)]
    del place[key]
    if key == "resourceType" and not path:
        return
    found = read_bundle(json.dumps(bundle).encode(), production=False)
    says_again = (key == "display" and "coding" in path) or key == "use" or (key == "gender" and file.person.sex == "unknown")  # fmt: skip
    assert says_again == (found.file == file), (path, key)
