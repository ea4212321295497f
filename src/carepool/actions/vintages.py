"""The house as it answered at an earlier instant: with the vintage of England's figures that had been loaded by then."""

from dataclasses import replace

from carepool.actions.england import England
from carepool.actions.house import House
from carepool.actions.series import STREAM, held_england, vintage
from carepool.basics.canonical import Digest, digest_of
from carepool.journal.port import Journal

KEPT = 3
"""Earlier vintages that are kept once they have been read; each takes seconds to read."""
_READ: dict[Digest, England] = {}


def house_then(house: House, upto: int | None) -> House | None:
    """The house with the vintage that was held at a position; None where no figures had been loaded by then."""
    if upto is None:
        return house
    files = vintage(house.journal.read(STREAM, upto=upto))
    if not files:
        return None
    if files == vintage(house.journal.read(STREAM)):
        return house
    england = _england(house.journal, digest_of("vintage", 1, {"files": dict(files)}), upto)
    areas = replace(house.areas, england=replace(house.areas.england, england=england))
    return replace(house, areas=areas, _allocations={}, _nations={})


def _england(journal: Journal, files: Digest, upto: int) -> England:
    if files not in _READ:
        found = held_england(journal, upto)
        while len(_READ) >= KEPT:
            _READ.pop(next(iter(_READ)), None)
        _READ[files] = found
    return _READ[files]
