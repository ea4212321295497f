"""Bodies that decide, hold offices and put money in; a council and its board have one code, so an id names the kind too."""

from dataclasses import dataclass
from enum import StrEnum


class BodyKind(StrEnum):
    """The kinds of body; the values are those of the rulebook."""

    COUNCIL = "council"
    CCG = "ccg"
    ICB = "icb"
    BOARD = "board"
    TRUST = "trust"
    NHS_ENGLAND = "nhs_england"
    LOCAL_GOVERNMENT = "local_government"
    MINISTERS = "ministers"

    @property
    def word(self) -> str:
        """One such body within a sentence: council, CCG, ICB."""
        return self.value.upper() if self in {BodyKind.CCG, BodyKind.ICB} else self.value.replace("_", " ")

    @property
    def a_word(self) -> str:
        """The word with its article: a council, a CCG, an ICB."""
        return f"an {self.word}" if self is BodyKind.ICB else f"a {self.word}"

    @property
    def words(self) -> str:
        """Several of them: councils, CCGs, ICBs."""
        return f"{self.word}s"


@dataclass(frozen=True, slots=True, order=True)
class Body:
    """A body by its kind and code."""

    kind: BodyKind
    code: str
    name: str

    @property
    def id(self) -> str:
        """``council:E10000016``: what facts and streams name."""
        return body_id(self.kind, self.code)


def body_id(kind: str, code: str) -> str:
    """The id of a body."""
    return f"{kind}:{code}"


NATIONAL = (
    Body(BodyKind.NHS_ENGLAND, "ENG", "NHS England"),
    Body(BodyKind.LOCAL_GOVERNMENT, "ENG", "Local Government Association"),
    Body(BodyKind.MINISTERS, "ENG", "Ministers"),
)
