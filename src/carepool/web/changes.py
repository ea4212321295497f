"""The differences between two versions as rows of a table: where, what was, and what is."""

from collections.abc import Iterable, Mapping

from carepool.basics.money import in_pounds
from carepool.plans.versions import Change

Row = tuple[str, str, str]
_MONEY = {"year_1", "year_2"}


def rows_of(changes: Iterable[Change], years: tuple[str, ...]) -> list[Row]:
    """A row for each difference, places and amounts in words; ``years`` are what year 1 and year 2 are called.

    A year without a name is none of the plan's, and is left out of what stands in a row.
    """
    words = {f"year_{number}": year for number, year in enumerate(years, 1) if year}
    return [
        (
            _where(each.where, words),
            _value(each.where, each.before, words, "was not there"),
            _value(each.where, each.after, words, "is gone"),
        )
        for each in changes
    ]


def _where(where: str, words: Mapping[str, str]) -> str:
    parts = list(dict.fromkeys(where.split("/")))
    spoken = ", ".join(words.get(part, part.replace("_", " ")) for part in parts)
    return spoken[:1].upper() + spoken[1:]


def _value(where: str, value: object, words: Mapping[str, str], missing: str) -> str:
    if value is None:
        return missing
    if isinstance(value, Mapping):
        said = (
            f"{_where(str(name), words)}: {_value(str(name), each, words, missing)}"
            for name, each in value.items()
            if name not in _MONEY or name in words
        )
        return "; ".join(said) or "nothing"
    if isinstance(value, int) and where.rpartition("/")[2] in _MONEY:
        return in_pounds(value)
    return str(value) or "nothing"
