"""Quarterly returns: what one is asked, prefilled from the account, filled in by the leads, signed and sent, corrected, closed."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.permits import Actor, partners
from carepool.actions.planning import area_of, read_history
from carepool.actions.ports import Draft
from carepool.actions.releasing import Agreed, agreed_plan
from carepool.actions.returning_account import account_of
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.offices.separation import impartial, kept_apart
from carepool.places.bodies import NATIONAL, BodyKind, body_id
from carepool.plans.document import as_data
from carepool.plans.parts import Part
from carepool.pool.books import stream_of as pool_stream
from carepool.returns import filing
from carepool.returns.asking import Asking, asking_of
from carepool.returns.checks import check
from carepool.returns.document import Return, part_digest, read_part, read_return
from carepool.returns.facts import Filed, Sent, filed, stream_of
from carepool.returns.prefill import Account, prefilled, recomputed
from carepool.returns.printing import printed
from carepool.rules.returns import Returns
from carepool.rules.rulebook import RuleSet


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A plan's return of a quarter, as it is or was at a position."""

    agreed: Agreed
    rules: RuleSet
    """The set that asks for it, which is that of its quarter and not that of the plan."""
    asking: Asking
    filed: Filed
    account: Account
    last: Return | None
    """The return of the quarter before, as it was sent last."""
    title: str
    mark: str

    @property
    def quarter(self) -> Quarter:
        """Its quarter."""
        return self.asking.quarter


def return_of(
    house: House, plan: str, quarter: Quarter, upto: int | None = None, on: date | None = None
) -> ReturnView:
    """A plan's return of a quarter. NotHere before the plan is signed off, and for a quarter that no return is asked of."""
    agreed = agreed_plan(house, plan, upto)
    rules = _asked(house, agreed, quarter)
    asking = asking_of(plan, rules, quarter, _paid(agreed))
    last = _readable(house, _filed(house, plan, quarter.plus(-1), upto).current)
    title = read_history(house, plan, upto).title
    return ReturnView(
        agreed,
        rules,
        asking,
        _filed(house, plan, quarter, upto),
        account_of(house, agreed, quarter, upto, on or house.today),
        last,
        title,
        MARK if agreed.area.illustrative else "",
    )


def quarters_of(house: House, plan: str, upto: int | None = None) -> tuple[tuple[RuleSet, Asking, Filed], ...]:  # fmt: skip
    """Every quarter that a return is asked of, in order, with what has happened to it. NotHere before the plan is signed off."""
    agreed = agreed_plan(house, plan, upto)
    found = []
    for rules in house.rulebook.in_order:
        returns = rules.find("returns", Returns)
        for due in returns.due if returns else ():
            if _year(due.quarter) in agreed.rules.about.years:
                asking = asking_of(plan, rules, due.quarter, _paid(agreed))
                found.append((rules, asking, _filed(house, plan, due.quarter, upto)))
    return tuple(sorted(found, key=lambda each: each[1].quarter))


def sent_content(house: House, sent: Sent | None) -> Return | None:
    """A return that was sent, as it was; None for none. Unusable where its content was withdrawn."""
    return content_of(house, sent.document) if sent else None


def content_of(house: House, document: str) -> Return:
    """A return by the digest that it is kept under. Unusable where its content was withdrawn."""
    found = house.journal.document(document)
    if not isinstance(found, Document):
        raise Unusable("The content of this return was withdrawn; its digest stands.")
    return read_return(json.loads(found.content))


def words_of(house: House, digest: str) -> str:
    """The reasons of a correction, or that they were withdrawn."""
    found = house.journal.document(digest)
    return found.content.decode() if isinstance(found, Document) else "The reasons were withdrawn; their digest stands."  # fmt: skip


def print_of(house: House, found: ReturnView) -> bytes:
    """A return as text: that which was kept when it was closed, else what was sent last. NotHere before it was sent."""
    if found.filed.closed:
        kept = house.journal.document(found.filed.closed.printed)
        if not isinstance(kept, Document):
            raise NotHere("The print of this return was withdrawn; its digest stands.")
        return kept.content
    sent = found.filed.current
    content = sent_content(house, sent)
    if sent is None or content is None:
        raise NotHere(f"The return of {found.quarter} was not sent yet. Its page says who can send it.")
    bodies = found.agreed.area.bodies
    name = " and ".join(
        bodies[each].name if each in bodies else each for each in (*sent.signed_before, sent.body)
    )
    return printed(found.asking, content, found.filed.sent, found.title, name, found.mark)


