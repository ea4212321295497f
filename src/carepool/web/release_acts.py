"""The forms of a plan's releases: what each side can do with each payment now, and how a form that was sent is carried out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.releasing import Money, approve_release_of, claims, propose_release_of
from carepool.actions.settling import (
    Difference,
    answer_dispute_of,
    approve_correction_of,
    books_after,
    confirm_use_of,
    decided_by_board,
    dispute_of,
    end_dispute_of,
    propose_correction_of,
    record_use_of,
)
from carepool.basics.money import in_pounds
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done
from carepool.pool.approving import Approval, Side
from carepool.pool.books import Books
from carepool.pool.settled import of_correction, of_release
from carepool.pool.settling import unused
from carepool.render.release_answers import correction_words
from carepool.web.acts import Act, Answers, Ask, Wrong, unknown_act

OUTCOMES = (("stands", "The payment stands"), ("falls", "The payment falls"))


@dataclass(frozen=True, slots=True)
class Sides:
    """For which sides somebody may do what."""

    may: frozenset[tuple[str, Side, str]]
    """Action, side and CCG."""
    boards: frozenset[str] = frozenset()
    """The boards for which they may confirm a use."""
    account: str = ""
    uses: tuple[tuple[str, str], ...] = ()

    def of(self, action: str, ccg: str) -> tuple[Side, ...]:
        """The sides for which they may do it with a CCG's payment."""
        return tuple(side for side in Side if (action, side, ccg) in self.may)


@dataclass(frozen=True, slots=True)
class _Made:
    """What forms are made of."""

    house: House
    money: Money
    sides: Sides
    wrong: tuple[Difference, ...]
    name: Callable[[str], str]

    @property
    def books(self) -> Books:
        return self.money.books


def acts_of(
    house: House, money: Money, sides: Sides, wrong: tuple[Difference, ...], name: Callable[[str], str]
) -> list[Act]:
    """Every form that is open to who is signed in. ``name``: what a CCG is called."""
    if money.books.opening is None:
        return []
    made = _Made(house, money, sides, wrong, name)
    return [*_approvals(made), *_proposals(made), *_corrections(made), *_disputes(made), *_dispute(made), *_uses(made)]  # fmt: skip


def _approvals(made: _Made) -> Iterator[Act]:
    for each in made.books.awaiting():
        if made.books.settled.disputed(of_release(each.quarter, each.ccg)):
            continue
        for side in each.awaited:
            if _can_approve(made, side, each.ccg, each.quarter, tuple(each.approvals.values())):
                says = f"{made.name(each.ccg)} releases {in_pounds(each.pence)} to the pool for {each.quarter}.{_last(each.approvals)}"
                hidden = (("quarter", str(each.quarter)), ("ccg", each.ccg), ("side", side.code))
                yield Act(f"approve-{each.quarter}-{each.ccg}-{side.code}", f"Approve for {side}: {each.quarter}", f"Approve {in_pounds(each.pence)}", (), (says,), hidden)  # fmt: skip
    for one in made.books.settled.awaiting:
        if made.books.settled.disputed(of_correction(one.id)):
            continue
        for side in one.awaited:
            if _can_approve(made, side, one.ccg, one.quarter, tuple(one.approvals.values())):
                about = (("correction", one.id), ("side", side.code))
                yield Act(f"approve-{one.id}-{side.code}", f"Approve for {side}: {one.quarter} put right", f"Approve {in_pounds(abs(one.pence))}", (), (f"{correction_words(one)}.{_last(one.approvals)}",), about)  # fmt: skip


def _last(approvals: object) -> str:
    return " This is the second approval: the money moves with it." if approvals else ""


def _can_approve(
    made: _Made, side: Side, ccg: str, quarter: Quarter, approvals: tuple[Approval, ...]
) -> bool:
    if side not in made.sides.of("approve_release", ccg):
        return False
    if any(each.by == made.sides.account for each in approvals):
        return False
    return claims(made.house, made.money.agreed, quarter, made.sides.account) is None


def _proposals(made: _Made) -> Iterator[Act]:
    """The earliest quarter of each CCG that is earned and not proposed."""
    for ccg, due in made.money.due.items() if made.books.kept_at is None else ():
        waiting = [
            each
            for each, owed in sorted(due.items())
            if owed and owed > 0 and (each, ccg) not in made.books.releases
        ]
        if waiting and made.sides.of("propose_release", ccg):
            owed = due[waiting[0]] or 0
            says = f"{made.name(ccg)} would release {in_pounds(owed)}, as the statement above has it. Two people approve it, one of each side."
            hidden = (("quarter", str(waiting[0])), ("ccg", ccg), ("pence", str(owed)))
            yield Act(f"propose-{waiting[0]}-{ccg}", f"Propose the payment of {waiting[0]}", f"Propose {in_pounds(owed)}", (), (says,), hidden)  # fmt: skip


