"""Numbers that can be slid or typed: a slider under a number field, which both work without JavaScript and by keyboard.

A form sends both, with what each had when it was shown. What was moved stands, and the answer stands at the plain address.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.measures.cells import read_cell

SLID, AT, WAS = "_slid", "_at", "_was"
"""What follows a field's name: the slider, where it stood, and what was typed when the form was shown."""
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Scale:
    """What a slider reaches over. A number may be typed that lies beyond it."""

    says: str
    least: Decimal
    most: Decimal
    step: Decimal

    def place(self, text: str, otherwise: Decimal) -> str:
        """Where the slider stands for what is typed, on one of its steps."""
        read = read_cell(text.removesuffix("%")) if text else None
        number = read.number if read and read.number is not None else otherwise
        steps = (min(max(number, self.least), self.most) - self.least) / self.step
        return f"{self.least + steps.to_integral_value() * self.step:f}"

    def shown(self, text: str, otherwise: Decimal) -> dict[str, str]:
        """What a page needs to show it, where so much is typed."""
        return {
            "says": self.says, "least": f"{self.least:f}", "most": f"{self.most:f}", "step": f"{self.step:f}",
            "at": self.place(text, otherwise),
        }  # fmt: skip


def settled(given: Mapping[str, str], names: Iterable[str]) -> dict[str, str] | None:
    """Each field as it was meant, by its own name; None where the form had no slider.

    A slider that was moved stands where nothing was typed anew beside it.
    """
    fields = {name: given.get(name, "").strip() for name in names}
    if not any(name + SLID in given for name in fields):
        return None
    for name, typed in fields.items():
        slid, at, was = (given.get(name + each, "")[:LONGEST].strip() for each in (SLID, AT, WAS))
        if slid and not _same(slid, at) and typed == was:
            fields[name] = slid
    return {name: each for name, each in fields.items() if each}


def _same(one: str, other: str) -> bool:
    read = [read_cell(each) for each in (one, other)]
    return one == other or (all(read) and read[0] == read[1])
