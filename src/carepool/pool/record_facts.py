"""Facts beside a pool's postings: how each is written in the stream of the pool's year, and the records that they come to."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from carepool.basics.refusals import Unusable
from carepool.journal.facts import Body, Fact, NewFact
from carepool.journal.folding import Kind
from carepool.pool.accounts import Event
from carepool.pool.books import Grant, Opening, Scheme, day_of, stream_of
from carepool.pool.grant_facts import varied, written
from carepool.pool.records import (
    ActionPlan,
    Assertion,
    Confirmation,
    InForce,
    Mandate,
    Matter,
    Progress,
    Records,
)

VARY_AGREEMENT = "vary_agreement"
"""The matter of a mandate for another agreement in the place of this."""


def _recorded_raised(body: Body) -> Body:
    # Whoever recorded a decision was not asked for which partner, and one officer of the host could do so alone.
    return {**body, "partner": ""}


def _varied_raised(body: Body) -> Body:
    """Before, an agreement said nothing of the schemes that stood already: they stay as they were."""
    return {**body, "treatments": []}


def _ungranted_raised(body: Body) -> Body:
    """Before, the capital grants of an agreement that came later were not taken from it."""
    return {**body, "grants": []}


KINDS = (
    Kind("AgreementVaried", 3, {1: _varied_raised, 2: _ungranted_raised}, cites=("digest",)),
    Kind("MandateRecorded", 2, {1: _recorded_raised}, cites=("document",)),
    Kind("MandateAgreed"),
    Kind("MandateUsed"),
    Kind("ActionPlanMade", cites=("document",)),
    Kind("ActionPlanProgressTold", cites=("document",)),
    Kind("BalanceAsserted"),
    Kind("CutOffSet"),
    Kind("BalanceConfirmed", cites=("statement",)),
)


# How each is written.


def _new(
    pool: str, year: str, kind: str, body: Body, on: date | None = None, on_behalf_of: str | None = None, schema: int = 1
) -> NewFact:  # fmt: skip
    return NewFact(stream_of(pool, year), kind, schema, body, effective_on=on, on_behalf_of=on_behalf_of)


def agreement_varied(
    pool: str, year: str, held: InForce, schemes: tuple[Scheme, ...], treatments: tuple[Scheme, ...] = (),
    on_behalf_of: str | None = None, grants: tuple[Grant, ...] = (),
) -> NewFact:  # fmt: skip
    """The fact that another agreement holds from a day; its new schemes have no budget until one is entered.

    ``treatments`` are the schemes that stand already, by their ids in the books, as it has them commissioned and accounted for;
    ``grants`` the capital grants that it brings, or has on other terms.
    """
    body: Body = {
        "digest": held.digest,
        "from": held.first.isoformat(),
        "schemes": [
            {"id": each.id, "title": each.title, "social_care": each.social_care, **_treatment(each)} for each in schemes
        ],
        "treatments": [{"id": each.id, **_treatment(each)} for each in treatments],
        "grants": written(grants),
    }  # fmt: skip
    fact = _new(pool, year, "AgreementVaried", body, held.first, on_behalf_of)
    return replace(fact, schema=3)


def _treatment(scheme: Scheme) -> dict[str, object]:
    return {
        "commissioning": scheme.commissioning, "lead": scheme.lead, "accounting": scheme.accounting,
        "commissioned": dict(scheme.commissioned),
    }  # fmt: skip


def mandate_recorded(
    pool: str, year: str, by: str, matter: Matter, decided_on: date, document: str, partner: str, on_behalf_of: str | None
) -> NewFact:  # fmt: skip
    """The fact that the joint board decided, or that the partners are asked to agree, recorded for a partner. Its number is the mandate's."""
    body: Body = {
        "by": by,
        "of": matter.word,
        "pence": matter.pence,
        "party": matter.party,
        "source": matter.source,
        "scheme": matter.scheme,
        "to_scheme": matter.to_scheme,
        "document": document,
        "partner": partner,
    }
    return _new(pool, year, "MandateRecorded", body, decided_on, on_behalf_of, 2)


def mandate_agreed(pool: str, year: str, mandate: str, partner: str, on_behalf_of: str) -> NewFact:
    """The fact that one partner agrees."""
    return _new(
        pool, year, "MandateAgreed", {"mandate": mandate, "partner": partner}, on_behalf_of=on_behalf_of
    )


def mandate_used(pool: str, year: str, mandate: str, event: str, posting: str) -> NewFact:
    """The fact that something was entered by a mandate: written together with it."""
    return _new(pool, year, "MandateUsed", {"mandate": mandate, "event": event, "posting": posting})


def action_plan_made(
    pool: str, year: str, scheme: str, document: str, due: date, office: str, on_behalf_of: str | None
) -> NewFact:
    """The fact that there is a plan for a scheme that is off track."""
    body: Body = {"scheme": scheme, "document": document, "due": due.isoformat(), "office": office}
    return _new(pool, year, "ActionPlanMade", body, on_behalf_of=on_behalf_of)


