"""A question of intermediate care: a table of places and people, what is assumed, and what more places would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.findings import Finding, blocks
from carepool.basics.money import in_figures
from carepool.basics.refusals import Unusable, printable
from carepool.capacity.intermediate import (
    MOST,
    All,
    Month,
    Service,
    read_needs,
    run_months,
    together,
)
from carepool.measures.cells import read_cell
from carepool.rules.rulebook import Rulebook

Months = Mapping[Service, tuple[Month, ...]]
ASSUMED = "waiting_in_hospital"


@dataclass(frozen=True)
class CareAnswer:
    """Every service month by month, as it is and with more places."""

    found: Months
    then: Months
    """With so many more places in each service; empty where none are asked about."""
    more: Decimal | None
    in_hospital: Decimal
    """Per cent of those who wait that wait in a hospital bed."""
    rests_on: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def months(self) -> tuple[All, ...]:
        """All services together, month by month."""
        return together(self.found.values())

    @property
    def months_then(self) -> tuple[All, ...]:
        """The same with more places."""
        return together(self.then.values())

    @property
    def fewer_beds(self) -> tuple[Decimal, ...]:
        """The hospital beds that more places free, month by month."""
        return tuple(now.beds - then.beds for now, then in zip(self.months, self.months_then, strict=True)) if self.then else ()  # fmt: skip


def ask_care(
    rulebook: Rulebook, name: str, content: bytes, *, more: str = "", in_hospital: str = "",
    called: tuple[str, str] = ("“more”", "“in hospital”"),
) -> CareAnswer:  # fmt: skip
    """The answer of a table. Unusable for what cannot be read; with a finding that blocks, no service has an answer.

    ``called`` is how whoever asks knows the two numbers.
    """
    _, assumptions = rulebook.assumptions
    assumed = assumptions.named(ASSUMED)
    share = read_number(called[1], in_hospital, assumed.most) if in_hospital else assumed.value
    extra = read_number(called[0], more, MOST) if more else None
    needs, findings = read_needs(name, content)
    said = f"{assumed.says}: {in_figures(share)} per cent" + (
        "." if in_hospital else f" ({assumed.confidence})."
    )
    if blocks(findings):
        return CareAnswer({}, {}, extra, share, (said,), tuple(findings))
    found = {service: run_months(each, share) for service, each in needs.items()}
    then = {service: run_months(each, share, extra) for service, each in needs.items()} if extra is not None else {}  # fmt: skip
    return CareAnswer(found, then, extra, share, (said,), tuple(findings))


def read_number(called: str, text: str, most: Decimal) -> Decimal:
    """A number from nothing to ``most``, as it was typed. Unusable with what it is called for what is none."""
    read = read_cell(text.removesuffix("%"))
    if read is None or read.number is None or not 0 <= read.number <= most:
        raise Unusable(
            f"{called} “{printable(text[:40])}” cannot be used. Write a number from 0 to {most:,}."
        )
    return read.number


def headline(answer: CareAnswer) -> str:
    """What is so, in one sentence."""
    if not answer.months:
        return "Nothing can be said before the table is whole."
    last = answer.months[-1]
    says = (
        f"At the end of {last.month} {in_figures(last.waiting)} people wait for intermediate care, "
        f"in {in_figures(last.beds)} hospital beds on a mean night"
    )
    if not answer.then:
        return f"{says}."
    after = answer.months_then[-1]
    return (
        f"{says}; with {in_figures(answer.more or Decimal(0))} more places in each service {in_figures(after.waiting)} would wait, "
        f"and {in_figures(last.beds - after.beds)} beds would be free."
    )