def _corrections(made: _Made) -> Iterator[Act]:
    for each in made.wrong:
        waits = any(one.posted_at is None for one in made.books.settled.of(each.quarter, each.ccg))
        sides = made.sides.of("propose_release", each.ccg)
        into = books_after(made.house, made.books, each.ccg) if each.ruled and sides and not waits else ()
        if each.ruled and sides and not waits and (into or not made.books.ended_at):
            hidden = [("quarter", str(each.quarter)), ("ccg", each.ccg), ("pence", str(each.pence)), ("side", sides[0].code)]  # fmt: skip
            hidden += [("after", into[0])] if len(into) == 1 else []
            asks = (Ask("after", "In which books", "choice", choices=tuple((name, name) for name in into)),) if len(into) > 1 else ()  # fmt: skip
            yield Act(f"correct-{each.quarter}-{each.ccg}", f"Put {each.quarter} right", f"Propose {in_pounds(abs(each.pence))}", asks, (_put_right(made, each, into),), tuple(hidden))  # fmt: skip


def _put_right(made: _Made, each: Difference, into: tuple[str, ...]) -> str:
    """What a correction would do: in its own year, or once that is closed in the books of a later one."""
    way = "releases further" if each.pence > 0 else "has back"
    if into:
        way = "puts in more" if each.pence > 0 else "puts in less"
    where = f" It is entered in the books {' or '.join(into)}, since those of the year are closed." if into else ""  # fmt: skip
    return (
        f"By the statement {made.name(each.ccg)} {way} {in_pounds(abs(each.pence))} for {each.quarter}.{where} "
        "The earlier payment stays as it is; two people approve this one again."
    )


def _disputes(made: _Made) -> Iterator[Act]:
    """What can be said in each dispute that is open."""
    clause = decided_by_board(made.house, made.books)
    for each in made.books.settled.disputes.values():
        sides = made.sides.of("dispute_release", _ccg_of(made.books, each.of)) if not each.settled_at else ()
        for side in sides:
            hidden = (("dispute", each.id), ("side", side.code))
            about = each.of.replace("/", " ")
            yield Act(f"answer-{each.id}-{side.code}", f"Answer for {side}: {about}", "Record the answer", (Ask("words", "Your answer", "words"),), (), hidden)  # fmt: skip
            asks = [Ask("outcome", "What of the payment?", "choice", choices=OUTCOMES), Ask("words", "How it is settled, and why", "words")]  # fmt: skip
            says = [
                "It is settled once both sides say the same. A proposal that falls is taken back; what was paid is put right by a correction."
            ]
            if clause:
                says.append(
                    f"The joint board decides disputes (clause {clause}): both sides record what it decided."
                )
                asks.append(
                    Ask("on", "When the joint board decided", "day", "For example, 20 September 2015.")
                )
            yield Act(f"end-{each.id}-{side.code}", f"End the dispute for {side}: {about}", "Record it", tuple(asks), tuple(says), hidden)  # fmt: skip


def _ccg_of(books: Books, of: str) -> str:
    kind, _, rest = of.partition("/")
    if kind == "release":
        return rest.rpartition("/")[2]
    found = books.settled.corrections.get(rest)
    return found.ccg if found else ""


def _dispute(made: _Made) -> Iterator[Act]:
    """A form for a dispute of any payment that is in none."""
    settled = made.books.settled
    open_to: dict[str, list[tuple[str, str]]] = {}
    payments = [(of_release(*key), each.ccg, f"{each.quarter}: release of {in_pounds(each.pence)}") for key, each in sorted(made.books.releases.items())]  # fmt: skip
    payments += [
        (of_correction(one.id), one.ccg, correction_words(one)) for one in settled.corrections.values()
    ]
    for of, ccg, words in payments:
        if settled.disputed(of) is None:
            for side in made.sides.of("dispute_release", ccg):
                open_to.setdefault(side.code, []).append((of, words))
    for code, choices in open_to.items():
        asks = (Ask("of", "Which payment", "choice", choices=tuple(choices)), Ask("words", "Why it is wrong", "words"))  # fmt: skip
        says = "The other side reads your reasons. A payment that waits stands still meanwhile; one that was made stays as it is."
        yield Act(f"dispute-{code}", f"Dispute a payment for {Side.of(code)}", "Dispute it", asks, (says,), (("side", code),), warns=True)  # fmt: skip


