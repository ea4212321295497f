"""Plans as they go into the roll-up of assurance: outcome, agreement, and what is promised, credible and delivered of each."""

from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from carepool.actions.assurances import Assured, judged_in, of_view
from carepool.actions.house import House
from carepool.actions.planning import ContentWithdrawn, all_plans, area_of, content_of, views
from carepool.actions.releasing import Agreed, statement_of
from carepool.assurance.agreement import Pair
from carepool.assurance.judgement import QUALITY, RISK, Judgement, items_of
from carepool.assurance.record import both_in, state_of
from carepool.assurance.replay import pairs_of
from carepool.assurance.rollup import Assessed, RollUp, by_region, roll_up
from carepool.assurance.savings import Delivered, Saving, credible, delivered_by, savings_of
from carepool.measures.variation import AmongPast, among_past
from carepool.plans.document import Plan
from carepool.plans.versions import Version

SEVERAL = "Several regions"


@dataclass(frozen=True, slots=True)
class Followed:
    """A plan's version with its savings."""

    found: Assured
    version: Version
    plan: Plan
    approved: bool
    moderated: Judgement | None
    savings: tuple[Saving, ...]
    delivered: Delivered | None
    """None where the version was not approved, or its rules pay nothing by admissions."""
    among: AmongPast | None
    """Where the change so far stands among past ones; None before a quarter is known."""
    row: Assessed


@dataclass(frozen=True, slots=True)
class National:
    """The whole and its regions."""

    nation: RollUp
    regions: tuple[RollUp, ...]
    boards: tuple[RollUp, ...]
    illustrative: bool
    followed: tuple[Followed, ...]
    withdrawn: tuple[str, ...] = ()
    """The titles of the plans that are not counted, since their content was withdrawn."""


def national(
    house: House,
    *,
    illustrative: bool,
    upto: int | None = None,
    on: date | None = None,
    among: Container[str] | None = None,
) -> National:
    """Every plan of England, or of the illustrative county, whose rules ask reviewers questions, and what they come to.

    ``among``: only these plans, by id; those whose existence whoever asks may know. A plan whose content was withdrawn
    promises nothing that can be read, so it is not counted; it is named.
    """
    wanted = [
        each
        for each in all_plans(house, upto)
        if (among is None or each.id in among)
        and each.current is not None
        and house.rulebook.named(each.rules).assures
        and area_of(house, each).illustrative is illustrative
    ]
    followed = []
    for one in views(house, wanted, upto, on):
        with suppress(ContentWithdrawn):
            found = followed_of(house, of_view(house, one, upto), on)
            followed += [found] if found else []
    read = {each.found.plan.history.id for each in followed}
    withdrawn = tuple(each.title for each in wanted if each.id not in read)
    rows = tuple(each.row for each in followed)
    levels = max((len(each.found.rules.enquiries.answers) for each in followed), default=2)
    places = (house.areas.county if illustrative else house.areas.england).england.places
    boards = tuple(
        roll_up(places.boards[code].name if code in places.boards else code, (row for row in rows if code in row.boards), levels)
        for code in sorted({code for row in rows for code in row.boards})
    )  # fmt: skip
    name = "Illustrative county" if illustrative else "England"
    return National(
        roll_up(name, rows, levels), by_region(rows, levels), boards, illustrative, tuple(followed), withdrawn
    )


def followed_of(house: House, found: Assured, on: date | None = None) -> Followed | None:
    """A plan by the version that assurance approved last, or the one that stands; None before the first."""
    approved = [each for each in found.record.decided if found.rules.assurance.outcome(each.outcome).goes_on]
    history = found.plan.history
    version = (history.with_digest(approved[-1].plan) if approved else None) or history.current
    if version is None:
        return None
    plan = found.plan.plan if version == history.current else content_of(house, version)
    judged = found.record.moderated_on(version.digest)
    moderated = judged_in(house, judged.document) if judged else None
    is_approved = any(each.plan == version.digest for each in approved)
    delivered = _delivered(house, found, version, plan, on) if is_approved else None
    savings = savings_of(found.rules, plan, moderated, delivered)
    among = _among(found, delivered) if delivered and delivered.quarters else None
    row = _row(house, found, version, moderated, savings, delivered, on or house.today)
    row = replace(row, stands=str(among.stands) if among else "")
    return Followed(found, version, plan, is_approved, moderated, savings, delivered, among, row)


def _among(found: Assured, delivered: Delivered) -> AmongPast | None:
    """The change that the outturns show, beside what boards' admissions did before the first quarter that is paid by."""
    first = min(found.rules.release.performance_quarters)
    return among_past(found.plan.area.england.admissions, first, delivered.baseline, delivered.actual)


def _delivered(
    house: House, found: Assured, version: Version, plan: Plan, on: date | None
) -> Delivered | None:
    """What the outturns published by a day have delivered; None where the rules do not pay, or a target is not whole."""
    if not found.rules.pays:
        return None
    wanted = set(found.rules.release.performance_quarters)
    if not wanted <= {each.quarter for each in plan.target.quarters}:
        return None
    agreed = Agreed(found.plan.history.id, version, plan, found.plan.area, found.rules)
    return delivered_by(statement_of(agreed, on or house.today)[0])


def _row(
    house: House, found: Assured, version: Version, moderated: Judgement | None, savings: tuple[Saving, ...],
    delivered: Delivered | None, day: date,
) -> Assessed:  # fmt: skip
    history, record = found.plan.history, found.record
    decided = record.decided_on(version.digest)
    open_now = record.open_conditions
    avoided = delivered.baseline - delivered.actual if delivered and delivered.quarters else None
    return Assessed(
        history.id, history.title, history.boards, _region(found), version.number, version.digest,
        state_of(record, found.sides, version.digest), decided.outcome if decided else "",
        moderated.level(QUALITY) if moderated else "", moderated.level(RISK) if moderated else "",
        pairs(house, found, version.digest, len(savings)), len(open_now), sum(each.overdue(day) for each in open_now),
        sum(each.promised for each in savings), credible(savings), delivered.pence if delivered else None, avoided,
    )  # fmt: skip


def pairs(house: House, found: Assured, digest: str, savings: int) -> tuple[Pair, ...]:
    """Both reviewers' answers to the questions; none while one is not in, today or at the position asked for."""
    if not (both_in(found.record, found.sides, digest) and both_in(found.now, found.sides, digest)):
        return ()
    held = found.record.on(digest)
    read = [judged_in(house, held[side].document) for side in found.sides]
    if any(each is None for each in read):
        return ()
    one, other = (each for each in read if each is not None)
    return pairs_of(items_of(found.rules, (str(each) for each in range(savings))), one, other)


def _region(found: Assured) -> str:
    places = found.plan.area.england.places
    names = {places.boards[code].region_name for code in found.plan.history.boards if code in places.boards}
    return names.pop() if len(names) == 1 else SEVERAL
