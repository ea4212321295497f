"""The care plan as it is written: begun, changed part by part, agreed with the person, and a package started by it; each change a version."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from carepool.basics.findings import Finding
from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role
from carepool.care.actions.recording import Unlocked
from carepool.care.actions.writing import ANOTHER, CARE, OVERTAKEN, Writing, free, made, rebuilt, write
from carepool.care.planning import agreeing, deciding, facts
from carepool.care.planning.assessment import read_assessment
from carepool.care.planning.care import Care, Version
from carepool.care.planning.discharge import HORIZON
from carepool.care.planning.plan import (
    KIND,
    MEDIA_TYPE,
    CarePlan,
    Consent,
    Goal,
    Need,
    Payment,
    Readiness,
    Service,
    SharedWith,
    Window,
    lacking,
    read_plan,
)
from carepool.journal.commands import Decision, Done
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact

Row = Mapping[str, object]
PARTS: Mapping[str, tuple[str, ...]] = {
    "about": ("title", "matters", "integrated", "contingency", "review_on", "assessment"),
    "goals": ("goals",),
    "needs": ("needs",),
    "services": ("services",),
    "consent": ("consent",),
    "sharing": ("shared_with",),
}
"""What of a plan is changed together."""
WISHES = Writing("direct_care", "wishes")
NONE = "There is no plan yet. Begin one first."


def latest(care: Care) -> Version | None:
    """The last version of the plan that is worked on, agreed or not."""
    return care.plans[-1] if care.plans else None


def begin(house: CareHouse, role: Role, person: str, title: str, key: str) -> Done | Refused:
    """Begin a plan on the assessment completed last, with what matters to the person as they said it there."""

    def decide(said: Unlocked, care: Care, _at: datetime) -> Decision | Refused:
        if latest(care):
            return Refused("There is a plan already. Change that one: each change is a new version of it.")
        completed = care.assessment()
        text = said.documents[completed.document] if completed else None
        answers = read_assessment(text).answers if text else ()
        plan = made(
            CarePlan, person=person, id=free("plan", set()), title=title, begun_on=house.today,
            assessment=completed.document if completed else None,
            matters=next((each.says for each in answers if each.question == "matters"), None),
        )  # fmt: skip
        return _saved(care, plan)

    return write(house, role, person, CARE, decide, key, {"begin": "plan", "title": title})


def put_part(house: CareHouse, role: Role, person: str, part: str, rows: Sequence[Row], seen: str, key: str) -> Done | Refused:  # fmt: skip
    """Record a part of the plan as a whole, in another version."""

    def decide(said: Unlocked, care: Care, _at: datetime) -> Decision | Refused:
        last = latest(care)
        if last is None:
            return Refused(NONE)
        if not any(each.of == last.of and each.document == seen for each in care.plans):
            return Refused(ANOTHER)
        now, before = (read_plan(said.documents[each]) for each in (last.document, seen))
        if any(getattr(now, each) != getattr(before, each) for each in PARTS[part]):
            return Refused(OVERTAKEN)
        changes = WRITTEN[part](now, rows)
        if isinstance(changes, Refused):
            return changes
        if changes.pop("rests", False) and (completed := care.assessment()):
            changes["assessment"] = completed.document
        return _saved(care, rebuilt(now, **changes))

    writing = WISHES if part == "about" else CARE
    return write(house, role, person, writing, decide, key, {"plan": part, "rows": repr([dict(each) for each in rows]), "seen": seen})  # fmt: skip


def agree(house: CareHouse, role: Role, person: str, seen: str, key: str) -> Done | Refused:
    """The plan is agreed with the person, in the version that was looked at; a package that runs by it follows it."""

    def decide(said: Unlocked, care: Care, at: datetime) -> Decision | Refused:
        last = latest(care)
        if last is None:
            return Refused(NONE)
        plan = read_plan(said.documents[last.document])
        decided = agreeing.agree_plan(care, last.of, seen, lacking(plan, house.today))
        if isinstance(decided, Refused):
            return decided
        written: tuple[NewFact, ...] = decided.facts
        kept: tuple[Document, ...] = ()
        if plan.status == "draft":  # what is agreed is a draft no more, and says so itself
            whole = rebuilt(plan, status="active")
            kept = (Document(KIND, MEDIA_TYPE, whole.content()),)
            digest = kept[0].digest
            written = (
                facts.plan_saved(person, plan.id, digest),
                facts.plan_agreed(person, plan.id, digest),
            )
        return Decision((*written, *_following(care, plan, at)), documents=kept)

    return write(house, role, person, CARE, decide, key, {"agree": seen})


def start(house: CareHouse, role: Role, person: str, starts: datetime, key: str) -> Done | Refused:
    """A package of care starts by the plan agreed last."""

    def decide(said: Unlocked, care: Care, at: datetime) -> Decision | Refused:
        agreed = care.plan()
        if agreed is None:
            return Refused("No plan is agreed with the person. Agree one first, then start its package.")
        if any(
            not each.over(at) for each in care.packages.values() if _plan_of(care, each.plan) == agreed.of
        ):
            return Refused("A package runs by this plan already. Change the plan and agree it anew; the package follows it.")  # fmt: skip
        plan = read_plan(said.documents[agreed.document])
        name = free("package", set(care.packages))
        return deciding.start_package(care, name, agreed.document, starts, integrated=plan.integrated)

    return write(house, role, person, CARE, decide, key, {"start": starts})


def end(house: CareHouse, role: Role, person: str, package: str, ends: datetime, key: str) -> Done | Refused:
    """A package of care ends."""
    return write(
        house, role, person, CARE, lambda _said, care, at: deciding.end_package(care, package, ends, at),
        key, {"end": package, "at": ends},
    )  # fmt: skip


def lacks(house: CareHouse, plan: CarePlan) -> list[Finding]:
    """What stands in the way of agreeing a plan today."""
    return lacking(plan, house.today)


def holidays(house: CareHouse) -> frozenset[date] | None:
    """The bank holidays of the weeks ahead; None where the rules do not know these weeks, which the page says."""
    try:
        _, procedure = house.rulebook.procedure(house.today)
        procedure.check(house.today + timedelta(days=HORIZON))
    except Unusable:
        return None
    return procedure.closed


def _following(care: Care, plan: CarePlan, at: datetime) -> tuple[NewFact, ...]:
    """A package that runs by the plan is integrated when the plan is."""
    return tuple(
        facts.package_changed(care.person, name, integrated=plan.integrated)
        for name, each in care.packages.items()
        if not each.over(at) and _plan_of(care, each.plan) == plan.id and each.integrated[-1][1] != plan.integrated
    )  # fmt: skip


def _plan_of(care: Care, document: str) -> str | None:
    return next((each.of for each in care.plans if each.document == document), None)


def _saved(care: Care, plan: CarePlan) -> Decision | Refused:
    kept = Document(KIND, MEDIA_TYPE, plan.content())
    decided = agreeing.save_plan(care, plan.id, kept.digest)
    return decided if isinstance(decided, Refused) else replace(decided, documents=(kept,))


Changes = dict[str, object]


def _about(_now: CarePlan, rows: Sequence[Row]) -> Changes | Refused:
    return dict(rows[0])


def _goals(now: CarePlan, rows: Sequence[Row]) -> Changes | Refused:
    goals = [made(Goal, **each) for each in _with_ids("goal", rows)]
    return _still(now, "goals", {each.id for each in goals}) or {"goals": goals}


def _needs(now: CarePlan, rows: Sequence[Row]) -> Changes | Refused:
    needs = [made(Need, **each) for each in _with_ids("need", rows)]
    return _still(now, "needs", {each.id for each in needs}) or {"needs": needs}


def _services(_now: CarePlan, rows: Sequence[Row]) -> Changes | Refused:
    return {"services": [_service(each) for each in _with_ids("service", rows)]}


def _service(row: Row) -> Service:
    """A service of its row; ``paid_by`` and ``windows`` are rows within it."""
    rest = {name: each for name, each in row.items() if name not in {"paid_by", "windows", "notice_hours", "needed"}}  # fmt: skip
    paid, windows = row["paid_by"], row["windows"]
    assert isinstance(paid, Sequence)  # noqa: S101  (so made by the form)
    assert isinstance(windows, Sequence)  # noqa: S101  (so made by the form)
    ready = (
        made(Readiness, windows=[made(Window, **each) for each in windows], notice_hours=row["notice_hours"] or 0, needed=row["needed"] or "same_day")
        if windows
        else None
    )  # fmt: skip
    return made(Service, **rest, paid_by=[made(Payment, **each) for each in paid], ready=ready)


def _consent(_now: CarePlan, rows: Sequence[Row]) -> Changes | Refused:
    return {"consent": made(Consent, **rows[0])}


def _sharing(_now: CarePlan, rows: Sequence[Row]) -> Changes | Refused:
    return {"shared_with": [made(SharedWith, **each) for each in rows]}


WRITTEN: Mapping[str, Callable[[CarePlan, Sequence[Row]], Changes | Refused]] = {
    "about": _about,
    "goals": _goals,
    "needs": _needs,
    "services": _services,
    "consent": _consent,
    "sharing": _sharing,
}
"""How the rows of a part become what stands in the plan."""


def _with_ids(word: str, rows: Sequence[Row]) -> list[Row]:
    taken = {str(each["id"]) for each in rows if each["id"]}
    found: list[Row] = []
    for row in rows:
        id_ = str(row["id"] or "") or free(word, taken)
        taken.add(id_)
        found.append({**row, "id": id_})
    return found


def _still(now: CarePlan, what: str, there: Collection[str]) -> Refused | None:
    """Refused where a service is for a goal or a need that would be gone."""
    for service in now.services:
        if gone := [each for each in getattr(service, what) if each not in there]:
            held = next(each.says for each in getattr(now, what) if each.id == gone[0])
            return Refused(f"“{service.says}” is for “{held}”. Take it out of that service first.")
    return None
