"""Judging a plan one question at a time, the question at the left and its evidence at the right; what is begun is kept and only its author sees it."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.assurances import Wanted, judged_in, review_for
from carepool.actions.assuring import (
    MODERATION,
    Unfinished,
    decide_outcome,
    keep_judgement,
    kept_judgement,
    moderate,
    section_of,
    submit_review,
)
from carepool.assurance.judgement import LONGEST, QUALITY, RISK, Item, Judged, Judgement
from carepool.assurance.outcome import suggest
from carepool.basics.findings import Finding
from carepool.basics.refusals import NotHere, Refused
from carepool.basics.words import blank
from carepool.journal.commands import Done
from carepool.plans.document import EVERY, sections_asked
from carepool.plans.parts import day_typed
from carepool.web.acting import NOT_SIGNED_IN, Problem, carry_out
from carepool.web.asking import HouseRequest
from carepool.web.assurance_frame import AssurancePage
from carepool.web.decisions import shown_errors
from carepool.web.frame import actor_of, looking
from carepool.web.places_in_plan import section_of as section_in
from carepool.web.places_in_plan import wording
from carepool.web.section_counted import of_condition
from carepool.web.section_tables import shown as section_shown
from carepool.web.signing_in import to_sign_in

MOST_CONDITIONS = 6
"""Rows for conditions on the form of an outcome."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody judges: a side's review, or the moderation of both."""

    shown: AssurancePage
    side: str
    """Empty for the moderation."""

    @property
    def section(self) -> str:
        """Under which their draft is kept."""
        return section_of(self.side) if self.side else MODERATION

    @property
    def title(self) -> str:
        """What is done here."""
        return f"Review for {self.shown.side_title(self.side)}" if self.side else "Moderate both reviews"

    def href(self, item: Item | None = None) -> str:
        """The address of the list, or of one question."""
        args = {"plan": self.shown.view.history.id}
        if item is None:
            return reverse("plan-review", kwargs={**args, "side": self.side}) if self.side else reverse("plan-moderate", kwargs=args)  # fmt: skip
        args["item"] = slug(item)
        return reverse("plan-review-item", kwargs={**args, "side": self.side}) if self.side else reverse("plan-moderate-item", kwargs=args)  # fmt: skip

    def judged(self) -> tuple[Judgement, str]:
        """What they have judged so far, and a sentence where it was begun on another version."""
        shown, digest = self.shown, self.shown.found.digest
        kept = kept_judgement(shown.house, shown.view.history.id, self.section, shown.id)
        if kept:
            earlier = (
                "You began this on an earlier version. Look at each answer again."
                if kept[1] != digest
                else ""
            )
            return kept[0], earlier
        if self.side:
            mine = shown.record.on(digest).get(self.side)
            if mine and mine.by == shown.id:
                return review_for(shown.house, shown.found, mine, shown.id) or Judgement(), ""
            return Judgement(), ""
        moderated = shown.record.moderated_on(digest)
        if moderated:
            return judged_in(shown.house, moderated.document) or Judgement(), ""
        return self._agreed(), ""

    def reviews(self) -> list[tuple[str, Judgement]]:
        """Both reviews by side, for a moderator; none at a reviewer's desk."""
        if self.side:
            return []
        shown = self.shown
        held = shown.record.on(shown.found.digest)
        read = [(side, review_for(shown.house, shown.found, held[side], shown.id)) for side in shown.found.sides if side in held]  # fmt: skip
        return [(shown.side_title(side), each) for side, each in read if each is not None]

    def _agreed(self) -> Judgement:
        """What both reviewers gave alike, to begin from; what they gave otherwise stays open."""
        both = [each for _, each in self.reviews()]
        if len(both) < 2:
            return Judgement()
        return Judgement({
            item.key: Judged(both[0].level(item.key))
            for item in self.shown.found.items
            if len({each.level(item.key) for each in both}) == 1 and both[0].level(item.key)
        })  # fmt: skip


def slug(item: Item) -> str:
    """An item in an address."""
    return item.key.replace("/", "-")


# A side's review


def review(request: HouseRequest, plan: str, side: str) -> HttpResponse:
    """The list of questions with what was answered; sent, the review is handed in."""
    shown = AssurancePage(request, plan)
    if shown.account is None:
        return to_sign_in(request)
    shown.found.rules.assurance.side(side) if side in shown.found.sides else _no_side(shown, side)
    desk = Desk(shown, side)
    if side not in shown.my_sides():
        return _not_mine(request, desk)
    if request.method != "POST":
        return _list(request, desk)
    judged, _ = desk.judged()
    return _hand_in(request, desk, judged)


