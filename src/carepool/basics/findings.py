"""What a check has to say: a finding tells what, where, under which rule, and what to do about it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: a blocker stops the thing checked, a warning asks for a look, a note informs."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    code: str
    """A stable name for the kind of finding, in lower-case-with-hyphens."""
    severity: Severity
    where: str
    """A locator with slashes, ``rows/5/actual`` or ``composition/streams/2``, that a page or sheet can turn into a place."""
    says: str
    """What is wrong and where, as a sentence."""
    remedy: str
    """What to do about it, as a sentence."""
    rule: str
    """The rule it rests on: a path in the rulebook, or the document and paragraph."""

    def as_data(self) -> dict[str, str]:
        """The six fields, for JSON."""
        return {name: str(value) for name, value in asdict(self).items()}


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings is a blocker."""
    return any(finding.severity is Severity.BLOCKER for finding in findings)
