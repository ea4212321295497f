"""A plan's first page: where it stands, what is so in four figures, what is next, and its sections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from carepool.actions.areas import MARK
from carepool.actions.editing import with_drafts
from carepool.actions.planning import begun
from carepool.basics.findings import Severity
from carepool.basics.money import in_pounds
from carepool.offices.holdings import Permit
from carepool.plans.document import Plan, as_data
from carepool.render.figures import Figure
from carepool.render.words import count, day, percent, pounds_short
from carepool.signoff.standing import Outcome, Standing, Status
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import PlanPage
from carepool.web.key_decisions import effect_sentences
from carepool.web.people import names_of
from carepool.web.places_in_plan import TITLES, section_of
from carepool.web.plan_tasks import COLOURS, HINTS, groups, standings
from carepool.web.plan_tasks import Standing as SectionStanding
from carepool.web.sections import checked
from carepool.web.signing_in import to_sign_in


@dataclass(frozen=True, slots=True)
class Task:
    """A section in the task list."""

    title: str
    hint: str
    href: str
    status: str
    colour: str
    note: str


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page."""
    page = PlanPage(request, plan)
    found, now = page.view, page.standing
    drafted = _drafted(page)
    names = names_of([found.history.started_by, *(each.by for each in found.history.versions)])
    frame = page.frame("plan")
    saved = found.history.current
    told = request.GET.get("saved", "")
    notice = ""
    if saved and told == str(saved.number):
        notice = f"Version {saved.number} is saved. Every body that had decided on an earlier version decides again."
        notice = (
            notice if saved.number > 1 else "Version 1 is saved. Now the bodies of the plan can decide on it."
        )
        if request.GET.get("again") and drafted:
            notice = f"That was saved before, as version {saved.number}. What you typed since is still in your drafts."
    elif request.GET.get("started") and not saved:
        notice = "The plan is started. Go through its sections; what you type is kept as your draft."
    tasks = _tasks(page, drafted)
    if (kept := request.GET.get("kept", "")) in drafted:
        notice = f"“{TITLES[kept]}” is kept as your draft."
    context = frame | {
        "sentence": sentence(page, names),
        "next": next_step(page, drafted),
        "figures": _figures(page),
        "groups": tasks,
        "complete": (sum(each.status == "Complete" for _, listed in tasks for each in listed), sum(len(listed) for _, listed in tasks)),
        "decisions": [
            (page.name(each.body), str(each.outcome), day(each.since)) for each in now.parties
        ],
        "decisions_href": _address(page, "plan-decisions"),
        "findings": _counts(page),
        "versions": [(each, names[each.by]) for each in reversed(found.history.versions)],
        "started": (names[found.history.started_by], found.history.started_at),
        "notice": notice,
        "sign_in": to_sign_in(request).url if page.account is None and not page.when.day else "",
    }  # fmt: skip
    return render(request, "web/plan.jinja", context, status=400 if page.when.error else 200)


def _address(page: PlanPage, name: str) -> str:
    try:
        return page.href(name)
    except NoReverseMatch:
        return page.href("plan")


def _drafted(page: PlanPage) -> dict[str, datetime]:
    if page.account is None or page.when.day:
        return {}
    return {
        each.section: each.at for each in page.house.drafts.of_editor(page.view.history.id, page.account.id)
    }


def sentence(page: PlanPage, names: Mapping[str, str]) -> str:
    """What is so, in one sentence or two."""
    found, now = page.view, page.standing
    version = now.version
    if version is None:
        return f"No version has been saved yet. The plan was started on {day(found.history.started_at)}."
    by = names[version.by]
    saved = f"Version {version.number} was saved by {by} on {day(version.at)}"
    if now.reached:
        return f"{saved}, and was {now.status.lower()} on {day(now.reached[-1].at)}."
    if now.status is Status.AGREED:
        return f"{saved}, and all {len(now.parties)} bodies have agreed to it."
    if now.status is Status.REFUSED:
        who = _listed([page.name(each.body) for each in now.parties if each.outcome is Outcome.REFUSED])
        return f"{saved}. {who} refused it."
    agreed = sum(each.outcome is Outcome.AGREED for each in now.parties)
    blocked = " A blocker in it has to be put right first." if found.blocked else ""
    said = f"{saved}. {agreed} of {len(now.parties)} bodies have agreed to it.{blocked}"
    return " ".join([said, *effect_sentences(now, page.name)])


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def next_step(page: PlanPage, drafted: dict[str, datetime]) -> tuple[str, str, str]:
    """What should happen next: words before, the words of a link, and where it leads."""
    found, now = page.view, page.standing
    if page.when.day:
        return (
            "This is the plan as it was.",
            "See it as it is now",
            reverse("plan", args=[found.history.id]),
        )
    if drafted and isinstance(page.permit, Permit):
        many = f"{len(drafted)} section" + ("s" if len(drafted) > 1 else "")
        return (
            f"You have drafts of {many} that nobody else sees.",
            "Check them and save a version",
            page.href("plan-check"),
        )
    if now.version is None:
        if isinstance(page.permit, Permit):
            return (
                "Nothing is written yet.",
                "Begin with the parties",
                page.href("plan-section", section="parties"),
            )
        return ("Its leads are writing it; there is nothing to decide on yet.", "", "")
    if found.blocked:
        return (
            "The plan lead puts the blockers right and saves another version.",
            "See the blockers",
            page.href("plan-check"),
        )
    return _next_by_status(page, now)