Typeset = Callable[[bytes, str], bytes]
"""Sets a print as a PDF, with the mark of what is invented. Unusable where the machine cannot."""


def pdf_of(house: House, found: ReturnView, typeset: Typeset) -> bytes:
    """A return as PDF: that which was kept when it was closed, whatever sets type now. NotHere before it was sent."""
    digest = found.filed.closed.pdf if found.filed.closed else ""
    if not digest:
        return typeset(print_of(house, found), found.mark)
    kept = house.journal.document(digest)
    if not isinstance(kept, Document):
        raise NotHere("The PDF of this return was withdrawn; its digest stands.")
    return kept.content


# Drafts.


@dataclass(frozen=True, slots=True)
class Working:
    """A return on the way: what was sent or is prefilled, with what the leads have typed over it."""

    content: Return
    typed: Mapping[str, Draft]
    """The latest draft of each part that has one."""
    findings: tuple[Finding, ...]

    def seen(self, part: str) -> Digest:
        """The digest of a part as it is shown, which a change of it names."""
        return part_digest(part, self.content.part(part))


def working_of(house: House, found: ReturnView) -> Working:
    """The return that the leads are filling in, with what is computed as it is now, and every finding."""
    base = _base(house, found)
    typed: dict[str, Draft] = {}
    for draft in sorted(house.drafts.of_plan(stream_of(found.asking.plan, found.quarter)), key=lambda each: each.at):  # fmt: skip
        part, _ = read_part(draft.section, draft.content)
        if part is not None and found.asking.asks(draft.section):
            base, typed[draft.section] = base.with_part(draft.section, part), draft
    content = recomputed(found.asking, found.account, base)
    return Working(content, typed, tuple(_checked(house, found, content)))


def _base(house: House, found: ReturnView) -> Return:
    if found.filed.waiting:
        return content_of(house, found.filed.waiting.document)
    return _readable(house, found.filed.current) or prefilled(found.asking, found.account, found.last)


def _readable(house: House, sent: Sent | None) -> Return | None:
    """What was sent; None where there is none, or its content was withdrawn and nothing can begin from it."""
    try:
        return sent_content(house, sent)
    except Unusable:
        return None


def _checked(house: House, found: ReturnView, content: Return) -> list[Finding]:
    return check(found.asking, content, found.last, found.account, house.today)


def findings_of(house: House, found: ReturnView, content: Return) -> tuple[Finding, ...]:
    """Every finding of a return as it is checked today."""
    return tuple(_checked(house, found, content))


def may_fill(house: House, found: ReturnView, account: str) -> Permit | Refused:
    """Whether an account may fill the return in: by an office in one of the plan's partners."""
    return _permit(house, found, "submit_return", account, house.journal.read)


def may_sign(house: House, found: ReturnView, account: str) -> Permit | Refused:
    """Whether an account may sign what waits."""
    allowed = _permit(house, found, "sign_return", account, house.journal.read)
    if isinstance(allowed, Refused):
        return allowed
    waiting = found.filed.waiting
    if waiting and allowed.holding.body in waiting.signed:
        return Refused(
            "You have signed it for your board. It is sent once every board of the plan has signed."
        )
    return _apart(found, account) or allowed


def unsigned(house: House, found: ReturnView) -> tuple[str, ...]:
    """The boards of the plan whose signature what waits still needs."""
    signed = found.filed.waiting.signed if found.filed.waiting else {}
    return tuple(each for each in bodies_of(house, found, "sign_return") if each not in signed)


def may_close(house: House, found: ReturnView, account: str) -> Permit | Refused:
    """Whether an account may close the return."""
    return _permit(house, found, "close_return", account, house.journal.read)