def _no_side(shown: AssurancePage, side: str) -> None:
    raise NotHere(f"There is no side “{side}”. Reviews are for {', '.join(shown.found.sides)}.")


def review_item(request: HouseRequest, plan: str, side: str, item: str) -> HttpResponse:
    """One question, with its evidence beside it; sent, the answer is kept."""
    shown = AssurancePage(request, plan)
    if shown.account is None:
        return to_sign_in(request)
    if side not in shown.found.sides:
        _no_side(shown, side)
    desk = Desk(shown, side)
    if side not in shown.my_sides():
        return _not_mine(request, desk)
    return _one(request, desk, item)


# Moderation


def moderation(request: HouseRequest, plan: str) -> HttpResponse:
    """The list of questions with both reviewers' answers; sent, the moderation is recorded."""
    shown = AssurancePage(request, plan)
    if shown.account is None:
        return to_sign_in(request)
    desk = Desk(shown, "")
    if not _may_moderate(shown):
        return _not_mine(request, desk)
    if request.method != "POST":
        return _list(request, desk)
    judged, _ = desk.judged()
    return _hand_in(request, desk, judged)


def moderation_item(request: HouseRequest, plan: str, item: str) -> HttpResponse:
    """One question with both answers and its evidence; sent, the moderated answer is kept."""
    shown = AssurancePage(request, plan)
    if shown.account is None:
        return to_sign_in(request)
    desk = Desk(shown, "")
    if not _may_moderate(shown):
        return _not_mine(request, desk)
    return _one(request, desk, item)


def _may_moderate(shown: AssurancePage) -> bool:
    """Whether who is signed in moderates this version now: both reviews are in, and it has no outcome yet."""
    return (
        shown.found.both_in
        and not shown.record.decided_on(shown.found.digest)
        and shown.may("moderate_review")
    )


# What they share


def _not_mine(request: HouseRequest, desk: Desk) -> HttpResponse:
    """Who may not judge here is told who does, and sees nothing of it."""
    says = (
        "You are not this side's reviewer of this plan. The moderator chooses who is."
        if desk.side
        else "Both reviews have to be in, and a moderator moderates them."
    )
    context = {**desk.shown.frame("plan-assurance"), "desk": desk, "says": says}
    return render(request, "web/assurance_closed.jinja", context, status=HTTPStatus.FORBIDDEN)


def _hand_in(request: HouseRequest, desk: Desk, judged: Judgement) -> HttpResponse:
    shown = desk.shown
    account, plan = shown.account, shown.view.history.id
    if account is None:
        return _list(request, desk, problem=Problem(NOT_SIGNED_IN, "hand-in", HTTPStatus.FORBIDDEN))
    actor, digest = actor_of(request, account), request.POST.get("digest", "")[:80]
    findings: list[Finding] = []

    def act() -> Done | Refused:
        answer = (
            submit_review(shown.house, actor, plan, desk.side, digest, judged)
            if desk.side
            else moderate(shown.house, actor, plan, digest, judged)
        )
        if isinstance(answer, Unfinished):
            findings.extend(answer.findings)
            return Refused(answer.says)
        return answer

    done = carry_out(shown.house, "hand-in", act)
    if isinstance(done, Done):
        query = {"done": "review" if desk.side else "moderated"}
        return redirect(reverse("plan-assurance", kwargs={"plan": plan}, query=query))
    return _list(request, Desk(AssurancePage(request, plan), desk.side), done, findings)


def _list(
    request: HouseRequest, desk: Desk, problem: Problem | None = None, findings: list[Finding] | None = None
) -> HttpResponse:
    shown = desk.shown
    judged, earlier = desk.judged()
    frame = shown.frame("plan-assurance")
    wrong: dict[str, str] = {each.where.rpartition("/")[0]: f"{each.says} {each.remedy}" for each in findings or ()}  # fmt: skip
    reviews = desk.reviews()
    rows = [
        {
            "item": each,
            "href": desk.href(each),
            "chosen": each.title(judged.level(each.key)) if judged.level(each.key) else "",
            "others": [(title, each.title(one.level(each.key))) for title, one in reviews],
            "differs": len({one.level(each.key) for _, one in reviews}) > 1,
            "error": wrong.get(each.key, ""),
            "id": slug(each),
        }
        for each in shown.found.items
    ]  # fmt: skip
    errors = [*shown_errors(frame)]
    if problem:
        errors += [(str(row["id"]), str(row["error"])) for row in rows if row["error"]] or [
            ("hand-in", problem.says)
        ]
    held = shown.record.on(shown.found.digest)
    context = {
        **frame,
        "errors": errors,
        "problem": problem,
        "desk": desk,
        "rows": rows,
        "left": sum(not row["chosen"] for row in rows),
        "earlier": earlier,
        "handed_in": bool(desk.side) and desk.side in held,
        "closed": bool(desk.side) and shown.found.both_in,
        "version": shown.found.version,
        "back": shown.href("plan-assurance"),
    }
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "web/assurance_review.jinja", context, status=status)