def _next_by_status(page: PlanPage, now: Standing) -> tuple[str, str, str]:
    decisions = _address(page, "plan-decisions")
    if now.status is Status.REFUSED:
        return (
            "The plan lead changes what was refused and saves another version.",
            "Read the reasons",
            decisions,
        )
    if now.awaited:
        who = _listed([page.name(each.body) for each in now.awaited])
        since = min(each.since for each in now.awaited)
        return (f"It waits for {who}, since {day(since)}.", "See the decisions", decisions)
    done = {each.stage for each in now.reached}
    stage = next((each for each in page.view.rules.decisions.stages if each.name not in done), None)
    if stage:
        return (f"Next: {stage.says}.", "See the decisions", decisions)
    if not page.view.rules.pays:
        return ("Nothing waits: all is decided.", "See the decisions", decisions)
    return ("Nothing waits: money follows results.", "See the money", _address(page, "plan-money"))


def _figures(page: PlanPage) -> list[Figure]:
    plan, years = page.view.plan, list(page.view.known.year_fields.items())
    (field, last), before = years[-1], years[:-1]
    check = page.href("plan-check")
    baseline = sum(row.baseline for row in plan.target.quarters)
    fewer = baseline - sum(row.planned for row in plan.target.quarters)
    ways: tuple[tuple[str, Literal["sources", "spend"]], ...] = (
        ("Money in", "sources"),
        ("Money out", "spend"),
    )
    money = [
        Figure(f"{name}, {last}", pounds_short(plan.total(which, field)), in_pounds(plan.total(which, field)), "; ".join(f"{year}: {in_pounds(plan.total(which, each))}" for each, year in before), f"{check}#{which}")
        for name, which in ways
    ]  # fmt: skip
    counts = _counts(page)
    target = Figure(
        "Fewer admissions",
        percent(fewer / baseline * 100, 2) if baseline else "not planned yet",
        "",
        f"{count(fewer)} of {count(baseline)} in four quarters" if baseline else "",
        f"{check}#target",
    )
    return [
        *money,
        *([target] if page.view.rules.pays else []),
        Figure("Blockers", str(counts["blocker"]), "", f"{counts['warning']} warnings and {counts['note']} notes", f"{check}#findings"),
    ]  # fmt: skip


def _counts(page: PlanPage) -> dict[str, int]:
    return {str(each): sum(finding.severity is each for finding in page.view.findings) for each in Severity}


def _tasks(page: PlanPage, drafted: dict[str, datetime]) -> list[tuple[str, list[Task]]]:
    """The sections in groups, each with where it stands: with my drafts in it where I may edit."""
    found = page.view
    plan, findings, unread = found.plan, list(found.findings), set()
    if drafted and page.account is not None and page.may_edit:
        plan, _, wrong = with_drafts(page.house, found, page.account.id)
        unread = {section_of(each.where) or "" for each in wrong}
        findings = checked(found, plan, page)
    stand = standings(found, plan, begun(page.house, found.history, found.area), findings, unread)
    return [(title, [_task(page, name, stand[name], name in drafted) for name in names]) for title, names in groups(found)]  # fmt: skip


def _task(page: PlanPage, name: str, stand: SectionStanding, drafted: bool) -> Task:
    notes = [f"{many} {word}{'s' if many > 1 else ''}" for many, word in ((stand.problems, "blocker"), (stand.warnings, "warning")) if many]  # fmt: skip
    said = [*(["Your draft, not saved yet"] if drafted else []), *([", ".join(notes)] if notes else [])]
    href = page.href("plan-section", section=name)
    return Task(TITLES[name], HINTS[name], href, str(stand.state), COLOURS[stand.state], ". ".join(said))


def as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """The current version with its digest, its findings and where it stands."""
    page = PlanPage(request, plan)
    if page.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": page.when.error}]}, status=400)
    found, now = page.view, page.standing
    content: Plan | None = found.plan if now.version else None
    data = {
        "plan": found.history.id,
        "title": found.history.title,
        "boards": list(found.history.boards),
        "mark": MARK if found.area.illustrative else "",
        "rules": {"name": found.rules.name, "digest": found.rules.digest},
        "as_at": page.when.day,
        "version": {
            "number": now.version.number, "digest": now.version.digest, "document": now.version.document,
            "sections": dict(now.version.sections), "saved": now.version.at,
        } if now.version else None,
        "content": as_data(content) if content else None,
        "findings": [each.as_data() for each in found.findings] if content else [],
        "findings_digest": found.findings_digest if content else None,
        "standing": {
            "status": str(now.status),
            "parties": [
                {"body": each.body, "name": page.name(each.body), "outcome": str(each.outcome), "since": each.since}
                for each in now.parties
            ],
            "reached": [{"stage": each.stage, "at": each.at} for each in now.reached],
        },
    }  # fmt: skip
    return json_answer(data)