def _uses(made: _Made) -> Iterator[Act]:
    books = made.books
    if books.kept_at is not None:
        for ccg in made.money.due:
            left = unused(books, ccg)
            if left > 0 and Side.CCG in made.sides.of("record_use", ccg):
                boards = made.money.agreed.plan.parties.boards
                asks = [
                    Ask("amount", "How much", "money", f"No more than {in_pounds(left)}."),
                    Ask("purpose", "What for", "choice", choices=made.sides.uses),
                    Ask("on", "When the board decided", "day", "For example, 20 May 2016."),
                    Ask("minute", "What it decided", "words", "As its minute has it."),
                ]
                if len(boards) > 1:
                    asks.insert(0, Ask("board", "Which board", "choice", choices=tuple((each, each) for each in boards)))  # fmt: skip
                hidden = (("ccg", ccg), *((("board", boards[0]),) if len(boards) == 1 else ()))
                yield Act(f"use-{ccg}", f"Record what {made.name(ccg)} used of what was never earned", "Record the use", tuple(asks), (), hidden)  # fmt: skip
    for each in books.settled.uses.values():
        if each.confirmed_at is None and each.board in made.sides.boards and each.by != made.sides.account:
            says = f"{in_pounds(each.pence)}, as the table above has it. It counts once you confirm that the board decided so."
            yield Act(f"confirm-{each.id}", "Confirm a use for the board", f"Confirm {in_pounds(each.pence)}", (), (says,), (("use", each.id),))  # fmt: skip


# How a form is carried out.


def carry_out_of(house: House, actor: Actor, plan: str, act: str, given: Answers) -> Done | Refused:
    """Do what a form asks, by the first word of its id."""
    match act.partition("-")[0]:
        case "propose":
            return propose_release_of(house, actor, plan, _quarter(given), given.text("ccg"), _whole(given))
        case "approve" if given.text("correction"):
            return approve_correction_of(house, actor, plan, given.text("correction"), _side(given))
        case "approve":
            return approve_release_of(house, actor, plan, _quarter(given), given.text("ccg"), _side(given))
        case "correct":
            return propose_correction_of(
                house,
                actor,
                plan,
                _quarter(given),
                given.text("ccg"),
                _whole(given),
                _side(given),
                given.text("after"),
            )
        case "confirm":
            return confirm_use_of(house, actor, plan, given.text("use"))
        case "dispute" | "answer" | "end" | "use":
            return _say(house, actor, plan, act.partition("-")[0], given)
    raise unknown_act(act)


def _say(house: House, actor: Actor, plan: str, act: str, given: Answers) -> Done | Refused:
    words = given.text("minute" if act == "use" else "words")
    if not words:
        raise Wrong("minute" if act == "use" else "words", "Say it in words.")
    if act == "dispute":
        if not given.text("of"):
            raise Wrong("of", "Choose the payment.")
        return dispute_of(house, actor, plan, given.text("of"), _side(given), words)
    if act == "answer":
        return answer_dispute_of(house, actor, plan, given.text("dispute"), _side(given), words)
    if act == "end":
        if given.text("outcome") not in dict(OUTCOMES):
            raise Wrong("outcome", "Say whether the payment stands or falls.")
        on = given.day("on", needed=False)
        return end_dispute_of(
            house, actor, plan, given.text("dispute"), _side(given), given.text("outcome"), words, on
        )
    pence, on = given.pence("amount"), given.day("on")
    assert pence is not None and on is not None  # noqa: S101 (both needed)
    if not given.text("purpose"):
        raise Wrong("purpose", "Choose what it was used for.")
    return record_use_of(
        house, actor, plan, given.text("ccg"), pence, given.text("purpose"), given.text("board"), words, on
    )  # fmt: skip


def _quarter(given: Answers) -> Quarter:
    return Quarter.parse(given.text("quarter")[:20])


def _whole(given: Answers) -> int:
    sent = given.text("pence")[:15]
    if not sent.removeprefix("-").isascii() or not sent.removeprefix("-").isdecimal():
        raise Unusable(f"“{sent}” is no amount in whole pence. Send the form as this page shows it.")
    return int(sent)


def _side(given: Answers) -> Side:
    try:
        return Side.of(given.text("side")[:10])
    except KeyError as error:
        raise Unusable(
            f"“{given.text('side')[:10]}” is no side of a payment. Send the form as this page shows it."
        ) from error