def progress_told(
    pool: str, year: str, scheme: str, document: str, *, done: bool, on_behalf_of: str | None
) -> NewFact:
    """The fact that progress was told, or that the plan is done."""
    body: Body = {"scheme": scheme, "document": document, "done": done}
    return _new(pool, year, "ActionPlanProgressTold", body, on_behalf_of=on_behalf_of)


def asserted(
    pool: str, year: str, of: str, kind: str, pence: int, on: date, on_behalf_of: str | None
) -> NewFact:
    """The fact that an account or a budget is said to be so much."""
    return _new(pool, year, "BalanceAsserted", {"of": of, "kind": kind, "pence": pence}, on, on_behalf_of)


def cut_off_set(pool: str, year: str, party: str, on: date, on_behalf_of: str | None) -> NewFact:
    """The fact that a partner's own ledger takes nothing of the year after a day."""
    return _new(pool, year, "CutOffSet", {"party": party, "on": on.isoformat()}, on_behalf_of=on_behalf_of)


def balance_confirmed(
    pool: str, year: str, party: str, pence: int, statement: str, on_behalf_of: str
) -> NewFact:
    """The fact that a partner confirms its balance."""
    body: Body = {"party": party, "pence": pence, "statement": statement}
    return _new(pool, year, "BalanceConfirmed", body, on_behalf_of=on_behalf_of)


# The fold.


def apply(records: Records, fact: Fact, opening: Opening, posted: Mapping[str, int]) -> Records:
    """The records with a fact. Unusable for one that could not have been decided. ``posted`` has each posting's place."""
    return _APPLY[fact.kind](records, fact, opening, posted)


def opened(opening: Opening, first: date) -> Records:
    """The records of a pool that has just opened."""
    digest = opening.agreement_digest
    return Records((InForce(digest, first),) if digest else ())


def new_schemes(fact: Fact) -> tuple[Scheme, ...]:
    """The schemes that an agreement brings."""
    return tuple(
        _scheme(row, str(row["title"]), social_care=bool(row["social_care"]))
        for row in _rows(fact.body["schemes"])
    )


def treatments(fact: Fact) -> tuple[Scheme, ...]:
    """The schemes that stood already, as an agreement has them commissioned and accounted for."""
    return tuple(_scheme(row, "", social_care=False) for row in _rows(fact.body["treatments"]))


def _scheme(row: Mapping[str, object], title: str, *, social_care: bool) -> Scheme:
    word, weights = str(row["commissioning"]), row["commissioned"]
    assert isinstance(weights, Mapping)  # noqa: S101 (written so above)
    return Scheme(
        str(row["id"]), title, {}, social_care,
        "joint" if word == "joint" else "agent" if word == "agent" else "lead",
        str(row["lead"]),
        "net" if row["accounting"] == "net" else "gross",
        {str(code): _whole(weight) for code, weight in weights.items()},
    )  # fmt: skip


def _vary(records: Records, fact: Fact, opening: Opening, _: Mapping[str, int]) -> Records:
    first = date.fromisoformat(str(fact.body["from"]))
    if records.agreements and first <= records.agreements[-1].first:
        raise _impossible(fact, "the agreement before it holds from that day or a later one")
    if {each.id for each in new_schemes(fact)} & {each.id for each in opening.schemes}:
        raise _impossible(fact, "the pool has such a scheme")
    if {each.id for each in treatments(fact)} - {each.id for each in opening.schemes}:
        raise _impossible(fact, "it treats a scheme that the pool has not")
    if {each.payee for each in varied(fact)} - {each.code for each in opening.partners}:
        raise _impossible(fact, "a grant is paid to no partner")
    held = InForce(str(fact.body["digest"]), first)
    return replace(records, agreements=(*records.agreements, held))


def _record(records: Records, fact: Fact, opening: Opening, _: Mapping[str, int]) -> Records:
    body, partner = fact.body, str(fact.body["partner"])
    matter = Matter(
        str(body["of"]), _whole(body["pence"]), str(body["party"]), str(body["source"]), str(body["scheme"]), str(body["to_scheme"])
    )  # fmt: skip
    mandate = Mandate(
        str(fact.version),
        "joint_board" if body["by"] == "joint_board" else "partners",
        matter,
        fact.effective_on or day_of(fact.at),
        str(body["document"]),
        fact.by,
        partner,
        confirmed_by_another=body["by"] == "joint_board" and partner == opening.host,
    )
    return _with(records, mandate)


