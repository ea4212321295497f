"""Bodies that decide, hold offices and put money in; a council and its board have one code, so an id names the kind too."""

from dataclasses import dataclass
from enum import StrEnum

from carepool.places.england import Places


class BodyKind(StrEnum):
    """The kinds of body; the values are those of the rulebook."""

    COUNCIL = "council"
    CCG = "ccg"
    BOARD = "board"
    NHS_ENGLAND = "nhs_england"
    MINISTERS = "ministers"


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
    Body(BodyKind.MINISTERS, "ENG", "Ministers"),
)


def bodies_of(places: Places) -> tuple[Body, ...]:
    """Every council, CCG and board of some places; the CCGs of April 2015."""
    current = {share.ccg for share in places.shares}
    return (
        *(
            Body(BodyKind.COUNCIL, council.code, f"{council.name} council")
            for board in places.boards.values()
            for council in board.councils
        ),
        *(Body(BodyKind.CCG, code, places.ccgs[code].name) for code in sorted(current)),
        *(
            Body(BodyKind.BOARD, board.code, f"{board.name} Health and Wellbeing Board")
            for board in places.boards.values()
        ),
    )