def _one(request: HouseRequest, desk: Desk, name: str) -> HttpResponse:
    shown, items = desk.shown, desk.shown.found.items
    place = next((number for number, each in enumerate(items) if slug(each) == name), None)
    if place is None:
        raise NotHere(f"There is no question “{name}” here. The list of questions has them all.")
    item, problem = items[place], None
    judged, _ = desk.judged()
    mine = judged.items.get(item.key, Judged(""))
    if request.method == "POST":
        mine = Judged(request.POST.get("level", "")[:40], request.POST.get("words", "").replace("\r\n", "\n")[: LONGEST + 1])  # fmt: skip
        problem = _keep(desk, item, judged, mine)
        if problem is None:
            following = items[place + 1] if place + 1 < len(items) else None
            on = request.POST.get("then") == "next" and following
            return redirect(desk.href(following) if on else desk.href() + f"#{slug(item)}")
    frame = shown.frame("plan-assurance")
    context = {
        **frame,
        "errors": [*shown_errors(frame), *([(problem.field, problem.says)] if problem else [])],
        "problem": problem,
        "desk": desk,
        "item": item,
        "mine": mine,
        "place": place + 1,
        "many": len(items),
        "last": place + 1 == len(items),
        "looks_for": _looks_for(shown, item),
        "others": [(title, _said(item, each)) for title, each in desk.reviews()],
        "evidence": _evidence(shown, item),
        "counted": _counted(shown, item),
        "findings": _findings(shown, item),
        "before": desk.href(items[place - 1]) if place else "",
        "back": desk.href(),
    }
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "web/assurance_item.jinja", context, status=status)


def _keep(desk: Desk, item: Item, judged: Judgement, mine: Judged) -> Problem | None:
    """Keep an answer in the draft; what cannot be kept is a problem at its field."""
    shown = desk.shown
    if shown.account is None:
        return Problem(NOT_SIGNED_IN, "words", HTTPStatus.FORBIDDEN)
    if len(mine.words) > LONGEST:
        return Problem(f"The words are longer than {LONGEST:,} characters. Shorten them.", "words", HTTPStatus.BAD_REQUEST)  # fmt: skip
    if mine.level and mine.level not in {each.id for each in item.scale}:
        return Problem("Choose one of the answers.", "level", HTTPStatus.BAD_REQUEST)
    kept = Judgement({**judged.items, item.key: mine}, judged.words)
    actor = looking(shown.account)
    refused = keep_judgement(shown.house, actor, shown.view.history.id, desk.section, shown.found.digest, kept)  # fmt: skip
    return Problem(shown.said(refused.says), "words", HTTPStatus.FORBIDDEN) if refused else None


def _said(item: Item, judged: Judgement) -> tuple[str, str]:
    found = judged.items.get(item.key, Judged(""))
    return item.title(found.level) if found.level else "Not answered", found.words


def _looks_for(shown: AssurancePage, item: Item) -> tuple[str, ...]:
    if not item.is_answer:
        return ()
    return shown.found.rules.enquiries.of(item.key.removeprefix("answers/")).looks_for


def _sections(shown: AssurancePage, item: Item) -> tuple[str, ...]:
    """The sections of the plan that an item is judged by."""
    asked = sections_asked(shown.view.rules)
    if item.is_answer:
        wanted = shown.found.rules.enquiries.of(item.key.removeprefix("answers/")).evidence
        return tuple(each for each in wanted if each in asked)
    if item.key in {QUALITY, RISK}:
        return ("vision", "action", "risks") if item.key == RISK else ("vision", "schemes")
    return tuple(each for each in ("benefits", "schemes") if each in asked)


def _counted(shown: AssurancePage, item: Item) -> list[str]:
    """What the person wing counts of the condition that a question belongs to."""
    if not item.is_answer:
        return []
    condition = shown.found.rules.enquiries.of(item.key.removeprefix("answers/")).belongs_to
    return of_condition(shown, condition) if condition else []