def _agree(records: Records, fact: Fact, opening: Opening, _: Mapping[str, int]) -> Records:
    found, partner = _mandate(records, fact), str(fact.body["partner"])
    if partner not in found.awaited(each.code for each in opening.partners):
        raise _impossible(fact, "that partner is not asked")
    if found.by == "joint_board" and fact.by == found.recorded_by:
        raise _impossible(fact, "whoever recorded it confirms it")
    if fact.by in found.agreed.values():
        raise _impossible(fact, "one person agrees for one partner")
    return _with(
        records, replace(found, agreed=MappingProxyType(dict(sorted({**found.agreed, partner: fact.by}.items()))))
    )  # fmt: skip


def _use(records: Records, fact: Fact, opening: Opening, posted: Mapping[str, int]) -> Records:
    found, event, posting = _mandate(records, fact), str(fact.body["event"]), str(fact.body["posting"])
    if found.awaited(each.code for each in opening.partners):
        raise _impossible(fact, "not every partner has agreed")
    if event in found.used:
        raise _impossible(fact, "it was used for that before")
    if found.matter.word != VARY_AGREEMENT and posting not in posted:
        raise _impossible(fact, f"there is no posting {posting}")
    return _with(records, replace(found, used=MappingProxyType({**found.used, event: posting})))


def _plan(records: Records, fact: Fact, opening: Opening, _: Mapping[str, int]) -> Records:
    body = fact.body
    scheme = str(body["scheme"])
    if opening.scheme(scheme) is None:
        raise _impossible(fact, f"there is no scheme {scheme}")
    made = ActionPlan(
        scheme, str(body["document"]), day_of(fact.at), date.fromisoformat(str(body["due"])), str(body["office"])
    )  # fmt: skip
    return replace(records, action_plans=MappingProxyType({**records.action_plans, scheme: made}))


def _tell(records: Records, fact: Fact, _: Opening, __: Mapping[str, int]) -> Records:
    body, scheme = fact.body, str(fact.body["scheme"])
    found = records.action_plans.get(scheme)
    if found is None or found.done:
        raise _impossible(fact, "there is no action plan under way")
    told = Progress(day_of(fact.at), str(body["document"]), bool(body["done"]))
    plans = {**records.action_plans, scheme: replace(found, progress=(*found.progress, told))}
    return replace(records, action_plans=MappingProxyType(plans))


def _assert(records: Records, fact: Fact, _: Opening, __: Mapping[str, int]) -> Records:
    word = str(fact.body["kind"])
    found = Assertion(
        str(fact.version),
        str(fact.body["of"]),
        "budget" if word == "budget" else "at_most" if word == "at_most" else "balance",
        _whole(fact.body["pence"]),
        fact.effective_on or day_of(fact.at),
    )
    return replace(records, assertions=(*records.assertions, found))


def _cut_off(records: Records, fact: Fact, opening: Opening, _: Mapping[str, int]) -> Records:
    party = str(fact.body["party"])
    if opening.partner(party) is None:
        raise _impossible(fact, f"{party} is no partner")
    day = date.fromisoformat(str(fact.body["on"]))
    return replace(records, cut_offs=MappingProxyType({**records.cut_offs, party: day}))


def _confirm(records: Records, fact: Fact, opening: Opening, _: Mapping[str, int]) -> Records:
    party = str(fact.body["party"])
    if opening.partner(party) is None:
        raise _impossible(fact, f"{party} is no partner")
    found = Confirmation(
        party, _whole(fact.body["pence"]), str(fact.body["statement"]), fact.by, day_of(fact.at)
    )
    return replace(records, confirmations=MappingProxyType({**records.confirmations, party: found}))


_APPLY: Mapping[str, Callable[[Records, Fact, Opening, Mapping[str, int]], Records]] = {
    "AgreementVaried": _vary, "MandateRecorded": _record, "MandateAgreed": _agree, "MandateUsed": _use,
    "ActionPlanMade": _plan, "ActionPlanProgressTold": _tell, "BalanceAsserted": _assert, "CutOffSet": _cut_off,
    "BalanceConfirmed": _confirm,
}  # fmt: skip
RECORDS = frozenset(_APPLY)
"""The kinds of fact that are kept beside the postings."""


def entered(mandate: Mandate, event: Event) -> bool:
    """Whether an event was entered by a mandate already."""
    return event.code in mandate.used


def _mandate(records: Records, fact: Fact) -> Mandate:
    found = records.mandates.get(str(fact.body["mandate"]))
    if found is None:
        raise _impossible(fact, f"there is no mandate {fact.body['mandate']}")
    return found


def _with(records: Records, mandate: Mandate) -> Records:
    return replace(records, mandates=MappingProxyType({**records.mandates, mandate.id: mandate}))


def _rows(value: object) -> list[Mapping[str, object]]:
    assert isinstance(value, list)  # noqa: S101 (written so above)
    return value


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 (written so above)
    return value


def _impossible(fact: Fact, why: str) -> Unusable:
    return Unusable(
        f"Version {fact.version} of {fact.stream} is a {fact.kind} that cannot be: {why}. Verify the journal."
    )
