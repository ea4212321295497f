"""One thing that somebody does to a plan, as a page: what it is, what is asked, and one button; what was typed is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Literal, Protocol

from django.http import HttpResponse
from django.shortcuts import redirect, render

from carepool.actions.editing import Stale
from carepool.actions.permits import Actor
from carepool.basics.money import Pence
from carepool.basics.refusals import Refused, Unusable
from carepool.basics.words import seen
from carepool.journal.commands import Done
from carepool.plans.parts import day_typed, pence_typed
from carepool.web.acting import NOT_SIGNED_IN, Problem, carry_out
from carepool.web.asking import HouseRequest
from carepool.web.frame import When, account_of, actor_of

LONGEST = 10_000
"""Characters of one answer."""

Kind = Literal["line", "words", "day", "money", "choice", "file"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One field."""

    name: str
    label: str
    kind: Kind = "line"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done, with what it asks for."""

    id: str
    """Which of a page's forms was sent."""
    title: str
    button: str
    asks: tuple[Ask, ...]
    says: tuple[str, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    warns: bool = False
    """Whether it takes something back, so that its button stands apart."""


class Wrong(Exception):
    """An answer that cannot be used: the field, and what to do, in a sentence."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field, self.says = field, says


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed into a form."""

    typed: Mapping[str, str]
    files: Mapping[str, bytes]

    def text(self, name: str) -> str:
        """An answer as it was typed, without what stands around it."""
        return seen(self.typed.get(name, ""))

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """A day. Wrong for what is none."""
        if not self.text(name) and not needed:
            return None
        try:
            return day_typed(self.text(name))
        except ValueError as error:
            said = f"This day {error}" if not str(error).startswith("“") else str(error)
            raise Wrong(name, f"{said}.") from error

    def pence(self, name: str, *, needed: bool = True) -> Pence | None:
        """An amount. Wrong for what is none."""
        if not self.text(name) and not needed:
            return None
        try:
            return pence_typed(self.text(name))
        except ValueError as error:
            said = str(error) if str(error).startswith("“") else f"This amount {error}"
            raise Wrong(name, f"{said}.") from error


def answers_of(request: HouseRequest) -> Answers:
    """What a form sent, no answer longer than it may be."""
    typed = {name: str(value)[: LONGEST + 1] for name, value in request.POST.items()}
    files = {name: each.read() for name, each in request.FILES.items() if hasattr(each, "read")}
    return Answers(typed, files)


Do = Callable[[Actor, str, Answers], Done | Refused | Stale]
"""Carries an act out by its id."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table above the forms."""

    caption: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[object]]
    id: str


class Framed(Protocol):
    """A page with a frame around it: of a plan, or of a pool."""

    @property
    def when(self) -> When:
        """The instant that it is asked as at."""
        ...

    def frame(self, here: str) -> dict[str, object]:
        """What the frame shows."""
        ...

    def said(self, says: str) -> str:
        """A sentence with names for ids."""
        ...


def act_page(
    request: HouseRequest,
    shown: Framed,
    title: str,
    says: Sequence[str],
    acts: Sequence[Act],
    do: Do,
    after: str | Callable[[], HttpResponse],
    tables: Sequence[Table] = (),
    nothing: str = "There is nothing here that you can do now.",
    *,
    here: str = "plan-decisions",
    template: str = "web/act.jinja",
) -> HttpResponse:
    """The page of some acts: shown, or carried out and then on to ``after``, an address or what answers at once."""
    answers, problem, sent = Answers({}, {}), None, ""
    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        problem = carry_out_act(request, sent, answers, do, shown.said)
        if problem is None:
            return redirect(after) if isinstance(after, str) else after()
    frame = shown.frame(here)
    errors = frame["errors"]
    assert isinstance(errors, list)  # noqa: S101 (every frame's)
    context = {
        **frame,
        "title": title,
        "says": says,
        "acts": acts,
        "tables": tables,
        "typed": answers.typed,
        "sent": sent,
        "problem": problem,
        "nothing": nothing,
        "errors": [*errors, *([(f"{sent}-{problem.field}", problem.says)] if problem else [])],
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, template, context, status=status)


def carry_out_act(
    request: HouseRequest, sent: str, answers: Answers, do: Do, said: Callable[[str], str]
) -> Problem | None:
    """Do what a form asks: a problem in words, or None where it was done. ``said`` puts names for ids."""
    account = account_of(request)
    if account is None:
        return Problem(NOT_SIGNED_IN, "form", HTTPStatus.FORBIDDEN)
    long = next((name for name, each in answers.typed.items() if len(each) > LONGEST), None)
    if long is not None:
        return Problem(
            f"This is longer than {LONGEST:,} characters. Shorten it.", long, HTTPStatus.BAD_REQUEST
        )
    actor = actor_of(request, account)
    try:
        done = carry_out(request.house, "form", lambda: do(actor, sent, answers))
    except Wrong as wrong:
        return Problem(wrong.says, wrong.field, HTTPStatus.BAD_REQUEST)
    except Unusable as error:
        return Problem(said(str(error)), "form", HTTPStatus.BAD_REQUEST)
    if isinstance(done, Done):
        return None
    return Problem(said(done.says), done.field, done.status, done.changes)


def unknown_act(sent: str) -> Wrong:
    """A form that is none of the page's."""
    return Wrong("form", f"“{sent[:40]}” is nothing that can be done here. Use one of the buttons.")