def _evidence(shown: AssurancePage, item: Item) -> list[tuple[str, object, str]]:
    """Title, content and address of each section that an item is judged by."""
    words = wording(shown.view)
    return [
        (EVERY[each].title, section_shown(shown.view, shown.view.plan, each, words), shown.href("plan-section", section=each))
        for each in _sections(shown, item)
    ]  # fmt: skip


def _findings(shown: AssurancePage, item: Item) -> list[Finding]:
    """What the checks find in these sections."""
    wanted = set(_sections(shown, item))
    return [each for each in shown.view.findings if section_in(each.where) in wanted]


# The outcome


@dataclass(frozen=True, slots=True)
class OutcomeTyped:
    """What was sent with the form of an outcome."""

    outcome: str = ""
    reasons: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    """Words and day of each condition, as typed."""


def outcome(request: HouseRequest, plan: str) -> HttpResponse:
    """Decide the outcome, with the suggested one beside it."""
    shown = AssurancePage(request, plan)
    if shown.account is None:
        return to_sign_in(request)
    moderated = shown.record.moderated_on(shown.found.digest)
    if not (shown.may("approve_plan") and moderated) or shown.record.decided_on(shown.found.digest):
        says = (
            "An outcome is decided once, by whoever may approve the plan, after both reviews are moderated."
        )
        context = {**shown.frame("plan-assurance"), "desk": None, "says": says}
        return render(request, "web/assurance_closed.jinja", context, status=HTTPStatus.FORBIDDEN)
    if request.method != "POST":
        return _outcome_form(request, shown, OutcomeTyped())
    numbers = range(1, MOST_CONDITIONS + 1)
    typed = OutcomeTyped(
        request.POST.get("outcome", "")[:40],
        request.POST.get("reasons", "").replace("\r\n", "\n")[: LONGEST + 1],
        tuple((request.POST.get(f"words-{n}", "")[: LONGEST + 1], request.POST.get(f"due-{n}", "")[:40]) for n in numbers),
    )  # fmt: skip
    wanted, problem = _wanted(typed)
    if typed.outcome not in {each.id for each in shown.found.rules.assurance.outcomes}:
        problem = problem or Problem("Choose an outcome.", "outcome", HTTPStatus.BAD_REQUEST)
    if problem:
        return _outcome_form(request, shown, typed, problem)
    actor, digest = actor_of(request, shown.account), request.POST.get("digest", "")[:80]

    def act() -> Done | Refused:
        answer = decide_outcome(shown.house, actor, plan, digest, typed.outcome, wanted, typed.reasons)
        return Refused(answer.says) if isinstance(answer, Unfinished) else answer

    done = carry_out(shown.house, "outcome", act)
    if isinstance(done, Done):
        return redirect(reverse("plan-assurance", kwargs={"plan": plan}, query={"done": "decided"}))
    return _outcome_form(request, AssurancePage(request, plan), typed, done)


def _wanted(typed: OutcomeTyped) -> tuple[tuple[Wanted, ...], Problem | None]:
    """The conditions that were typed; a day that is none is a problem at its field."""
    found = []
    for number, (words, due) in enumerate(typed.rows, 1):
        if blank(words) and blank(due):
            continue
        try:
            found.append(Wanted(words, day_typed(due)))
        except ValueError as error:
            said = str(error)
            return (), Problem(f"Condition {number}: {said}.", f"due-{number}", HTTPStatus.BAD_REQUEST)
    return tuple(found), None


def _outcome_form(
    request: HouseRequest, shown: AssurancePage, typed: OutcomeTyped, problem: Problem | None = None
) -> HttpResponse:
    moderated = shown.record.moderated_on(shown.found.digest)
    judged = judged_in(shown.house, moderated.document) if moderated else None
    suggested = suggest(shown.found.rules, judged) if judged else None
    frame = shown.frame("plan-assurance")
    rows = [*typed.rows, *[("", "")] * (MOST_CONDITIONS - len(typed.rows))]
    context = {
        **frame,
        "errors": [*shown_errors(frame), *([(problem.field, problem.says)] if problem else [])],
        "problem": problem,
        "typed": typed,
        "rows": rows,
        "outcomes": shown.found.rules.assurance.outcomes,
        "suggested": shown.found.rules.assurance.outcome(suggested.outcome) if suggested else None,
        "version": shown.found.version,
        "back": shown.href("plan-assurance"),
    }
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "web/assurance_outcome.jinja", context, status=status)
