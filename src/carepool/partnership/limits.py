"""How much an office may enter by its own authority, by the agreement's schedule of delegation, and who may beyond that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from carepool.basics.money import Pence, in_pounds
from carepool.partnership.agreement import Agreement, Limit, LimitWord
from carepool.partnership.instalments import cite
from carepool.pool.accounts import Event

WORDS: Mapping[Event, LimitWord] = {
    Event.REDEPLOYED: "move_budget", Event.COMMITTED: "commit", Event.SPENT: "spend", Event.ACCRUED: "spend",
    Event.SETTLED: "pay", Event.REFUNDED: "refund", Event.CONTRIBUTED: "vary_contribution", Event.LOWERED: "vary_contribution",
    Event.BUDGETED: "vary_contribution", Event.CUT: "vary_contribution",
}  # fmt: skip
"""What a schedule calls each event that it can limit."""
SAYS: Mapping[LimitWord, str] = {
    "move_budget": "move budget", "commit": "commit", "spend": "spend", "pay": "pay", "refund": "refund",
    "vary_contribution": "vary contributions",
}  # fmt: skip
PARTNERS, JOINT_BOARD = "partners", "joint_board"
OF_THE_PARTNERS: LimitWord = "vary_contribution"
"""What is the partners' alone where the agreement gives it to nobody else: it says how contributions vary."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What an officer may enter alone, and who may enter more."""

    word: LimitWord
    own: Pence | None
    """None where nothing limits it."""
    limits: tuple[Limit, ...]
    """All that the schedule has for it."""

    def lets(self, by: str, pence: Pence) -> bool:
        """Whether a decision of the joint board, or of all partners, lets so much be entered. The partners can do anything."""
        if by == PARTNERS:
            return True
        return any(each.by == by and (each.up_to is None or pence <= each.up_to) for each in self.limits)

    def who(self, pence: Pence) -> str:
        """Who may enter so much, as a sentence."""
        able = [_words(each) for each in self.limits if each.up_to is None or pence <= each.up_to]
        if not any(each.by == PARTNERS for each in self.limits):
            able.append("all partners together")
        return f"Who may: {'; '.join(able)}."


def ceiling(agreement: Agreement, event: Event, offices: Collection[str]) -> Ceiling | None:
    """What whoever holds these offices may enter of an event; None where the schedule says nothing of it.

    Where it does, an office that it does not name has no authority of its own.
    """
    word = WORDS.get(event)
    if word is None:
        return None
    limits = tuple(each for each in agreement.limits if each.event == word)
    if not limits and word != OF_THE_PARTNERS:
        return None
    mine = [each.up_to for each in limits if each.office in offices]
    return Ceiling(word, None if None in mine else max((each for each in mine if each is not None), default=0), limits)  # fmt: skip


def _words(limit: Limit) -> str:
    name = {JOINT_BOARD: "the joint board", PARTNERS: "all partners together"}.get(
        limit.by, f"the {limit.office.replace('_', ' ')}"
    )
    most = "" if limit.up_to is None else f" up to {in_pounds(limit.up_to)}"
    return f"{name}{most} ({cite(limit.clause)})"
