"""Deciding on a plan: who has decided and who is awaited, what a signer is shown, and the forms that sign."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from carepool.actions.assurances import record_at
from carepool.actions.comparing import compare_versions
from carepool.actions.deciding import decide_plan, reach_stage
from carepool.actions.nation import terms_of
from carepool.actions.permits import Actor, permit
from carepool.actions.planning import PlanView
from carepool.actions.standings import body_of_stage, parties_in_order
from carepool.assurance.gate import held_up
from carepool.basics.money import in_pounds
from carepool.basics.words import blank
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.offices.holdings import Permit
from carepool.payment.release import pence_for
from carepool.places.bodies import BodyKind, body_id
from carepool.render.words import count, day, percent
from carepool.rules.schema import Stage
from carepool.signoff.decisions import Decision, Passed, Record
from carepool.signoff.standing import Outcome, Party, Standing, Status
from carepool.signoff.ways import How
from carepool.web.acting import NOT_SIGNED_IN, Problem, carry_out
from carepool.web.asking import HouseRequest
from carepool.web.changes import Row, rows_of
from carepool.web.frame import PlanPage, actor_of
from carepool.web.key_decisions import NOT_SAID, Choices, asks_key, effect_sentences, key_choices, key_in
from carepool.web.people import KINDS, body_name, names_of, who_can
from carepool.web.rights import bodies_for, may

LONGEST = 10_000
"""Characters of reasons."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent with a form that could not be carried out."""

    body: str = ""
    reasons: str = ""
    key_decision: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """A body that the account may decide for, and what it has to know before it does."""

    body: str
    name: str
    says: str
    """What it said last, in a sentence."""
    since: str
    """Which versions are compared, as a heading says it."""
    changes: list[Row] | None
    """What changed since it decided last; None when it never did, or nothing has been saved since."""
    may_agree: bool
    may_refuse: bool
    key_choices: Choices = ()
    """The answers to whether it is a key decision; none where the body takes none."""


