"""What is told of a pool's money: a release, a correction, a dispute or a use that waits for the other side, and what became of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from carepool.actions.house import House
from carepool.actions.notices import Notice
from carepool.actions.noticing_whom import day_of, holders, to_each
from carepool.actions.planning import read_history
from carepool.actions.pools import authorities, body_of, books_now
from carepool.actions.releasing import Agreed, agreed_plan
from carepool.actions.settling import body_of_side
from carepool.basics.periods import Quarter
from carepool.journal.facts import Fact
from carepool.places.bodies import BodyKind, body_id
from carepool.pool.approving import Side
from carepool.pool.books import Books
from carepool.pool.settling import payment_of

Sides = Callable[[Books, Fact], tuple[str, tuple[Side, ...]]]
"""The CCG that a fact is about, and the sides of which somebody has to act or to know."""


def _of_plan(house: House, fact: Fact, position: int) -> tuple[Agreed, Books, Books] | None:
    """The plan, and the books of its pool then and now; None for a pool that is no plan's, which has no page of releases."""
    _, pool, year = fact.stream.split("/", 2)
    books = books_now(house, pool, year, position)
    if books.opening is None or books.opening.plan != pool:
        return None
    return agreed_plan(house, pool, position), books, books_now(house, pool, year)


def _title(house: House, agreed: Agreed) -> str:
    return read_history(house, agreed.id).title


def _release(books: Books, fact: Fact) -> tuple[str, tuple[Side, ...]]:
    ccg = str(fact.body["ccg"])
    found = books.releases.get((Quarter.parse(str(fact.body["quarter"])), ccg))
    return ccg, found.awaited if found else ()


def _correction(books: Books, fact: Fact) -> tuple[str, tuple[Side, ...]]:
    # A correction is named by the number of the fact that proposed it.
    found = books.settled.corrections.get(str(fact.body.get("correction", fact.version)))
    return (found.ccg, found.awaited) if found else ("", ())


def _disputed(books: Books, fact: Fact) -> tuple[str, tuple[Side, ...]]:
    """The side that did not speak; once a dispute is settled, both."""
    dispute = books.settled.disputes[str(fact.body.get("dispute", fact.version))]
    payment = payment_of(books, dispute.of)
    fallen = (each.ccg for each in books.settled.fallen if each.dispute == dispute.id)
    ccg = payment[1] if payment else next(fallen, "")
    return ccg, tuple(Side) if fact.body.get("settled") else (Side.of(str(fact.body["side"])).other,)


def _both(of: Sides) -> Sides:
    return lambda books, fact: (of(books, fact)[0], tuple(Side))


def _told(action: str, page: str, what: str, of: Sides, *, waits: bool = False) -> Callable[[House, Fact, int], Iterator[Notice]]:  # fmt: skip
    """What is told to whoever may do an action for one of the sides, but not to who did it.

    ``waits``: only to a side that was waited for then and is now; of what was approved meanwhile it tells nobody.
    """

    def tell(house: House, fact: Fact, position: int) -> Iterator[Notice]:
        found = _of_plan(house, fact, position)
        if found is None:
            yield from _of_agreement(house, fact, position, what, of, waits=waits)
            return
        agreed, then, now = found
        offices, title = agreed.rules.authorities.of(action).offices, _title(house, agreed)
        told = [
            account
            for ccg, side in _sides(then, now, fact, of, waits=waits)
            for account in holders(house, body_of_side(agreed, side, ccg), offices, day_of(fact))
            if account != fact.by
        ]
        yield from _say(fact, told, what, title, f"/plans/{agreed.id}/{page}")

    return tell


def _sides(then: Books, now: Books, fact: Fact, of: Sides, *, waits: bool) -> list[tuple[str, Side]]:
    """The CCG, and each side that is told."""
    ccg, sides = of(then, fact)
    left = of(now, fact)[1] if waits else sides
    return [(ccg, side) for side in sides if side in left]