def keep_part(
    house: House, actor: Actor, plan: str, quarter: Quarter, name: str, data: object, seen: str
) -> Part | Refused | list[Finding]:
    """Keep what was typed in a part; findings, and nothing kept, where it cannot be read.

    Refused for who may not fill it in, and where somebody changed the part after it was seen.
    """
    found = return_of(house, plan, quarter)
    if not found.asking.asks(name):
        raise NotHere(f"The return of {quarter} has no part “{name}”. It has {', '.join(found.asking.names)}.")  # fmt: skip
    allowed = may_fill(house, found, actor.account)
    if isinstance(allowed, Refused):
        return allowed
    if found.filed.closed:
        return Refused("The return is closed. Nothing in it is changed any more.")
    part, findings = read_part(name, data)
    if part is None:
        return findings
    working = working_of(house, found)
    # What stands there already is kept, however often it is sent.
    if seen and seen != working.seen(name) and part != working.content.part(name):
        return Refused("Somebody changed this part after you saw it. Look at it again; what you typed is below.")  # fmt: skip
    _put(house, actor, found, name, part)
    return part


def prefill(house: House, actor: Actor, plan: str, quarter: Quarter) -> Return | Refused:
    """Begin again from last quarter's return and the account; what was typed and not put forward is dropped."""
    found = return_of(house, plan, quarter)
    allowed = may_fill(house, found, actor.account)
    if isinstance(allowed, Refused):
        return allowed
    if found.filed.closed:
        return Refused("The return is closed. Nothing in it is changed any more.")
    content = prefilled(found.asking, found.account, found.last)
    drop_drafts(house, plan, quarter)
    for name in found.asking.names:
        _put(house, actor, found, name, content.part(name))
    return content


def drop_drafts(house: House, plan: str, quarter: Quarter) -> None:
    """Throw away what was typed in a return and not put forward."""
    stream = stream_of(plan, quarter)
    for draft in house.drafts.of_plan(stream):
        house.drafts.drop(stream, draft.section, draft.editor)


def _put(house: House, actor: Actor, found: ReturnView, name: str, part: Part) -> None:
    stream = stream_of(found.asking.plan, found.quarter)
    draft = Draft(stream, name, actor.account, as_data(part), part_digest(name, part), house.clock())
    house.drafts.put(draft)


# What is recorded.


@dataclass(frozen=True, slots=True)
class _Deed:
    """What one attempt at a command rests on."""

    found: ReturnView
    body: str
    """In whose name it is done."""
    at: datetime


def put_forward_of(
    house: House, actor: Actor, plan: str, quarter: Quarter, why: str = "", seen: str = ""
) -> Done | Refused:
    """A lead puts the return forward for the board's signature; a correction of one that was sent gives its reasons.

    ``seen``: the digest of the return as it was shown; any where it is empty.
    """
    salts = house.salt(), house.salt()

    def decide(deed: _Deed) -> Decision | Refused:
        found, working = deed.found, working_of(house, deed.found)
        decided = filing.put_forward(found.asking, found.filed, working.content, list(working.findings), why, salts, house.today, deed.body)  # fmt: skip
        if isinstance(decided, Decision) and seen and seen != decided.facts[0].body["return"]:
            return Refused("Something in the return changed after you saw it. Look at it again.")
        return decided

    done = _perform(house, actor, plan, quarter, "submit_return", decide, {"why": why, "seen": seen})
    if isinstance(done, Done) and not done.again:
        drop_drafts(house, plan, quarter)
    return done


def sign_return_of(house: House, actor: Actor, plan: str, quarter: Quarter, digest: str) -> Done | Refused:
    """A board's chair signs what waits, by its digest; the last of the plan's boards sends it: the first time, or as a correction."""

    def decide(deed: _Deed) -> Decision | Refused:
        boards = bodies_of(house, deed.found, "sign_return")
        return filing.sign(deed.found.asking, deed.found.filed, digest, deed.at, deed.body, boards)

    return _perform(house, actor, plan, quarter, "sign_return", decide, {"digest": digest})


def close_return_of(house: House, actor: Actor, plan: str, quarter: Quarter, typeset: Typeset) -> Done | Refused:  # fmt: skip
    """Who received the return closes it: from then on nothing is corrected, and its print is kept, as text and as PDF.

    Unusable where the machine sets no type: then the return stays open, since its PDF could not be kept.
    """
    salts = house.salt(), house.salt()
    paper = cache(typeset)
    first = return_of(house, plan, quarter)
    if first.filed.current and not first.filed.closed and isinstance(may_close(house, first, actor.account), Permit):  # fmt: skip
        # Setting type takes its time, so it is done before anything is held.
        paper(print_of(house, first), first.mark)

    def decide(deed: _Deed) -> Decision | Refused:
        open_ = deed.found.filed.current and not deed.found.filed.closed
        content = print_of(house, deed.found) if open_ else b""
        pdf = paper(content, deed.found.mark) if open_ else b""
        return filing.close(deed.found.filed, content, pdf, salts, deed.body)

    return _perform(house, actor, plan, quarter, "close_return", decide, {})


