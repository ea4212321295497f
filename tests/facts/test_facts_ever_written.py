"""One body of every shape of fact ever written is kept here as KIND.SCHEMA.json, and all of them must fold for ever.

Whoever adds a kind or a schema adds its file and never changes it afterwards; whoever owns the kind
names the module of its ``KINDS`` in ``OWNERS``.
"""

import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kinds, fold
from carepool.journal.memory import MemoryJournal

OWNERS = (
    "carepool.actions.allocations",
    "carepool.actions.importing",
    "carepool.actions.series",
    "carepool.assurance.facts",
    "carepool.calendar.meetings",
    "carepool.care.people.pairs",
    "carepool.care.sharing.facts",
    "carepool.care.planning.facts",
    "carepool.care.actions.recording",
    "carepool.care.actions.standing",
    "carepool.journal.epochs",
    "carepool.offices.holdings",
    "carepool.measures.own",
    "carepool.plans.comments",
    "carepool.plans.versions",
    "carepool.pool.facts",
    "carepool.pool.log",
    "carepool.publication.releases",
    "carepool.publication.waivers",
    "carepool.actions.return_imports",
    "carepool.returns.delivery",
    "carepool.returns.facts",
    "carepool.signoff.facts",
)
"""Modules that own kinds of fact; each has a registry ``KINDS``."""

SHAPES = sorted(Path(__file__).parent.glob("*.json"))
AT = datetime(2014, 8, 18, 9, tzinfo=UTC)


def registry() -> Kinds:
    """The kinds of all owners together; a name that two of them claim is refused."""
    return Kinds(kind for owner in OWNERS for kind in import_module(owner).KINDS)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.stem)
def test_a_shape_once_written_still_folds(shape: Path):
    kind, schema = shape.stem.split(".")
    journal = MemoryJournal()
    written = NewFact("shape/one", kind, int(schema), json.loads(shape.read_text()))
    journal.append([written], expecting={"shape/one": 0}, by="account-1", at=AT)

    def keep(found: list[Fact], fact: Fact) -> list[Fact]:
        return [*found, fact]

    (raised,) = fold(journal.read("shape/one"), [], keep, registry())
    newest = {each.name: each.schema for each in registry()}
    assert (raised.kind, raised.schema) == (kind, newest[kind])


def test_every_schema_of_every_kind_has_its_shape_here():
    wanted = {f"{kind.name}.{schema}" for kind in registry() for schema in range(1, kind.schema + 1)}
    assert {shape.stem for shape in SHAPES} == wanted
