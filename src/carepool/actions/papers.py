"""What a board's paper is made from: one saved version without what is withheld, what came before it, and who has decided."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.actions.planning import PlanView, content_of, view
from carepool.actions.standings import standing_of
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import NotHere, Unusable
from carepool.conditions.checks import check
from carepool.conditions.known import Known
from carepool.journal.documents import Document
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.document import EVERY, Plan
from carepool.plans.redaction import Redacted, redact, without
from carepool.plans.versions import PlanHistory, Version
from carepool.signoff.decisions import Decision
from carepool.signoff.standing import Outcome, Standing

ALWAYS_SAID = ("parties",)
"""Sections that no paper can withhold: it is made for a board, and names who decides."""
WITHHOLDABLE = tuple(name for name in EVERY if name not in ALWAYS_SAID)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The version that the paper compares with."""

    version: Version
    plan: Plan
    """Without what is withheld."""
    decided_on: bool
    """Whether it is the last one that a board of the plan decided on before."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a body has said of this version."""

    body: str
    name: str
    kind: str
    outcome: Outcome
    since: datetime
    by: str
    """Who signed, with their office; empty where nobody has."""
    reasons: str


@dataclass(frozen=True, slots=True)
class PaperOf:
    """All that a paper may say. The content of a withheld section is in none of it."""

    history: PlanHistory
    version: Version
    copy: Redacted
    withheld_by: str
    earlier: Earlier | None
    findings: tuple[Finding, ...]
    """Those that the checks also come to without what is withheld, so that none can tell of it."""
    unsaid: Mapping[Severity, int]
    """How many findings rest on what is withheld."""
    said: tuple[Said, ...]
    standing: Standing
    known: Known
    area: Area
    day: date

    @property
    def plan(self) -> Plan:
        """The version's content, its withheld sections empty."""
        return self.copy.plan

    def withholds(self, *sections: str) -> bool:
        """Whether any of these sections is withheld."""
        return any(name in self.copy.withheld for name in sections)

    def blockers(self) -> int:
        """How many findings block agreement, said or not."""
        here = sum(each.severity is Severity.BLOCKER for each in self.findings)
        return here + self.unsaid.get(Severity.BLOCKER, 0)


def paper_of(
    house: House,
    plan: str,
    *,
    since: int | None = None,
    withheld: Mapping[str, str] | None = None,
    withheld_by: str = "",
    upto: int | None = None,
    on: date | None = None,
    seen: PlanView | None = None,
) -> PaperOf:
    """What the paper of a plan's current version is made from.

    ``since`` is the number of the version to compare with: else the last one that a board decided on before this, or
    the one before. NotHere before the first version, and for a number or section that there is not.
    """
    seen = seen or view(house, plan, upto, on)
    version = seen.history.current
    if version is None:
        raise NotHere("No version of this plan has been saved yet, so there is nothing to make a paper of.")
    reasons = dict(withheld or {})
    for name in ALWAYS_SAID:
        if name in reasons:
            raise Unusable(
                f"The section “{EVERY[name].title}” cannot be withheld: a paper names the board that it is for, and who decides."
            )
    copy = redact(seen.plan, reasons)
    now = standing_of(house, seen, upto)
    findings = seen.findings
    if copy.withheld:
        apart = set(check(copy.plan, seen.known))
        findings = tuple(each for each in findings if each in apart)
    unsaid = {
        severity: sum(each.severity is severity and each not in findings for each in seen.findings)
        for severity in Severity
    }
    return PaperOf(
        seen.history, version, copy, withheld_by, _earlier(house, seen.history, now, since, reasons), findings,
        unsaid, _said(house, now), now, seen.known, seen.area, on or house.today,
    )  # fmt: skip


def _earlier(
    house: House, history: PlanHistory, now: Standing, since: int | None, withheld: Mapping[str, str]
) -> Earlier | None:
    current = history.versions[-1]
    decided = _last_decided_on(history, now)
    before = {each.number: each for each in history.versions[:-1]}
    if since is not None and since not in before:
        which = f"Choose one of 1 to {len(before)}." if before else "There is none before version 1."
        raise NotHere(f"There is no version {since} before version {current.number}. {which}")
    number = since or (decided.number if decided else current.number - 1)
    if number not in before:
        return None
    version = before[number]
    return Earlier(version, without(content_of(house, version), withheld), decided == version)


def _last_decided_on(history: PlanHistory, now: Standing) -> Version | None:
    """The earliest of the versions that the plan's boards decided on last, where it is none but an earlier one."""
    boards = [
        each.decision for each in now.parties if each.body.startswith(f"{BodyKind.BOARD}:") and each.decision
    ]
    found = [history.with_digest(each.digest) for each in boards]
    numbers = [each for each in found if each and each.number < len(history.versions)]
    return min(numbers, key=lambda each: each.number, default=None)


def _said(house: House, now: Standing) -> tuple[Said, ...]:
    said = []
    for each in now.parties:
        on_this = each.outcome in {Outcome.AGREED, Outcome.REFUSED}
        by, reasons = _signed(house, each.decision if on_this else None)
        name = house.areas.body(each.body).name
        said.append(Said(each.body, name, each.kind, each.outcome, each.since, by, reasons))
    return tuple(said)


def _signed(house: House, decision: Decision | None) -> tuple[str, str]:
    """Who signed and the reasons, from the document that was signed."""
    if decision is None:
        return "", ""
    document = house.journal.document(Digest(decision.signed))
    if not isinstance(document, Document):
        return "withdrawn", ""
    content = json.loads(document.content)
    return f"{content['name']}, {str(content['office']).lower()}", str(content["reasons"])


def boards_of(found: PaperOf) -> tuple[str, ...]:
    """The names of the boards that the paper is for."""
    ids = [body_id(BodyKind.BOARD, code) for code in found.plan.parties.boards or found.history.boards]
    return tuple(found.area.bodies[each].name if each in found.area.bodies else each for each in ids)