@require_safe
def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page."""
    return _show(request, PlanPage(request, plan))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HouseRequest, plan: str) -> HttpResponse:
    """A body agrees or refuses."""
    shown = PlanPage(request, plan)
    if request.method != "POST":
        return redirect(shown.href("plan-decisions"))
    typed = Typed(
        _sent(request, "body", 80), _sent(request, "reasons", LONGEST + 1), _sent(request, "key_decision", 3)
    )
    agrees = _sent(request, "agrees", 3)
    account = shown.account
    if account is None:
        return _show(request, shown, typed, Problem(NOT_SIGNED_IN, "decide", HTTPStatus.FORBIDDEN))
    if agrees not in {"yes", "no"}:
        says = "Choose to agree or to refuse: use one of the two buttons."
        return _show(request, shown, typed, Problem(says, "decide", HTTPStatus.BAD_REQUEST))
    fault = _fault_of_reasons(typed.reasons, needed=agrees == "no")
    if fault:
        return _show(request, shown, typed, Problem(fault, "reasons", HTTPStatus.BAD_REQUEST))
    key = key_in(typed.key_decision) if agrees == "yes" else None
    if agrees == "yes" and key is None and asks_key(shown.house, typed.body):
        return _show(request, shown, typed, Problem(NOT_SAID, "key_decision", HTTPStatus.BAD_REQUEST))
    actor = actor_of(request, account)
    done = carry_out(
        shown.house,
        "decide",
        lambda: decide_plan(
            shown.house, actor, plan, typed.body, _sent(request, "digest", 80), _sent(request, "findings", 80),
            agrees=agrees == "yes", reasons=typed.reasons, how=How(key=key),
        ),
    )  # fmt: skip
    if isinstance(done, Done):
        return redirect(_after(plan, typed.body))
    return _show(request, PlanPage(request, plan), typed, done)


@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HouseRequest, plan: str) -> HttpResponse:
    """NHS England approves, or ministers sign off."""
    shown = PlanPage(request, plan)
    if request.method != "POST":
        return redirect(shown.href("plan-decisions"))
    account, name = shown.account, _sent(request, "stage", 40)
    if account is None:
        return _show(request, shown, problem=Problem(NOT_SIGNED_IN, "stages", HTTPStatus.FORBIDDEN))
    actor = actor_of(request, account)
    digest, findings = _sent(request, "digest", 80), _sent(request, "findings", 80)
    done = carry_out(
        shown.house, "stages", lambda: reach_stage(shown.house, actor, plan, name, digest, findings)
    )
    if isinstance(done, Done):
        return redirect(_after(plan, body_of_stage(shown.view, name)))
    return _show(request, PlanPage(request, plan), problem=done)


def _sent(request: HttpRequest, name: str, longest: int) -> str:
    return request.POST.get(name, "")[:longest]


def _after(plan: str, body: str) -> str:
    return reverse("plan-decisions", kwargs={"plan": plan}, query={"done": body})


def _fault_of_reasons(reasons: str, *, needed: bool) -> str:
    if needed and blank(reasons):
        return "A refusal needs its reasons, so that the others know what to change. Write them."
    if len(reasons) > LONGEST:
        return f"The reasons are longer than {LONGEST:,} characters. Shorten them."
    return ""


def _show(
    request: HouseRequest, shown: PlanPage, typed: Typed | None = None, problem: Problem | None = None
) -> HttpResponse:
    now, found = shown.standing, shown.view
    people = names_of(
        [each.decision.by for each in now.parties if each.decision]
        + [each.by for each in now.reached]
        + ([now.version.by] if now.version else [])
    )
    signers = _signers(shown)
    frame = shown.frame("plan-decisions")
    typed = typed or Typed()
    in_form = any(each.body == typed.body and each.may_refuse for each in signers)
    # The summary leads to the field where there is one, and else to the heading that says who can decide.
    field = _field(problem, typed, signers)
    errors = [*shown_errors(frame), *([(field, problem.says)] if problem else [])]
    context = {
        **frame,
        "errors": errors,
        "problem": problem,
        "typed": typed,
        "typed_apart": problem is not None and bool(typed.reasons.strip()) and not in_form,
        "sentence": sentence(shown),
        "done": _done(shown, request),
        "parties": [_row(shown, party, people) for party in parties_in_order(now)],
        "refusals": _refusals(shown, people),
        "stages": _stages(shown, people),
        "who_can": _who_can(shown),
        "saved_by": people.get(now.version.by, "") if now.version else "",
        "signers": signers,
        "commits": commits_of(found) if signers or _stage_open(shown) else None,
        "stage_open": _stage_open(shown),
        "ways": _ways(shown),
        "outside": [
            (body_name(shown.house, each.body), each.outside) for each in now.parties if each.outside
        ],
        "undone": _undone(shown),
        "passed": _passed(shown),
        "records": [
            (
                f"A decision of {body_name(shown.house, each.body)} was {_put_down(each)} on {day(each.at)} and waits to be confirmed",
                shown.href("plan-record-confirm", signed=each.signed),
            )
            for each in now.said.records.values()
        ],
        "disputes": [body_name(shown.house, each.body) for each in now.disputes],
        "held_up": _held_up(shown),
        "stale": rows_of(problem.changes, found.known.words_of_years)
        if problem and problem.changes is not None
        else None,
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/plan_decisions.jinja", context, status=status)


def _field(problem: Problem | None, typed: Typed, signers: list[Signer]) -> str:
    """What the summary of a problem leads to: the question of the form that was sent, or the heading where there is none."""
    if problem is None or problem.field not in {"reasons", "key_decision"}:
        return problem.field if problem else ""
    if problem.field == "reasons":
        return "reasons" if signers else "decide"
    for number, each in enumerate(signers, 1):
        if each.body == typed.body and each.may_agree and each.key_choices:
            return "key_decision" if number == 1 else f"key_decision-{number}"
    return "decide"


def shown_errors(frame: dict[str, object]) -> list[tuple[str, str]]:
    """The errors that the frame of a page has found already."""
    errors = frame["errors"]
    return list(errors) if isinstance(errors, list) else []


def sentence(shown: PlanPage) -> str:
    """Where the plan stands, in a sentence or two."""
    now = shown.standing
    if now.version is None:
        return "There is no version to decide on yet. The plan lead saves one on purpose, and then it is decided on."
    agreed = sum(each.outcome is Outcome.AGREED for each in now.parties)
    says = f"Version {now.version.number}: {agreed} of {len(now.parties)} bodies have agreed."
    refused = [body_name(shown.house, each.body) for each in now.parties if each.outcome is Outcome.REFUSED]
    waiting = [
        f"{body_name(shown.house, each.body)} (since {day(each.since)})" for each in parties_in_order(now)
        if each in now.awaited
    ]  # fmt: skip
    if now.disputes:
        says += f" In dispute: {_list([body_name(shown.house, each.body) for each in now.disputes])}."
    says = " ".join([says, *effect_sentences(now, lambda body: body_name(shown.house, body))])
    if refused:
        says += f" Refused by {_list(refused)}."
    if waiting:
        return f"{says} Awaited: {_list(waiting)}."
    following = _next_stage(shown)
    if now.status is Status.SIGNED_OFF:
        return f"{says} NHS England has approved it and ministers have signed it off."
    if following and not refused:
        return f"{says} Next: {following.says}; awaited since {day(_stage_since(now))}."
    return says


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _ways(shown: PlanPage) -> list[tuple[str, str]]:
    """The other things that the account can do here, as links."""
    if not _acts(shown) or shown.view.history.current is None:
        return []
    links = [
        (
            "decide_plan",
            "Decide at a meeting, by an urgency route, from a later day, or within limits",
            "plan-decide-how",
            False,
        ),
        ("delegate", "Let somebody else decide, in writing", "plan-delegate", True),
        ("record_decision", "Record a decision from its minute or signed page", "plan-record", False),
        ("send_link", "Send an officer a link to read and sign by", "plan-link", False),
        ("decide_plan", "Open or settle a dispute", "plan-dispute", False),
        ("redeploy_money", "Declare a redeployment that the plan provides for", "plan-redeploy", False),
        ("publish_plan", "Publish a release of what was signed off", "plan-publish", False),
    ]
    return [
        (words, shown.href(name)) for action, words, name, own in links if bodies_for(shown, action, own=own)
    ]


def _undone(shown: PlanPage) -> list[tuple[str, str]]:
    """Decisions of parties that came to nothing and were not made again, in sentences with the address of each."""
    last = {each.body: each for each in shown.standing.said.decisions}
    return [
        (
            f"{body_name(shown.house, each.body)}'s decision was {each.undone.value}{f' on {day(each.undone_at)}' if each.undone_at else ''}.",
            shown.href("plan-decision", signed=each.signed),
        )
        for each in last.values()
        if each.undone
    ]  # fmt: skip


def _passed(shown: PlanPage) -> list[str]:
    """The deadlines that passed with the plan not agreed, each with who was awaited then."""
    due = shown.view.rules.due
    return [
        f"The deadline passed ({due.says if due and due.id == each.event else each.event}"
        f"{f', {day(due.at.day)}' if due and due.id == each.event else ''}), awaiting "
        f"{_awaited(shown, each)}."
        for each in shown.standing.said.passed
    ]


def _awaited(shown: PlanPage, each: Passed) -> str:
    if each.awaited:
        return _list([body_name(shown.house, body) for body in each.awaited])
    return "whom a version named whose content was withdrawn" if each.digest else "a first version"


def _done(shown: PlanPage, request: HttpRequest) -> str:
    """What the account has just recorded, as the facts say it: nothing where they do not."""
    body, account = request.GET.get("done", ""), shown.account
    if account is None or not body:
        return ""
    name, now = body_name(shown.house, body), shown.standing
    for reached in reversed(now.reached):
        if reached.body == body and reached.by == account.id:
            word = "approved" if reached.stage == "approved" else "signed off"
            return f"Recorded: version {now.version.number if now.version else ''} is {word} by {name}."
    party = now.of(body)
    if party is None or party.decision is None or party.decision.by != account.id or not now.version:
        return ""
    if party.decision.digest != now.version.digest:
        return ""
    word = "agreed to" if party.decision.agreed else "refused"
    later = f" It takes effect on {day(party.effective_on)}." if party.effective_on else ""
    return f"Recorded: {name} has {word} version {now.version.number}.{later}"


def _row(shown: PlanPage, party: Party, people: dict[str, str]) -> tuple[object, ...]:
    decision = party.decision
    kind, _, _ = party.body.partition(":")
    decided = decision is not None and party.outcome in {
        Outcome.AGREED, Outcome.REFUSED, Outcome.NOT_YET, Outcome.CALLED_IN,
    }  # fmt: skip
    since = f"{day(party.since)}" if decided else f"awaited since {day(party.since)}"
    said: object = "none yet"
    if decision is not None:
        said = (_version_said(shown, decision), shown.href("plan-decision", signed=decision.signed))
    elif party.record is not None:
        said = (_put_down(party.record), shown.href("plan-record-confirm", signed=party.record.signed))
    by = "nobody yet" if decision is None else signer_name(shown, decision, people)
    return body_name(shown.house, party.body), KINDS[BodyKind(kind)], _said(shown, party), since, by, said


def _said(shown: PlanPage, party: Party) -> str:
    """A party's outcome, with what a reader has to know about it."""
    decision = party.decision
    notes = []
    if party.kept:
        notes.append("within its limits")
    if party.missing and party.outcome is Outcome.IN_PART:
        titles = (shown.view.rules.authorities.title(each).lower() for each in party.missing)
        notes.append(f"awaiting its {_list(list(titles))}")
    if party.effective_on:
        notes.append(f"takes effect on {day(party.effective_on)}")
    if decision and party.outcome not in {Outcome.LAPSED, Outcome.AWAITED}:
        notes += ["to be ratified"] * decision.to_ratify + ["late"] * bool(decision.late_for)
    return f"{party.outcome.value} ({', '.join(notes)})" if notes else party.outcome.value


