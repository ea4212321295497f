"""People of a plan comment on its places, put queries to one another, answer and close them, and take their words back."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from carepool.actions.house import House
from carepool.actions.permits import Actor, offices_in, partners
from carepool.actions.planning import PlanView, begun, content_of, read_history, view
from carepool.basics.canonical import Digest, canonical
from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.basics.words import blank
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.port import SameKey
from carepool.offices.holdings import Holding, holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import NATIONAL, Body, BodyKind, body_id
from carepool.plans.comments import (
    DOCUMENT_KIND,
    WHOLE,
    Comment,
    Place,
    closed,
    comments,
    follow,
    made,
    part_at,
    place_of,
    stands,
    stream_of,
    withdrawn,
)
from carepool.plans.document import Plan
from carepool.plans.parts import LONGEST
from carepool.plans.versions import history
from carepool.plans.versions import stream_of as plan_stream

NO_WORDS = "A comment needs its words. Write them."
TOO_LONG = f"The comment is longer than {LONGEST:,} characters. Shorten it, or make two of it."
NOT_OURS = (
    "To comment on this plan one must hold an office in one of its councils, NHS commissioners or boards, in NHS "
    "England, or with ministers. Ask one of the plan's leads to write it down."
)
NOT_ASKED = "A query is put to somebody who holds an office in one of the plan's partners today. Choose them."
NOBODY_ASKED = "A day to answer by needs somebody who is to answer. Choose a person, or leave the day empty."


@dataclass(frozen=True, slots=True)
class Said:
    """What a comment says, and who said it, as it stands in its document."""

    words: str
    name: str
    office: str
    body: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A comment with what became of its place; its answers with it."""

    comment: Comment
    then: Place
    """The place as it was named in the version that it was made on."""
    now: Place | None
    """The place in the plan that is looked at; None where its row is gone."""
    answers: tuple[Comment, ...]
    before: object
    """What stood at the place then; None where that version can no longer be read."""
    readable: bool
    after: object

    @property
    def changed(self) -> bool:
        """Whether the place holds something else now."""
        return self.readable and self.now is not None and self.before != self.after

    @property
    def listed(self) -> Place:
        """Where it is listed: at its place, or under its section where the row is gone."""
        return self.now or Place(self.then.section)


class Seen(NamedTuple):
    """What a comment is judged by, read together."""

    held: tuple[Comment, ...]
    versions: int
    mine: Holding | None
    asked: frozenset[str]
    """The accounts to whom a query can be put."""


def bodies_of(found: PlanView) -> tuple[Body, ...]:
    """The bodies whose officers may comment on a plan: who may edit it, decide on it, approve it or sign it off."""
    boards = (found.area.bodies.get(body_id(BodyKind.BOARD, code)) for code in found.history.boards)
    own = partners(found.history, found.area, found.plan.parties)
    return (*own, *(each for each in boards if each), *NATIONAL)


def askable(house: House, found: PlanView) -> tuple[Holding, ...]:
    """Who can be asked: every holder of an office in one of the plan's partners today, in the order of the bodies."""
    return tuple(
        each
        for body in partners(found.history, found.area, found.plan.parties)
        for each in holdings(house.journal.read(office_stream(body.id)))
        if each.on(house.today)
    )


def may_comment(house: House, found: PlanView, account: str) -> Holding | Refused:
    """The office by which an account may comment today, or why it may not."""
    mine = offices_in(house, account, (body.id for body in bodies_of(found)))
    return next(mine, None) or Refused(NOT_OURS)


def _first(held: Iterable[Holding], ours: list[str]) -> Holding | None:
    mine = (each for each in held if each.body in ours)
    return min(mine, key=lambda each: ours.index(each.body), default=None)


def make_comment(
    house: House, actor: Actor, plan: str, where: str, words: str, *, version: int, to: str = "", due: date | None = None,
) -> Done | Refused:  # fmt: skip
    """Comment on a place in the version that was shown, 0 before the first; put it to somebody as a query, with ``to``.

    Refused: who holds no office of the plan's bodies, no words or too many, a place that the version has not, a
    query to who holds no office in a partner, or by a day that has passed. NotHere for a place that no plan has.
    """
    place = place_of(where)
    if place is None:
        raise no_place(where)
    found = view(house, plan)

    def judge(seen: Seen) -> Refused | None:
        if version > seen.versions or version < 0:
            return Refused(f"There is no version {version} of this plan. Open the page again.")
        if not stands(content_at(house, found, version), place):
            return Refused(f"Version {version} has no such row. Comment on its section instead.")
        if to and to not in seen.asked:
            return Refused(NOT_ASKED)
        if due and not to:
            return Refused(NOBODY_ASKED)
        if due and due < house.today:
            return Refused(f"{in_words(due)} has passed. Write today or a later day to answer by.")
        return _fault(words)

    request = {"action": "make_comment", "where": place.where, "version": version, "to": to, "due": due}

    def decide(seen: Seen) -> Decision | Refused:
        if seen.mine is None:
            return Refused(NOT_OURS)
        if refusal := judge(seen):
            return refusal
        document = _document(house, found, actor, seen.mine, words)
        fact = made(plan, place.where, version, document.digest, seen.mine.body, to=to or None, due=due)
        return Decision((fact,), len(seen.held) + 1, (document,))

    return _as_sent(house, actor, plan, words, _perform(house, actor, found, decide, request))


