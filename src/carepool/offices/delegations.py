"""Delegation: whoever holds an office lets somebody else do one thing for the body, in writing, with limits and an end.

It rests on the office of whoever gave it and on some office of whoever has it: when either ends, so does it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from carepool.basics.canonical import Digest
from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import in_words, parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import fold
from carepool.offices.holdings import KINDS, Holding, Permit, Why, may, stream_of
from carepool.rules.schema import Authority


@dataclass(frozen=True, slots=True)
class Delegation:
    """What one account lets another do in a body's name, both days included."""

    body: str
    office: str
    """The office that it rests on."""
    giver: str
    to: str
    to_body: str
    """The body in which whoever has it holds an office: the same, or that of a named lead."""
    action: str
    plan: str | None
    """The one plan that it is for; None for any."""
    pence: Pence | None
    """The most that the body may put in, or that may be moved, in what is done by it; None for no limit."""
    first: date
    last: date
    signed: Digest
    """The words of it; what later facts name it by."""
    ended: date | None = None
    """The day with which it was ended early."""

    def on(self, day: date) -> bool:
        """Whether it runs on a day."""
        return self.first <= day <= min(self.last, self.ended or self.last)


def delegations(facts: Iterable[Fact]) -> tuple[Delegation, ...]:
    """Every delegation that the facts of a body's stream come to, in the order in which they were given."""

    def apply(held: tuple[Delegation, ...], fact: Fact) -> tuple[Delegation, ...]:
        body = fact.body
        if fact.kind == "DelegationGiven":
            plan, pence = body["plan"], body["pence"]
            given = Delegation(
                fact.stream.removeprefix("office/"),
                str(body["office"]),
                fact.by,
                str(body["to"]),
                str(body["to_body"]),
                str(body["action"]),
                str(plan) if plan else None,
                None if pence is None else int(str(pence)),
                parse_date(str(body["first"])),
                parse_date(str(body["last"])),
                Digest(str(body["signed"])),
            )
            return (*held, given)
        if fact.kind == "DelegationEnded":
            last = parse_date(str(body["last"]))
            name = str(body["delegation"])
            return tuple(replace(each, ended=last) if each.signed == name else each for each in held)
        return held

    return fold(facts, (), apply, KINDS)


def delegate(
    body: str,
    office: str,
    to: str,
    to_body: str,
    action: str,
    first: date,
    last: date,
    signed: str,
    plan: str | None = None,
    pence: Pence | None = None,
) -> NewFact:
    """The fact that a delegation is given. Unusable when it ends before it begins."""
    if last < first:
        raise Unusable(
            f"The delegation would end on {in_words(last)}, before it begins. Exchange the two days."
        )
    content = {
        "office": office, "to": to, "to_body": to_body, "action": action, "plan": plan, "pence": pence,
        "first": first, "last": last, "signed": signed,
    }  # fmt: skip
    return NewFact(stream_of(body), "DelegationGiven", 1, content, effective_on=first, on_behalf_of=body)


def end_delegation(body: str, signed: str, last: date, why: Why) -> NewFact:
    """The fact that a delegation ends with a day, earlier than it was written, and why."""
    content = {"delegation": signed, "last": last, **why.said()}
    return NewFact(stream_of(body), "DelegationEnded", 2, content, effective_on=last, on_behalf_of=body)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done, as far as a delegation may limit it."""

    plan: str | None = None
    pence: Pence | None = None
    """What the body puts in by it, or what is moved."""


def may_or_let(
    authority: Authority,
    held: Iterable[Holding],
    given: Iterable[Delegation],
    holds: Callable[[str, str], bool],
    account: str,
    body: str,
    day: date,
    asked: Asked = Asked(),
) -> Permit | Refused:
    """Whether an account may do an action in a body's name on a day, by its own office or by one that let it.

    ``held`` and ``given`` are the offices and delegations of the body; ``holds`` says whether an account holds any
    office in a body on the day. The refusal says who can, or what limit of a delegation stands in the way.
    """
    held = tuple(held)
    own = may(authority, held, account, body, day)
    if isinstance(own, Permit) or not authority.delegable:
        return own
    refusal: Refused = own
    for each in given:
        if (each.to, each.action, each.body) != (account, authority.action, body) or not each.on(day):
            continue
        if each.plan not in {None, asked.plan}:
            continue
        giver = next(
            (h for h in held if (h.account, h.office) == (each.giver, each.office) and h.on(day)), None
        )
        if giver is None:
            refusal = Refused(
                f"Whoever let you {authority.says} in the name of {body} does not hold that office any more. "
                "Ask whoever does to let you in writing.",
                ended=True,
            )
        elif not holds(each.to, each.to_body):
            refusal = Refused(
                f"You hold no office any more in {each.to_body}, on which your delegation rests. Ask {body} to decide.",
                ended=True,
            )
        elif each.pence is not None and asked.pence is not None and asked.pence > each.pence:
            refusal = Refused(
                f"You were let {authority.says} in the name of {body} up to {in_pounds(each.pence)}; here it is "
                f"{in_pounds(asked.pence)}. Ask {body} to decide itself, or for a higher limit in writing."
            )
        else:
            return Permit(authority.action, giver, each.signed, each.to_body)
    return refusal