def signer_name(shown: PlanPage, decision: Decision, people: dict[str, str]) -> str:
    """Who signed: an account's name, or for one who signed by a link the name in what was signed."""
    if decision.way != "link":
        return people.get(decision.by, decision.by)
    document = shown.house.journal.document(decision.record or decision.signed)
    return str(json.loads(document.content)["name"]) if isinstance(document, Document) else "by a link"


def _put_down(record: Record) -> str:
    return "signed by a link" if record.way == "link" else "recorded from a document"


def _version_said(shown: PlanPage, decision: Decision) -> str:
    version = shown.view.history.with_digest(decision.digest)
    word = "agreed to" if decision.agreed else "refused"
    number = version.number if version else "an unknown version"
    return f"{word} version {number}, on {day(decision.at)}"


def _refusals(shown: PlanPage, people: dict[str, str]) -> list[tuple[str, str, str]]:
    """Each refusal that is a body's latest word: its name, who and on what, and the reasons from what was signed."""
    found = []
    for party in shown.standing.parties:
        decision = party.decision
        if decision is None or decision.agreed:
            continue
        document = shown.house.journal.document(decision.record or decision.signed)
        reasons = "The reasons were withdrawn; their digest stands."
        if isinstance(document, Document):
            reasons = str(json.loads(document.content).get("reasons", ""))
        said = f"{signer_name(shown, decision, people)} {_version_said(shown, decision)}"
        found.append((body_name(shown.house, party.body), said, reasons))
    return found