def answer_comment(house: House, actor: Actor, plan: str, number: int, words: str) -> Done | Refused:
    """Answer a comment or a query, at its place. Refused like a comment; an answer is answered at what it answers."""
    found = view(house, plan)

    def decide(seen: Seen) -> Decision | Refused:
        if seen.mine is None:
            return Refused(NOT_OURS)
        if refusal := _fault(words):
            return refusal
        root = _root(seen.held, number)
        if root is None:
            return Refused(_none(number))
        now = _placed(house, found, root, seen.versions, (), {}).listed
        document = _document(house, found, actor, seen.mine, words)
        fact = made(plan, now.where, seen.versions, document.digest, seen.mine.body, answers=root.number)
        return Decision((fact,), len(seen.held) + 1, (document,))

    request = {"action": "answer_comment", "number": number}
    return _as_sent(house, actor, plan, words, _perform(house, actor, found, decide, request))


def close_query(house: House, actor: Actor, plan: str, number: int) -> Done | Refused:
    """Close a query: who asked it, or whom it was put to. Refused when it is none, is closed, or is another's."""
    found = view(house, plan)

    def decide(seen: Seen) -> Decision | Refused:
        query = _numbered(seen.held, number)
        if query is None or not query.is_query:
            return Refused(f"Comment {number} is no query, so there is nothing to close.")
        if actor.account not in {query.by, query.to}:
            return Refused("A query is closed by who asked it or by whom it was put to. Ask one of them.")
        if query.closed_at is not None:
            return Refused(f"This query was closed on {in_words(query.closed_at.date())} already.")
        if not query.open:
            return Refused("The words of this query were withdrawn, so nothing waits for an answer.")
        if seen.mine is None:
            return Refused(NOT_OURS)
        return Decision((closed(plan, number, seen.mine.body),), number)

    return _perform(house, actor, found, decide, {"action": "close_query", "number": number})


def withdraw_comment(house: House, actor: Actor, plan: str, number: int) -> Done | Refused:
    """Take one's own words back: they are deleted, whatever offices are held today; the place of the comment stays."""
    found = view(house, plan)
    gone: list[Digest] = []

    def decide(seen: Seen) -> Decision | Refused:
        mine = _numbered(seen.held, number)
        if mine is None:
            return Refused(_none(number))
        if mine.by != actor.account:
            return Refused("Only who wrote a comment can withdraw it. Ask them to, or answer it.")
        if mine.withdrawn_at is not None:
            return Refused(f"This comment was withdrawn on {in_words(mine.withdrawn_at.date())} already.")
        gone.append(mine.words)
        return Decision((withdrawn(plan, number),), number)

    with house.journal.transaction():  # the fact and the deletion are written together
        done = _perform(house, actor, found, decide, {"action": "withdraw_comment", "number": number})
        if isinstance(done, Done) and not done.again:
            house.journal.withdraw(gone[-1])
    return done


def no_place(where: str) -> NotHere:
    """The refusal of a place that no plan has."""
    return NotHere(
        f"A plan has no place “{where[:80]}”. Write a section, or a field like spend/spend/0/year_1."
    )


def _none(number: int) -> str:
    return f"There is no comment {number} on this plan. Open its comments again."


def _fault(words: str) -> Refused | None:
    if blank(words):
        return Refused(NO_WORDS)
    return Refused(TOO_LONG) if len(words) > LONGEST else None


def _as_sent(house: House, actor: Actor, plan: str, words: str, done: Done | Refused) -> Done | Refused:
    """What was done, when it was done with these words. SameKey when its key was used for others.

    A remembered request does not hold the words, not even in its digest, by which withdrawn ones could be guessed.
    """
    if isinstance(done, Done) and done.again:
        made_then = _numbered(comments(house.journal.read(stream_of(plan))), int(str(done.answer)))
        said = said_in(house, made_then) if made_then else None
        if said and said.words != words.strip():
            raise SameKey(actor.account, actor.key)
    return done


def _numbered(held: tuple[Comment, ...], number: int) -> Comment | None:
    return held[number - 1] if 1 <= number <= len(held) else None


def _root(held: tuple[Comment, ...], number: int) -> Comment | None:
    found = _numbered(held, number)
    return _numbered(held, found.answers) if found and found.answers else found


