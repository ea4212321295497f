"""How much an office may enter by its own authority, by the agreement's schedule of delegation, and who may beyond that."""

from collections.abc import Callable, Collection, Mapping
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
_OTHER: Mapping[LimitWord, LimitWord] = {"commit": "spend", "spend": "commit"}
"""Money is bound by an order or spent without one: where a schedule limits one of the two, that is the limit of both."""
OVER = {"scheme": "for a scheme or a body in the year", "pool": "in the pool's year", "once": "at once"}
"""What a limit is held against, in words."""


def _nothing(_: Limit) -> Pence:
    return 0


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What an officer may enter alone, and who may enter more."""

    word: LimitWord
    own: Pence | None
    """None where nothing limits it."""
    limits: tuple[Limit, ...]
    """All that the schedule has for it."""

    def lets(self, by: str, pence: Pence, before: Callable[[Limit], Pence] = _nothing) -> bool:
        """Whether a decision of the joint board, or of all partners, lets so much be entered. The partners can do anything.

        ``before`` is what counts with it already against a limit.
        """
        if by == PARTNERS:
            return True
        return any(each.by == by and _within(each, pence, before) for each in self.limits)

    def who(self, pence: Pence, before: Callable[[Limit], Pence] = _nothing) -> str:
        """Who may enter so much, as a sentence."""
        able = [_words(each) for each in self.limits if _within(each, pence, before)]
        if not any(each.by == PARTNERS for each in self.limits):
            able.append("all partners together")
        return f"Who may: {'; '.join(able)}."

    def beyond(
        self, pence: Pence, offices: Collection[str], before: Callable[[Limit], Pence], whose: str
    ) -> str | None:
        """Why so much is beyond whoever holds these offices, with what counts already; None where it is not.

        ``whose`` names what earlier entries are counted with it, where the limit is not one of each entry by itself.
        """
        mine = [each for each in self.limits if each.office in offices]
        if any(_within(each, pence, before) for each in mine):
            return None
        if not mine:
            return f"{in_pounds(pence)} is beyond your authority, which ends at {in_pounds(0)}. {self.who(pence, before)}"
        widest = max(mine, key=lambda each: each.up_to or 0)
        counted = before(widest)
        ends = f"beyond your authority, which ends at {in_pounds(widest.up_to or 0)} {OVER[widest.over]} ({cite(widest.clause)})"
        said = f"{in_pounds(pence)} is {ends}."
        if counted:
            said = (
                f"{in_pounds(pence)} comes to {in_pounds(pence + counted)} with the {in_pounds(counted)} that the "
                f"{widest.office.replace('_', ' ')} has entered before {whose if widest.over == 'scheme' else 'in this pool and year'}, "
                f"{ends}: parts need the authority of the whole."
            )
        return f"{said} {self.who(pence, before)}"


def _within(limit: Limit, pence: Pence, before: Callable[[Limit], Pence]) -> bool:
    return limit.up_to is None or before(limit) + pence <= limit.up_to


def word_of(agreement: Agreement, event: Event) -> LimitWord | None:
    """What the schedule calls an event, where it can limit it: an order and spending without one have one limit between them."""
    word = WORDS.get(event)
    other = _OTHER.get(word) if word else None
    limited = {each.event for each in agreement.limits}
    return other if other in limited and word not in limited else word


def ceiling(agreement: Agreement, event: Event, offices: Collection[str]) -> Ceiling | None:
    """What whoever holds these offices may enter of an event; None where the schedule says nothing of it.

    Where it does, an office that it does not name has no authority of its own.
    """
    word = word_of(agreement, event)
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
