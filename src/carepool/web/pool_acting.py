"""A page of a pool with figures and forms: shown, or what a form asks is carried out and what comes after is shown."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render

from carepool.web.acts import Act, Answers, Do, answers_of, carry_out_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_frame import PoolPage

UNTYPED = ("carried", "carried_map")
"""What a form carries along that nobody typed, and that is longer than an answer may be."""


def pool_page(
    request: HouseRequest, shown: PoolPage, here: str, template: str, *, context: Callable[[], Mapping[str, object]],
    acts: Callable[[], Sequence[Act]] = lambda: (), do: Do, after: str | Callable[[], str], nothing: str = "",
) -> HttpResponse:  # fmt: skip
    """The page ``here`` of the navigation; ``context`` and ``acts`` are asked once it is known what became of the form.

    What is wrong with what its address asks is in the context under ``asked_wrong``.
    """
    answers, problem, sent = Answers({}, {}), None, ""
    if request.method == "POST":
        answers = typed_of(request)
        sent = answers.text("act")
        problem = carry_out_act(request, sent, answers, do, shown.said)
        if problem is None:
            return redirect(after if isinstance(after, str) else after())
    frame = shown.frame(here)
    errors = frame["errors"]
    assert isinstance(errors, list)  # noqa: S101 (every frame's)
    told = dict(context())
    asked = told.pop("asked_wrong", [])
    assert isinstance(asked, list)  # noqa: S101 (a page's own)
    found = {
        **frame,
        **told,
        "acts": acts(),
        "typed": answers.typed,
        "sent": sent,
        "problem": problem,
        "nothing": nothing,
        "errors": [*errors, *asked, *([(f"{sent}-{problem.field}", problem.says)] if problem else [])],
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if asked else status_of(shown)
    return render(request, template, found, status=status)


def typed_of(request: HouseRequest) -> Answers:
    """What was typed and handed in, without what the form carries along."""
    found = answers_of(request)
    return Answers({name: each for name, each in found.typed.items() if name not in UNTYPED}, found.files)


def status_of(shown: PoolPage) -> HTTPStatus:
    """The status of a page that is only shown."""
    return HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
