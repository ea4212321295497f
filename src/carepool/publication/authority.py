"""By which office each signature was given: the facts that show it, and no other fact of anybody's offices."""

import json
from collections.abc import Callable, Iterable

from carepool.journal.facts import Fact
from carepool.journal.port import Sealed

OWN = ("signed", "decided", "moderated", "evidence", "words")
"""The fields of a fact that name the document signed with it; the first that it has is its own."""


def offices_signed_by(
    offices: Iterable[Sealed], signed: Iterable[Fact], content: Callable[[str], bytes]
) -> tuple[Sealed, ...]:
    """The entries of offices and delegations that signatures rest on, in the order of the log.

    ``offices`` are those of all bodies by position; ``content`` gives the bytes of a signed document, none where it was
    withdrawn. Of each signer only what was written of them in that body before they signed is there: whether they
    hold it still is nobody's business here.
    """
    held = tuple(offices)
    found: set[int] = set()
    for fact in signed:
        own = next((str(fact.body[name]) for name in OWN if name in fact.body), None)
        if own is None or fact.on_behalf_of is None:
            continue
        before = [each for each in held if each.fact.at <= fact.at]
        let = _delegation(before, content(own))
        wanted = {(fact.on_behalf_of, fact.by)}
        if let is not None:
            given = let.fact
            wanted = {(fact.on_behalf_of, given.by), (str(given.body["to_body"]), fact.by)}
            found.add(let.position)
        for body, account in wanted:
            found |= {each.position for each in before if _of(each, body, account)}
    return tuple(each for each in held if each.position in found)


def _delegation(offices: Iterable[Sealed], signed: bytes) -> Sealed | None:
    """The delegation that a signed document names, where it names one."""
    said = json.loads(signed) if signed[:1] == b"{" else {}
    name = said.get("delegation") if isinstance(said, dict) else None
    given = (each for each in offices if each.row.kind == "DelegationGiven")
    return next((each for each in given if name and each.fact.body["signed"] == name), None)


def _of(entry: Sealed, body: str, account: str) -> bool:
    """Whether an entry gives an account an office in a body, or ends one."""
    return (
        entry.row.stream == f"office/{body}"
        and entry.row.kind in {"OfficeGiven", "OfficeEnded"}
        and entry.fact.body["account"] == account
    )
