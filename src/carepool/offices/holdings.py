"""Offices held: facts about a body say who holds which office from when to when, and a fold says who holds it on a day.

A person is an account's opaque id; the name stands in the account and, at signing, in the signed document.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from carepool.basics.periods import in_words, parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.facts import Body, Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.rules.schema import Authority

UNSAID: Mapping[str, object] = {"rules": "", "action": "", "words": None}
"""What facts of offices did not say before their second shape: under which rules and action, and why."""


def _given_unsaid(body: Body) -> Body:
    return {**body, **UNSAID}


def _ended_unsaid(body: Body) -> Body:
    # It was of the one holding that covered its day, and left what was given for later.
    return {**body, **UNSAID, "onwards": False}


KINDS = Kinds(
    [
        Kind("OfficeGiven", 2, {1: _given_unsaid}, cites=("words",)),
        Kind("OfficeEnded", 2, {1: _ended_unsaid}, cites=("words",)),
        Kind("DelegationGiven", 1, cites=("signed",)),
        Kind("DelegationEnded", 2, {1: _given_unsaid}, cites=("words",)),
        Kind("PersonInvited", 1),
    ]
)


@dataclass(frozen=True, slots=True)
class Holding:
    """One account's time in one office of one body, both days included."""

    body: str
    office: str
    account: str
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        """Whether the office was held on the day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def never(self) -> bool:
        """Whether it was ended before a whole day of it had passed: revoked on its first day, or called off."""
        return self.last is not None and self.last < self.first

    def meets(self, first: date, last: date | None) -> bool:
        """Whether it is held on any day of a period."""
        begins, ends = max(self.first, first), [each for each in (self.last, last) if each is not None]
        return not self.never and all(begins <= each for each in ends)

    def after(self, last: date) -> bool:
        """Whether any of it is later than a day."""
        return not self.never and (self.last is None or self.last > last)


@dataclass(frozen=True, slots=True)
class Why:
    """Under which rules and action of theirs an office is given or ended, and the document that says why."""

    rules: str = ""
    action: str = ""
    words: str | None = None

    def said(self) -> dict[str, object]:
        """As it stands in a fact."""
        return {"rules": self.rules, "action": self.action, "words": self.words}


@dataclass(frozen=True, slots=True)
class Permit:
    """That an account may do an action in a body's name on a day, and by which office."""

    action: str
    holding: Holding
    delegation: str | None = None
    """The words by which it was let do so, where the office is not its own."""
    let_in: str = ""
    """The body in which whoever was let holds an office of their own."""


def stream_of(body: str) -> str:
    """The stream of a body's offices."""
    return f"office/{body}"


@dataclass(frozen=True, slots=True)
class _Told:
    """Facts of a stream. Each names the digest of the one before it, so the first, the last and how many there are tell them from all others."""

    first: str
    last: str
    number: int
    facts: tuple[Fact, ...] = field(compare=False, repr=False)


def holdings(facts: Iterable[Fact]) -> tuple[Holding, ...]:
    """Every holding that the facts of a body's stream come to, in the order in which they were given; folded once, since every page asks."""
    held = tuple(facts)
    return _folded(_Told(held[0].digest, held[-1].digest, len(held), held)) if held else ()


@lru_cache(maxsize=2_000)
def _folded(told: _Told) -> tuple[Holding, ...]:
    def apply(held: tuple[Holding, ...], fact: Fact) -> tuple[Holding, ...]:
        if fact.kind not in {"OfficeGiven", "OfficeEnded"}:
            return held
        account, office = str(fact.body["account"]), str(fact.body["office"])
        body = fact.stream.removeprefix("office/")
        if fact.kind == "OfficeGiven":
            first, last = parse_date(str(fact.body["first"])), fact.body["last"]
            given = Holding(body, office, account, first, parse_date(str(last)) if last else None)
            return (*held, given)
        last_day = parse_date(str(fact.body["last"]))
        onwards = bool(fact.body["onwards"])
        return tuple(
            replace(each, last=last_day)
            if (each.account, each.office) == (account, office)
            and (each.after(last_day) if onwards else each.on(last_day))
            else each
            for each in held
        )

    return fold(told.facts, (), apply, KINDS)


def give(
    body: str, office: str, account: str, first: date, last: date | None = None, why: Why = Why()
) -> NewFact:
    """The fact that an account is given an office. Unusable when the period ends before it begins."""
    if last is not None and last < first:
        raise Unusable(f"The office would end on {in_words(last)}, before it begins. Exchange the two days.")
    return NewFact(
        stream_of(body),
        "OfficeGiven",
        2,
        {"account": account, "office": office, "first": first, "last": last, **why.said()},
        effective_on=first,
        on_behalf_of=body,
    )


def end(body: str, office: str, account: str, last: date, why: Why = Why()) -> NewFact:
    """The fact that an account's time in an office ends with a day, and what it was given for later is called off."""
    return NewFact(
        stream_of(body),
        "OfficeEnded",
        2,
        {"account": account, "office": office, "last": last, "onwards": True, **why.said()},
        effective_on=last,
        on_behalf_of=body,
    )


def invited(
    body: str, invitation: str, office: str, first: date | None, last: date | None, rules: str
) -> NewFact:
    """The fact that somebody is invited in a body's name, under a set of rules; who it is stands in the invitation alone."""
    content = {"invitation": invitation, "office": office, "first": first, "last": last, "rules": rules}
    return NewFact(stream_of(body), "PersonInvited", 1, content, on_behalf_of=body)


def may(
    authority: Authority, held: Iterable[Holding], account: str, body: str, day: date
) -> Permit | Refused:
    """Whether an account may do what an authority is about, in a body's name, on a day.

    The refusal says who can. An office that has ended is named with its last day.
    """
    of_body = [each for each in held if each.body == body and each.office in authority.offices]
    mine = [each for each in of_body if each.account == account]
    for each in mine:
        if each.on(day):
            return Permit(authority.action, each)
    past = [each for each in mine if each.last is not None and each.last < day]
    offices = " or ".join(name.replace("_", " ") for name in authority.offices)
    if past:
        latest = max(past, key=lambda each: each.last or each.first)
        return Refused(
            f"Your office of {latest.office.replace('_', ' ')} in {body} ended on {in_words(latest.last or day)}. "
            f"To {authority.says}, ask whoever holds it now.",
            ended=True,
        )
    return Refused(f"To {authority.says} in the name of {body} one must be its {offices}. Ask them to do it.")