def _say(fact: Fact, told: Iterable[str], what: str, title: str, link: str) -> Iterator[Notice]:
    text = f"{what} The pool is that of “{title}”. Its page says what is asked."
    yield from to_each(
        told, f"{fact.stream} {fact.version}", f"{title}: {what[0].lower()}{what[1:-1]}", text, link
    )


def _of_agreement(house: House, fact: Fact, position: int, what: str, of: Sides, *, waits: bool) -> Iterator[Notice]:  # fmt: skip
    """A pool that its agreement alone has opened is no plan's: its partners' offices that approve are told, of its own page."""
    _, pool, year = fact.stream.split("/", 2)
    then, now = books_now(house, pool, year, position), books_now(house, pool, year)
    if then.opening is None:
        return
    offices = authorities(house).of("agree_for_partner").offices
    told = [
        account
        for ccg, side in _sides(then, now, fact, of, waits=waits)
        for account in holders(house, body_of(then.opening, ccg if side is Side.CCG else then.opening.host), offices, day_of(fact))
        if account != fact.by
    ]  # fmt: skip
    yield from _say(fact, told, what, then.opening.agreement, f"/pools/{pool}/performance?year={year}")


def _use_recorded(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """What a board is said to have decided on money that was never earned waits for that board to confirm it."""
    found = _of_plan(house, fact, position)
    if found is None or found[2].settled.uses[str(fact.version)].confirmed_at:
        return
    agreed = found[0]
    offices, title = agreed.rules.authorities.of("confirm_use").offices, _title(house, agreed)
    told = [
        each for each in holders(house, str(fact.body["board"]), offices, day_of(fact)) if each != fact.by
    ]
    text = f"What the board decided on money of “{title}” that was never earned was recorded. It counts once somebody of the board confirms it."
    yield from to_each(told, f"{fact.stream} {fact.version}", f"{title}: a record is to be confirmed", text, f"/plans/{agreed.id}/releases")  # fmt: skip


def _use_confirmed(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """Whoever may record for the CCG what became of its money is told that the board confirmed it."""
    found = _of_plan(house, fact, position)
    if found is None:
        return
    agreed, books, _ = found
    body = body_id(BodyKind.CCG, books.settled.uses[str(fact.body["use"])].ccg)
    offices, title = agreed.rules.authorities.of("record_use").offices, _title(house, agreed)
    text = f"The board confirmed what it decided on money of “{title}” that was never earned."
    yield from to_each(
        holders(house, body, offices, day_of(fact)), f"{fact.stream} {fact.version}",
        f"{title}: the board confirmed what it decided", text, f"/plans/{agreed.id}/releases",
    )  # fmt: skip


OF_MONEY: Mapping[str, Callable[[House, Fact, int], Iterator[Notice]]] = {
    "ReleaseProposed": _told("approve_release", "money", "A release waits to be approved.", _release, waits=True),
    "ReleaseApproved": _told("approve_release", "money", "A release waits to be approved.", _release, waits=True),
    "ReleasePosted": _told("approve_release", "money", "A release was made.", _both(_release)),
    "CorrectionProposed": _told("approve_release", "releases", "A correction of a payment waits to be approved.", _correction, waits=True),
    "CorrectionApproved": _told("approve_release", "releases", "A correction of a payment waits to be approved.", _correction, waits=True),
    "CorrectionPosted": _told("approve_release", "releases", "A payment was put right.", _both(_correction)),
    "CorrectionEnteredAfter": _told("approve_release", "releases", "A payment was put right in the books of a later year.", _both(_correction)),
    "ReleaseDisputed": _told("dispute_release", "releases", "A payment is disputed.", _disputed),
    "ReleaseDisputeAnswered": _told("dispute_release", "releases", "A dispute of a payment was answered.", _disputed),
    "ReleaseDisputeEnded": _told("dispute_release", "releases", "Somebody said how a dispute of a payment ends.", _disputed),
    "UnreleasedUseRecorded": _use_recorded,
    "UnreleasedUseConfirmed": _use_confirmed,
}  # fmt: skip
"""What each kind of fact of a plan's books tells."""