def _document(house: House, found: PlanView, actor: Actor, holding: Holding, words: str) -> Document:
    office = found.rules.authorities.title(holding.office)
    content = {"words": words.strip(), "name": actor.name, "body": holding.body, "office": office}
    return Document(DOCUMENT_KIND, "application/json", canonical(content), house.salt())


def _perform(
    house: House, actor: Actor, found: PlanView, decide: Callable[[Seen], Decision | Refused], request: Mapping[str, object],
) -> Done | Refused:  # fmt: skip
    """What all these verbs share: the comments, the plan's versions and the offices of its bodies are read together."""
    plan, ours = found.history.id, [body.id for body in bodies_of(found)]
    own = {body.id for body in partners(found.history, found.area, found.plan.parties)}

    def load(reading: Reading) -> Seen:
        held = [each for body in ours for each in holdings(reading.read(office_stream(body)))]
        held = [each for each in held if each.on(house.today)]
        saved = history(reading.read(plan_stream(plan)))
        return Seen(
            comments(reading.read(stream_of(plan))),
            len(saved.versions) if saved else 0,
            _first((each for each in held if each.account == actor.account), ours),
            frozenset(each.account for each in held if each.body in own),
        )

    asked = {"plan": plan, **request}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )


# Reading


def content_at(house: House, found: PlanView, version: int) -> Plan:
    """A plan's content in a version, or what it begins from for version 0. Unusable when it was withdrawn."""
    current = found.history.current
    if current and version == current.number:
        return found.plan
    if not version:
        return begun(house, found.history, found.area)
    # One may have been saved since the plan was looked at.
    known = found.history.versions[version - 1 : version] or read_history(house, found.history.id).versions
    return content_of(house, next(each for each in known if each.number == version))


def comments_on(house: House, plan: str, upto: int | None = None) -> tuple[Comment, ...]:
    """Every comment on a plan, in order, as it stands or stood at a position."""
    return comments(house.journal.read(stream_of(plan), upto=upto))


def said_in(house: House, comment: Comment) -> Said | None:
    """What a comment says; None once its words were withdrawn."""
    document = house.journal.document(comment.words)
    if not isinstance(document, Document):
        return None
    content = json.loads(document.content)
    return Said(*(str(content[name]) for name in ("words", "name", "office", "body")))


def placed(house: House, found: PlanView, upto: int | None = None) -> tuple[Placed, ...]:
    """Every comment that answers none, with its answers, and where its place is in the plan as it is looked at."""
    held = comments_on(house, found.history.id, upto)
    answers: dict[int, list[Comment]] = {}
    for each in held:
        if each.answers:
            answers.setdefault(each.answers, []).append(each)
    current = found.history.current
    read: dict[int, Plan | None] = {}
    return tuple(
        _placed(house, found, each, current.number if current else 0, answers.get(each.number, ()), read)
        for each in held
        if not each.answers
    )


def _placed(
    house: House, found: PlanView, comment: Comment, version: int, answers: Iterable[Comment], read: dict[int, Plan | None],
) -> Placed:  # fmt: skip
    then = place_of(comment.where) or Place()
    for number in (comment.version, version):
        if number not in read:
            try:
                read[number] = content_at(house, found, number)
            except Unusable:
                read[number] = None
    before, after = read[comment.version], read[version]
    if before is None or after is None:
        # A version that can no longer be read cannot tell which row it was.
        return Placed(
            comment, then, None if then.row is not None else then, tuple(answers), None, False, None
        )
    now = follow(before, after, then)
    return Placed(
        comment, then, now, tuple(answers), part_at(before, then), True, part_at(after, now) if now else None
    )


def comment_counts(house: House, found: PlanView, upto: int | None = None) -> Mapping[str, int]:
    """How many comments and answers stand at each place of a plan and within it, by place.

    ``spend/spend/0/year_1``, ``spend/spend/0``, ``spend/spend``, ``spend`` and ``plan`` each have those within them, in the
    row numbers of the current version; what is withdrawn does not count, and a place without any is not there.
    """
    counts: dict[str, int] = {}
    for each in placed(house, found, upto):
        number = sum(one.withdrawn_at is None for one in (each.comment, *each.answers))
        parts = each.listed.where.split("/") if each.listed.section else []
        for place in [WHOLE, *("/".join(parts[:many]) for many in range(1, len(parts) + 1))]:
            if number:
                counts[place] = counts.get(place, 0) + number
    return counts


def queries_for(house: House, account: str) -> tuple[tuple[str, Comment], ...]:
    """The open queries that are put to an account, each with its plan."""
    return tuple(
        (stream.removeprefix("comments/"), each)
        for stream in house.journal.streams("comments/")
        for each in comments(house.journal.read(stream))
        if each.open and each.to == account
    )