def _stages(shown: PlanPage, people: dict[str, str]) -> list[tuple[str, ...]]:
    found, now = shown.view, shown.standing
    rows: list[tuple[str, ...]] = []
    following = _next_stage(shown)
    for each in found.rules.decisions.stages:
        name = body_name(shown.house, body_of_stage(found, each.name))
        reached = next((one for one in now.reached if one.stage == each.name), None)
        if reached:
            rows.append((each.says, name, "Done", day(reached.at), people[reached.by]))
        elif following is each and _all_agreed(now):
            rows.append((each.says, name, "Awaited", f"awaited since {day(_stage_since(now))}", "nobody yet"))
        else:
            rows.append((each.says, name, "Not yet its turn", "–", "nobody yet"))
    return rows


def _all_agreed(now: Standing) -> bool:
    return now.status in {Status.AGREED, Status.APPROVED, Status.SIGNED_OFF}


def _next_stage(shown: PlanPage) -> Stage | None:
    done = {each.stage for each in shown.standing.reached}
    return next((each for each in shown.view.rules.decisions.stages if each.name not in done), None)


def _stage_since(now: Standing) -> datetime:
    """Since when the next stage is awaited: the latest decision or stage before it."""
    return max([each.since for each in now.parties] + [each.at for each in now.reached])


def _acts(shown: PlanPage) -> bool:
    """Whether the page has forms at all: not where it is shown as at another day, nor to who is not signed in."""
    return shown.account is not None and shown.when.day is None


def _actor(shown: PlanPage) -> Actor:
    return Actor(shown.account.id if shown.account else "", "")


def _may(shown: PlanPage, action: str, body: str) -> bool:
    return isinstance(permit(shown.house, shown.view.rules, action, _actor(shown), body), Permit)


def _stage_open(shown: PlanPage) -> dict[str, str] | None:
    """The stage that the account can take the plan through now, if any."""
    following = _next_stage(shown)
    if not (_acts(shown) and following and _all_agreed(shown.standing)):
        return None
    if not _may(shown, following.action, body_of_stage(shown.view, following.name)) or _held_up(shown):
        return None
    word = "Approve" if following.name == "approved" else "Sign off"
    return {"name": following.name, "says": following.says, "button": word}


def _held_up(shown: PlanPage) -> str:
    """Why the next stage is not reached here now: by way of assurance alone, or its conditions are open."""
    following = _next_stage(shown)
    if shown.when.day or following is None or not _all_agreed(shown.standing):
        return ""
    record = record_at(shown.house, shown.view.history.id)
    refused = held_up(shown.view.rules, record, following.name)
    return refused.says if refused else ""


