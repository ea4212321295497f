"""A fault in a workbook: a finding at a cell."""

from dataclasses import asdict, dataclass

from carepool.basics.findings import Severity

RULE = "docs/how-to/workbook.md"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a workbook, or worth a look, and where."""

    sheet: str
    cell: str
    code: str
    severity: Severity
    says: str
    remedy: str
    where: str = ""
    """The locator in the plan, where it has one."""
    rule: str = RULE

    def as_data(self) -> dict[str, str]:
        """Its fields, for JSON."""
        return {name: str(value) for name, value in asdict(self).items()}
