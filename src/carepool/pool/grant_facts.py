"""Capital grants as facts hold them: those that a pool opens with, and those that an agreement brings later."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from carepool.basics.money import Pence
from carepool.journal.facts import Fact
from carepool.pool.books import Grant


def written(grants: Iterable[Grant]) -> list[dict[str, object]]:
    """Grants as a fact holds them."""
    return [
        {
            "id": each.id,
            "determination": each.determination,
            "payer": each.payer,
            "payee": each.payee,
            "pence": each.pence,
            "conditions": each.conditions or None,
            "pass_on": dict(each.pass_on),
        }
        for each in grants
    ]


def read(rows: object) -> tuple[Grant, ...]:
    """The grants that a fact holds."""
    assert isinstance(rows, list)  # noqa: S101 (written so above)
    return tuple(_grant(each) for each in rows)


def varied(fact: Fact) -> tuple[Grant, ...]:
    """The grants that an agreement brings, or of which it says something else than the one before."""
    return read(fact.body["grants"])


def granted_by(held: tuple[Grant, ...], by: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """Grants as an agreement has them; those that it does not name stay as they are."""
    named = {each.id: each for each in by}
    standing = tuple(named.pop(each.id, each) for each in held)
    return (*standing, *named.values())


def _grant(row: Mapping[str, object]) -> Grant:
    return Grant(
        str(row["id"]),
        str(row["determination"]),
        str(row["payer"]),
        str(row["payee"]),
        _pence(row["pence"]),
        str(row["conditions"] or ""),
        _amounts(row["pass_on"]),
    )


def _amounts(value: object) -> Mapping[str, Pence]:
    assert isinstance(value, Mapping)  # noqa: S101 (written so above)
    return MappingProxyType({str(code): _pence(pence) for code, pence in value.items()})


def _pence(value: object) -> Pence:
    assert isinstance(value, int)  # noqa: S101 (written so above)
    return value
