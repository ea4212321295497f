"""Publishing a plan's release: what would be published, what is withheld and why, what the audit found, and one button."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.papers import WITHHOLDABLE
from carepool.actions.permits import Actor
from carepool.actions.publishing import Prepared, prepare, publish, publisher, releases_of
from carepool.actions.standings import signed_off_version
from carepool.basics.findings import Severity, blocks
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.disclosure.audit import Interval
from carepool.journal.commands import Done
from carepool.offices.holdings import Permit
from carepool.plans.document import EVERY
from carepool.plans.redaction import REASONS
from carepool.web.acting import Problem
from carepool.web.acts import Act, Answers, Wrong, answers_of, carry_out_act, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage

LOOK, PUBLISH = "look", "publish"
LONGEST, MOST = 120, 60
"""Characters that name what is withheld with its reason, and how many may be."""
ROWS = 200
"""Bounds of hidden counts that the page shows; the narrowest come first."""
INTERVALS = [
    ("Measure", "text"), ("Board", "text"), ("Period", "text"), ("Count", "text"), ("At least", "number"), ("At most", "number"), ("It can be", "text"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What an approver has chosen for the release that they look at."""

    withheld: Mapping[str, str]
    """Sections and fields, each with the code of its reason."""
    correct: int | None
    says: str

    def hidden(self, audit: str) -> tuple[tuple[str, str], ...]:
        """The same as a form carries it on, with the digest of the audit that was shown."""
        withheld = " ".join(f"{where}:{reason}" for where, reason in self.withheld.items())
        return ("audit", audit), ("withheld", withheld), ("correct", str(self.correct or "")), ("says", self.says)  # fmt: skip


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The audit of the release as it would be published now, or with what was chosen; or the release, once it is published."""
    shown = PlanPage(request, plan)
    answers, problem, sent = Answers({}, {}), None, ""
    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        if sent != LOOK:
            published = _Published(shown)
            problem = carry_out_act(request, sent, answers, published.do, shown.said)
            if problem is None:
                return redirect("release", plan=plan, number=published.number)
    allowed = publisher(shown.house, shown.account.id if shown.account else "", shown.view)
    context = {
        **shown.frame("plan-versions"),
        "allowed": allowed if isinstance(allowed, Permit) else None,
        "why": shown.said(allowed.says) if isinstance(allowed, Refused) else "",
        "found": None,
        "releases": [(f"Release {each.name}", reverse("release", args=[plan, each.number])) for each in releases_of(shown.house, plan)],
        **_nothing(problem),
    }  # fmt: skip
    if signed_off_version(shown.house, plan) is None:
        context["why"] = (
            "Ministers have not signed off a version of this plan, so there is nothing to publish yet. No draft is ever published."
        )
    elif isinstance(allowed, Permit):
        context |= _preview(shown, answers, sent, problem)
    problem_now = context["problem"]
    status = problem_now.status if isinstance(problem_now, Problem) else HTTPStatus.OK
    return render(request, "web/publishing.jinja", context, status=status)


class _Published:
    """Publishes what was chosen, and knows afterwards which release it became."""

    def __init__(self, shown: PlanPage) -> None:
        self._shown = shown
        self.number = 0

    def do(self, actor: Actor, act: str, given: Answers) -> Done | Refused:
        """Publish it in the name of who sent the form, who names the audit that they were shown."""
        if act != PUBLISH:
            raise unknown_act(act)
        house, plan = self._shown.house, self._shown.view.history.id
        done = publish(house, actor, _prepared(self._shown, _choice(self._shown, given)), given.text("audit"))
        if isinstance(done, Done):
            self.number = next(each.number for each in releases_of(house, plan) if each.digest == done.answer)
        return done


def _nothing(problem: Problem | None) -> dict[str, object]:
    return {"problem": problem, "errors": [(f"{PUBLISH}-form", problem.says)] if problem else []}


def _preview(shown: PlanPage, answers: Answers, sent: str, problem: Problem | None) -> dict[str, object]:
    """What the page shows of the release: what cannot be used of the choice is a problem, and the release as it would be without it."""
    last = next(reversed(releases_of(shown.house, shown.view.history.id)), None)
    reached = signed_off_version(shown.house, shown.view.history.id)
    # What was published already can only be put right: the form then begins so.
    default = Choice({}, last.number if last and reached and last.of == reached.digest else None, "")
    choice, typed = default, answers.typed if sent in {LOOK, PUBLISH} else {}
    try:
        choice = _choice(shown, answers) if typed else default
        found = _prepared(shown, choice)
    except Wrong as wrong:
        problem = Problem(wrong.says, wrong.field, HTTPStatus.BAD_REQUEST)
        choice, found = default, _prepared(shown, default)
    stopped = blocks(found.findings)
    return {
        **_choosing(shown, choice, typed),
        **_audit(found),
        "found": found,
        "stopped": stopped,
        "act": None if stopped else Act(
            PUBLISH, "Publish it", "Publish this release", (),
            ("Everybody can read it from then on, and it never changes. What is wrong in it can only be put right by another release.",),
            choice.hidden(found.audit_digest),
        ),
        "problem": problem,
        "errors": [(problem.field if problem.field in {"says", "field", "correct"} else f"{PUBLISH}-form", problem.says)] if problem else [],
    }  # fmt: skip


def _choosing(shown: PlanPage, choice: Choice, typed: Mapping[str, str]) -> dict[str, object]:
    """The form in which it is chosen what is withheld, and what is put right."""
    plan = shown.view.history.id
    return {
        "sections": [(name, EVERY[name].title, choice.withheld.get(name, "")) for name in WITHHOLDABLE],
        "fields": [(where, reason) for where, reason in choice.withheld.items() if "/" in where],
        "reasons": list(REASONS.items()),
        "earlier": [(str(each.number), each.name) for each in releases_of(shown.house, plan)],
        "correct": str(choice.correct or ""),
        "says": choice.says or typed.get("says", ""),
        "field": typed.get("field", ""),
    }


def _audit(found: Prepared) -> dict[str, object]:
    """The evidence that the approver is shown."""
    narrow = {each for evidence in found.evidence for each in evidence.narrow}
    intervals = [each for evidence in found.evidence for each in evidence.intervals]
    ordered = sorted(intervals, key=lambda each: (each.values() is None, each.values() or 0, each.count))
    return {
        "documents": [(each.path, each.what, each.document.digest[:12]) for each in found.documents],
        "withheld": [
            (str(each["where"]), str(each["says"]), f"The section “{EVERY[str(each['section'])].title}” stands by its digest alone")
            for each in _rows(found.content["withheld"])
        ],
        "findings": [
            ({Severity.BLOCKER: "Stops it", Severity.WARNING: "Look at this", Severity.NOTE: "Know this"}[each.severity], each.says, each.remedy)
            for each in sorted(found.findings, key=lambda each: list(Severity).index(each.severity))
        ],
        "hidden": len(intervals),
        "possible": max((each.possible for each in found.evidence), default=0),
        "narrow": len(narrow),
        "interval_columns": INTERVALS,
        "intervals": [_bounds(each, refused=each in narrow) for each in ordered[:ROWS]],
        "changed": found.content["corrects"],
    }  # fmt: skip


def _bounds(each: Interval, *, refused: bool) -> tuple[object, ...]:
    subject, row, column = each.count
    measure, board, period, *_ = subject.split("/")
    values = each.values()
    can = "any number from there" if values is None else f"{values} different numbers"
    count = " ".join(word for word in (row if row != "all" else "", column or "the whole") if word)
    return measure.replace("_", " "), board, period, count, each.least, each.greatest, f"{can}: too few, so it is refused" if refused else can  # fmt: skip


def _rows(value: object) -> list[Mapping[str, object]]:
    assert isinstance(value, list)  # noqa: S101  (written so by prepare)
    return value


def _choice(shown: PlanPage, given: Answers) -> Choice:
    """What a form asks: of the form that chooses, or carried on by the one that publishes. Wrong for what cannot be used."""
    request = shown.request
    asked = [each for each in given.text("withheld").split(" ") if each] + request.POST.getlist("withhold")
    if field := given.text("field"):
        asked.append(f"{field}:{given.text('reason')}")
    withheld = {}
    for each in asked[:MOST]:
        where, _, reason = each[:LONGEST].partition(":")
        if reason:
            withheld[where.strip()] = reason.strip()
        elif field and each.startswith(field):
            raise Wrong("field", f"“{field[:LONGEST]}” has no reason. Choose why it is withheld.")
    number = given.text("correct")
    if number and not (number.isascii() and number.isdecimal() and len(number) < 9):
        raise Wrong("correct", f"“{number[:20]}” is no release of this plan. Choose one of those that there are.")  # fmt: skip
    return Choice(withheld, int(number) if number else None, given.text("says"))


def _prepared(shown: PlanPage, choice: Choice) -> Prepared:
    """The release as it would be published. Wrong where the choice names what is not there."""
    try:
        return prepare(shown.house, shown.view.history.id, withheld=choice.withheld, correct=choice.correct, says=choice.says)  # fmt: skip
    except (NotHere, Unusable) as error:
        raise Wrong("field", str(error)) from error
