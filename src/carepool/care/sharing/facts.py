"""What is recorded of looks and shares, each as a fact on the person's own stream: who, in what capacity, for what, and what was seen.

Bodies hold no name and no free text: a person is an opaque id, the asker an account, a reason a document. The wing's store
writes them under the person's own key.
"""

from datetime import date

from carepool.basics.canonical import Digest
from carepool.care.sharing.deciding import Allow, Asked, Broken, Reason, Refuse
from carepool.journal.facts import Body, NewFact
from carepool.journal.folding import Kind, Kinds

KINDS = Kinds(
    [
        Kind("Looked"),
        Kind("Shared"),
        Kind("RefusedLook"),
        Kind("GlassBroken", cites=("why",)),
        Kind("GlassReviewed", cites=("words",)),
        Kind("LookWithheld", cites=("words",)),
        Kind("LookShown"),
    ]
)
"""The kinds of fact that this room owns; one of every shape ever written is kept in tests/facts."""


def stream_of(person: str) -> str:
    """The stream of a person's access log; ``person`` is the wing's opaque id, never an NHS number."""
    return f"access/{person}"


def looked(person: str, verdict: Allow, organisation: str) -> tuple[NewFact, ...]:
    """That somebody of an organisation saw what a verdict allows. Nothing where it was only counts of many people."""
    body = {**_asked(verdict.asked, verdict.reason), "fields": sorted(verdict.shown)}
    return _of(person, "Looked", body, organisation) if verdict.of_one else ()


def shared(person: str, verdict: Allow, organisation: str, to: str) -> tuple[NewFact, ...]:
    """That what a verdict allows was given to somebody in another organisation. Nothing where it was only counts."""
    body = {**_asked(verdict.asked, verdict.reason), "fields": sorted(verdict.shown), "to": to}
    return _of(person, "Shared", body, organisation) if verdict.of_one else ()


def refused(person: str, verdict: Refuse, organisation: str) -> tuple[NewFact, ...]:
    """That somebody asked and was refused."""
    return _of(person, "RefusedLook", _asked(verdict.asked, verdict.reason), organisation)


def broken(person: str, glass: Broken, organisation: str, why: Digest) -> tuple[NewFact, ...]:
    """That the glass was broken; ``why`` is the document that holds the reason."""
    allowed = glass.allowed
    body = {**_asked(allowed.asked, allowed.reason), "fields": sorted(allowed.shown), "why": why}
    return _of(person, "GlassBroken", body, organisation)


def reviewed(person: str, version: int, justified: bool, organisation: str, words: Digest) -> tuple[NewFact, ...]:  # fmt: skip
    """What the governance lead found of the breaking that has this version in the stream; ``words`` is a document."""
    body = {"version": version, "justified": justified, "words": words}
    return _of(person, "GlassReviewed", body, organisation)


def withheld(person: str, version: int, again: date, organisation: str, words: Digest) -> tuple[NewFact, ...]:  # fmt: skip
    """That a look is kept from the person's page, to be looked at again on a day; ``words`` is a document with the reason."""
    body = {"version": version, "again": again, "words": words}
    return _of(person, "LookWithheld", body, organisation)


def shown(person: str, version: int, organisation: str) -> tuple[NewFact, ...]:
    """That a look which was kept from the person's page stands there now."""
    return _of(person, "LookShown", {"version": version}, organisation)


def _of(person: str, kind: str, body: Body, organisation: str) -> tuple[NewFact, ...]:
    return (NewFact(stream_of(person), kind, 1, body, on_behalf_of=organisation),)


def _asked(asked: Asked, reason: Reason) -> dict[str, object]:
    return {
        "purpose": asked.purpose,
        "role": asked.role,
        "relation": asked.relation,
        "on": asked.on,
        "objection": asked.objection,
        "consent": asked.consent,
        "opted_out": asked.opted_out,
        "approved": asked.approved,
        "case": reason.case,
        "law": reason.law,
        "rules": reason.rules,
    }
