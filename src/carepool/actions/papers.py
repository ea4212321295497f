"""What a board's paper is made from: one saved version without what is withheld, what came before it, and who has decided."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from carepool.plans.redaction import Redacted
from carepool.plans.versions import PlanHistory, Version
from carepool.plans.withholding import Withholding, withholding
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
    now: Plan
    """This version, as it may be compared with that."""
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
    """All that a paper may say. The content of what is withheld is in none of it."""

    history: PlanHistory
    version: Version
    plan: Plan
    """The version's content; withheld sections and fields are empty."""
    withheld: Withholding
    copy: Redacted
    """What verifies: it has sections as a whole or not at all."""
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

    def withholds(self, *sections: str) -> bool:
        """Whether any of these sections is withheld as a whole."""
        return any(name in self.withheld.sections for name in sections)

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

    ``withheld`` names sections, or single fields by place, each with the code of its reason.
    ``since`` is the number of the version to compare with: else the last one that a board decided on before this, or
    the one before. NotHere before the first version, and for a number or section that there is not.
    """
    seen = seen or view(house, plan, upto, on)
    version = seen.history.current
    if version is None:
        raise NotHere("No version of this plan has been saved yet, so there is nothing to make a paper of.")
    reasons = dict(withheld or {})
    for name in ALWAYS_SAID:
        if any(each.split("/")[0] == name for each in reasons):
            raise Unusable(
                f"The section “{EVERY[name].title}” cannot be withheld: a paper names the board that it is for, and who decides."
            )
    asked = withholding(seen.plan, reasons)
    copy, shown = asked.copy_of(seen.plan), asked.shown_of(seen.plan)
    held = replace(
        asked, sections={name: each for name, each in asked.sections.items() if name in copy.withheld}
    )
    now = standing_of(house, seen, upto)
    findings = seen.findings
    if held:
        apart = set(check(shown, seen.known))
        findings = tuple(each for each in findings if each in apart)
    unsaid = {
        severity: sum(each.severity is severity and each not in findings for each in seen.findings)
        for severity in Severity
    }
    return PaperOf(
        seen.history, version, shown, held, copy, withheld_by, _earlier(house, seen, now, since, asked), findings,
        unsaid, _said(house, now), now, seen.known, seen.area, on or house.today,
    )  # fmt: skip


def _earlier(
    house: House, seen: PlanView, now: Standing, since: int | None, withheld: Withholding
) -> Earlier | None:
    history = seen.history
    current = history.versions[-1]
    decided = _last_decided_on(history, now)
    others = {each.number: each for each in history.versions[:-1]}
    if since is not None and since not in others:
        which = f"Choose one of 1 to {len(others)}." if others else "There is none before version 1."
        raise NotHere(f"There is no version {since} before version {current.number}. {which}")
    number = since or (decided.number if decided else current.number - 1)
    if number not in others:
        return None
    version = others[number]
    before, after = (withheld.comparable(each) for each in (content_of(house, version), seen.plan))
    return Earlier(version, before, after, decided == version)


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
