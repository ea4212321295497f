"""Whatever is decided, called in, ratified, withdrawn or disputed, in whatever order: the script of a dossier, which shares
no code with the room, comes to the same for every party, or says that it did not work it out.
"""

import os
import runpy
from pathlib import Path
from typing import Any

import pytest

from carepool.plans.versions import PlanHistory
from carepool.render import dossiers
from carepool.signoff.decisions import said
from carepool.signoff.standing import standing
from tests.property.test_agreement_properties import START, STEPS, World

SCRIPT = Path(dossiers.__file__).parents[1] / "publication" / "verify_dossier.py"
COUNT = 20_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 400
SEED = 20160301


def as_told(world: World, day: str, runs: dict[str, Any]) -> Any:
    """The facts of a world as the script holds them, once it has read them."""
    it = object.__new__(runs["Dossier"])
    it.about = {"as_at": {"day": day}}
    # As where what changed is withheld: whether limits were kept is then not worked out.
    it.files = {"plan/earlier.json": b'{"versions": []}'}
    it.facts = [
        {"stream": "plan/p", "kind": "PlanVersionSaved", "body": {"plan": each.digest}} for each in world.versions
    ]  # fmt: skip
    it.facts += [
        {
            "stream": fact.stream,
            "kind": fact.kind,
            "body": fact.body,
            "by": fact.by,
            "on_behalf_of": fact.on_behalf_of,
            "effective_on": fact.effective_on.isoformat() if fact.effective_on else None,
        }
        for fact in world.journal.read(world.stream)
    ]
    return it


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(4))
def test_the_script_comes_to_the_same(batch: int) -> None:
    """Hundreds of random interleavings: each party's outcome by the script is that of the room, at every step."""
    runs = runpy.run_path(str(SCRIPT))
    same = not_worked_out = 0
    for seed in range(SEED + batch * COUNT // 4, SEED + (batch + 1) * COUNT // 4):
        world = World(seed)
        for _ in range(STEPS):
            world.step()
            day = world.now.date()
            plan = PlanHistory("p", "rules", (), "", "lead", START, tuple(world.versions))
            facts = world.journal.read(world.stream)
            needed = world.by_rules(said(facts))
            now = standing(plan, facts, needed, ("approved",), day, world.since)
            it = as_told(world, day.isoformat(), runs)
            for party in now.parties:
                found = runs["outcomes"](it, party.body, list(needed[party.body].signed_by))
                assert (party.outcome, party.kept) in found, (seed, party, found)
                not_worked_out += len(found) > 1
                same += len(found) == 1
    assert same > not_worked_out > 0