def _perform(
    house: House, actor: Actor, plan: str, quarter: Quarter, action: str,
    decide: Callable[[_Deed], Decision | Refused], request: Mapping[str, object],
) -> Done | Refused:  # fmt: skip
    """What all that is recorded of a return has in common: the authority is read with what it decides on."""
    first = return_of(house, plan, quarter)

    def load(reading: Reading) -> _Deed | Refused:
        for each in (quarter, quarter.plus(-1)):
            reading.version(stream_of(plan, each))
        reading.version(pool_stream(plan, _year(quarter)))
        found = return_of(house, plan, quarter)
        allowed = _permit(house, found, action, actor.account, reading.read)
        if action == "sign_return" and isinstance(allowed, Permit):
            allowed = _apart(found, actor.account) or allowed
        return allowed if isinstance(allowed, Refused) else _Deed(found, allowed.holding.body, reading.at)

    def allowed_only(deed: _Deed | Refused) -> Decision | Refused:
        return deed if isinstance(deed, Refused) else decide(deed)

    asked = {"action": action, "plan": plan, "quarter": str(quarter), "rules": first.asking.digest, **request}
    return perform(
        house.journal, allowed_only, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )  # fmt: skip


def _permit(
    house: House, found: ReturnView, action: str, account: str, read: Callable[[str], Iterable[Fact]]
) -> Permit | Refused:
    authorities = found.rules.authorities
    bodies = bodies_of(house, found, action)
    if action == "sign_return" and found.filed.waiting:
        # Who chairs two of its boards signs for each in turn.
        done = found.filed.waiting.signed
        bodies = tuple(sorted(bodies, key=lambda each: each in done))
    held = [one for each in bodies for one in holdings(read(office_stream(each)))]
    answers = [may(authorities.of(action), held, account, each, house.today) for each in bodies]
    allowed = next((each for each in answers if isinstance(each, Permit)), None)
    if allowed is None:
        return next((each for each in answers if isinstance(each, Refused) and each.ended), answers[0])
    parties = (*bodies_of(house, found, "submit_return"), *bodies_of(house, found, "sign_return"))
    own = [
        one
        for each in parties
        for one in holdings(read(office_stream(each)))
        if one.account == account and one.on(house.today)
    ]
    return impartial(authorities, action, own, parties) or allowed


def bodies_of(house: House, found: ReturnView, action: str) -> tuple[str, ...]:
    """The bodies in whose name an action on a return is done."""
    history = read_history(house, found.asking.plan)
    if action == "close_return":
        return tuple(each.id for each in NATIONAL)
    if action == "sign_return":
        return tuple(body_id(BodyKind.BOARD, each) for each in history.boards)
    area = area_of(house, history)
    return tuple(each.id for each in partners(history, area, found.agreed.plan.parties))


def _apart(found: ReturnView, account: str) -> Refused | None:
    waiting = found.filed.waiting
    done = {"submit_return"} if waiting and waiting.by == account else set()
    return kept_apart(found.rules.authorities, "sign_return", done)


def _asked(house: House, agreed: Agreed, quarter: Quarter) -> RuleSet:
    years = agreed.rules.about.years
    if _year(quarter) not in years:
        raise NotHere(f"The plan is of {' and '.join(years)}, so it has no return of {quarter}.")
    return house.rulebook.returning(quarter)


def _paid(agreed: Agreed) -> tuple[Quarter, ...]:
    return agreed.rules.release.performance_quarters if agreed.rules.pays else ()


def _filed(house: House, plan: str, quarter: Quarter, upto: int | None) -> Filed:
    return filed(plan, quarter, house.journal.read(stream_of(plan, quarter), upto=upto))


def _year(quarter: Quarter) -> str:
    return str(quarter)[:7]