def _who_can(shown: PlanPage) -> list[str]:
    """Who can do what is awaited, in sentences; nothing on a page as at another day: offices are today's."""
    now, found = shown.standing, shown.view
    if shown.when.day or now.version is None or now.status is Status.SIGNED_OFF:
        return []
    if _all_agreed(now):
        following = _next_stage(shown)
        if following is None:
            return []
        return who_can(shown.house, found.rules, following.action, [body_of_stage(found, following.name)])
    undecided = [each.body for each in parties_in_order(now) if each.outcome is not Outcome.AGREED]
    return who_can(shown.house, found.rules, "decide_plan", undecided)


def _signers(shown: PlanPage) -> list[Signer]:
    """The bodies that the account can decide for, while the plan is not approved."""
    now = shown.standing
    if not _acts(shown) or now.version is None or now.reached:
        return []
    return [_signer(shown, each) for each in now.parties if may(shown, "decide_plan", each.body)]


def _signer(shown: PlanPage, party: Party) -> Signer:
    history, current = shown.view.history, shown.standing.version
    name, decision = body_name(shown.house, party.body), party.decision
    before = history.with_digest(decision.digest) if decision else None
    changes: list[Row] | None = None
    since = ""
    if decision is None or before is None or current is None:
        says = f"{name} has not decided before: all of the plan is new to it."
    elif before.digest == current.digest:
        says = f"{name} has {_version_said(shown, decision)}. Nothing has been saved since."
    else:
        says = f"{name} {_version_said(shown, decision)}, and version {current.number} has been saved since."
        since = f"What changed from version {before.number} to version {current.number}"
        found = compare_versions(shown.house, history.id, before.number, current.number)
        changes = rows_of(found, shown.view.known.words_of_years)
    return Signer(
        party.body, name, says, since, changes,
        party.outcome is not Outcome.AGREED and not shown.view.blocked, party.outcome is not Outcome.REFUSED,
        key_choices(shown.house, party.body),
    )  # fmt: skip


def commits_of(found: PlanView) -> dict[str, object]:
    """What signing commits its parties to: money in by party, schemes, and where rules pay the target and what is at stake."""
    plan, years = found.plan, found.known.year_fields
    field, last = list(years.items())[-1]
    names = {code: found.area.bodies[body_id(kind, code)].name for kind, code in _contributors(found)}
    money = [
        (
            names.get(code, code),
            *(sum(getattr(row, each) for row in plan.sources.sources if row.contributor == code) for each in years),
        )
        for code in dict.fromkeys(row.contributor for row in plan.sources.sources)
    ]  # fmt: skip
    schemes = [
        (
            each.name or each.id,
            each.what,
            each.who_for,
            sum(getattr(row, field) for row in plan.spend.spend if row.scheme == each.id),
        )
        for each in plan.schemes.schemes
    ]
    return {
        "columns": [("Party", "text"), *((year, "money") for year in years.values())],
        "last": last,
        "money": money,
        "money_total": ("All parties", *(plan.total("sources", each) for each in years)),
        "schemes": schemes,
        "spend_total": ("All schemes", "", "", plan.total("spend", field)),
        **_at_risk(found),
    }


def _at_risk(found: PlanView) -> dict[str, object]:
    """The target and what depends on it, in words."""
    if not found.rules.pays:
        return {"target": "", "risk": "No payment by results is computed under these rules."}
    plan = found.plan
    baseline = sum((row.baseline for row in plan.target.quarters), Decimal(0))
    cut = baseline - sum((row.planned for row in plan.target.quarters), Decimal(0))
    at_stake = pence_for(terms_of(found.rules), cut)
    return {
        "target": f"{count(cut, 0)} fewer non-elective admissions than the {count(baseline, 0)} of the baseline year"
        + (f", a cut of {percent(cut * 100 / baseline, 1)}." if baseline else "."),
        "risk": f"{in_pounds(at_stake)} is paid into the pool only as far as admissions really fall. "
        "What is not earned stays with the CCGs."
        if at_stake
        else "The target promises no cut, so no money depends on it.",
    }


def _contributors(found: PlanView) -> list[tuple[BodyKind, str]]:
    """The partners by kind and code; what is no body of the area is left out."""
    parties = found.plan.parties
    pairs = [(BodyKind.COUNCIL, code) for code in parties.councils] + [
        (found.known.commissioner, code) for code in parties.ccgs
    ]
    return [(kind, code) for kind, code in pairs if body_id(kind, code) in found.area.bodies]
