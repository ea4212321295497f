"""A pool opened from its agreement: looked at first, with what the regulations ask of it, and opened once that is asked for.

The agreement goes along in the form between the look and the opening, so that what is opened is what was looked at.
"""

import base64
import binascii
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.opening_pools import Looked, look_at, open_from
from carepool.actions.permits import Actor, offices_of
from carepool.actions.planning import all_plans
from carepool.actions.pools import authorities, host_body
from carepool.actions.reading import check_may_read
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.pool.books import Opening
from carepool.render.words import pence
from carepool.web.acting import Problem
from carepool.web.acts import Act, Answers, Ask, Wrong, carry_out_act, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, new_key, spoken
from carepool.web.people import body_name
from carepool.web.pool_acting import typed_of
from carepool.web.words import about_page

LARGEST = 500_000
"""Bytes of an agreement."""
OPENS = "open_books"
"""The action, by the rulebook's name."""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest) -> HttpResponse:
    """The form; handed in, what the agreement holds and what would open; and once that is asked for, the pool is open."""
    house = request.house
    answers = typed_of(request) if request.method == "POST" else Answers({}, {})
    sent, content, looked, problem = answers.text("act"), b"", None, None
    may = may_open(request)
    if sent:
        try:
            if sent not in {"look", "open"}:
                raise unknown_act(sent)
            content = _content(request, answers)
            looked = _look(house, content, answers)
        except Wrong as wrong:
            problem = Problem(wrong.says, wrong.field, HTTPStatus.BAD_REQUEST)
    if sent == "open" and looked and not problem:

        def do(actor: Actor, _: str, answers: Answers) -> Done | Refused:
            text = answers.text
            return open_from(house, actor, text("pool"), text("year"), content, text("plan"))

        problem = carry_out_act(request, sent, answers, do, lambda says: spoken(house, says))
        if problem is None:
            return redirect(reverse("pool", args=[answers.text("pool")]))
    return _answer(request, answers, content, looked, problem, may=may)


def may_open(request: HouseRequest) -> bool:
    """Whether who is signed in holds an office that opens pools, in any body; of which body it is, the agreement says."""
    account = account_of(request)
    offices = authorities(request.house).of(OPENS).offices
    return account is not None and any(
        each.office in offices for each in offices_of(request.house, account.id)
    )


def _content(request: HouseRequest, answers: Answers) -> bytes:
    """The agreement chosen or pasted now, else the one that came along. Wrong, at the field, where there is none."""
    sent, pasted = request.FILES.get("file"), answers.text("pasted")
    if sent is not None and sent.size:
        if sent.size > LARGEST:
            raise Wrong(
                "file",
                f"The file has {sent.size:,} bytes; an agreement of at most {LARGEST:,} is read. Leave out what carepool does not need: its clauses are named, not copied.",
            )
        return answers.files["file"]
    if pasted:
        return (pasted.replace("\r\n", "\n") + "\n").encode()
    try:
        content = base64.b64decode(request.POST.get("carried", "")[: 2 * LARGEST], validate=True)
    except (binascii.Error, ValueError):
        raise Wrong("file", "The agreement did not come along whole. Choose it again.") from None
    if not content:
        raise Wrong("file", "Choose the file of the agreement, or paste it below.")
    return content


def _look(house: House, content: bytes, answers: Answers) -> Looked:
    try:
        return look_at(house, "agreement", content, answers.text("year"))
    except Unusable as error:
        raise Wrong("year", str(error)) from error


def _answer(
    request: HouseRequest, answers: Answers, content: bytes, looked: Looked | None, problem: Problem | None, *, may: bool
) -> HttpResponse:  # fmt: skip
    house = request.house
    acts = _acts(request, answers, content, looked) if may else []
    # What is wrong with what was opened is put right in the form that asks for it.
    at = "look" if problem and problem.field != "form" else answers.text("act")
    at = at if at in {each.id for each in acts} else "look"
    opening = looked.opening if looked and may else None
    context = {
        "section": "plans",
        "acts": acts,
        "looked": looked if may else None,
        **(_told(house, looked) if looked and may else {}),
        "mark": MARK if isinstance(opening, Opening) and host_body(opening) in house.areas.county.bodies else "",
        "typed": answers.typed,
        "sent": at,
        "problem": problem,
        "nothing": _nothing(house),
        "errors": [(f"{at}-{problem.field}", problem.says)] if problem else [],
        "key": new_key(),
        "action": reverse("pool-new"),
        **about_page(house),
    }  # fmt: skip
    refused = bool(answers.text("act")) and not may
    status = problem.status if problem else HTTPStatus.FORBIDDEN if refused else HTTPStatus.OK
    return render(request, "web/pool_new.jinja", context, status=status)


def _nothing(house: House) -> str:
    rules, _ = house.rulebook.section_75(house.today)
    authority = rules.authorities.of(OPENS)
    offices = {each.name: each.says for each in rules.authorities.offices}
    who = " or ".join(offices[each].lower() for each in authority.offices)
    return f"A pool is opened by its host's {who} ({authority.source}). Ask them to do it."


def _acts(request: HouseRequest, answers: Answers, content: bytes, looked: Looked | None) -> list[Act]:
    house, text = request.house, answers.text
    asks = (
        Ask("file", "The agreement", "file", "As YAML, like the examples in the documentation."),
        Ask("pasted", "Or paste it here", "words", "Up to 10,000 characters. A longer one is chosen as a file."),
        Ask("year", "Financial year", hint="Like 2015-16.", value=str(Quarter.of(house.today))[:-2]),
        Ask("pool", "Address", hint="What stands after /pools/ in the address of its pages, for good: letters, digits and hyphens."),
        Ask("plan", "The plan that it carries out", "choice", "A plan that is agreed, where there is one.", (("", "None"), *_plans(request))),
    )  # fmt: skip
    looking = Act("look", "Look at an agreement" if looked is None else "Look at another agreement", "Look at it", asks, ("Nothing is opened by looking.",))  # fmt: skip
    if looked is None or looked.stopped or not isinstance(looked.opening, Opening):
        return [looking]
    hidden = [(each, text(each)) for each in ("pool", "year", "plan")]
    hidden.append(("carried", base64.b64encode(content).decode()))
    title = f"Open the pool {text('pool')} of {text('year')}"
    return [Act("open", title, "Open it", (), (), tuple(hidden)), looking]


def _plans(request: HouseRequest) -> list[tuple[str, str]]:
    """The plans that who asks may read, to choose one."""
    account = account_of(request)
    found = []
    for each in all_plans(request.house):
        try:
            check_may_read(request.house, account.id if account else "", each.id)
        except NotHere:
            continue
        found.append((each.id, each.id))
    return found


def _told(house: House, looked: Looked) -> dict[str, object]:
    """What the look came to."""
    met = sum(there for *_, there in looked.asked)
    told: dict[str, object] = {
        "sentence": f"It specifies {met} of the {len(looked.asked)} things that the regulations ask of an agreement."
        if looked.agreement
        else "It cannot be read as it is.",
        "asked": [(says, source, "Yes" if there else "No") for says, source, there in looked.asked],
        "findings": list(looked.findings),
        "opening": None,
    }
    opening = looked.opening
    if isinstance(opening, Refused):
        return told | {"refused": opening.says}
    if opening is None or looked.agreement is None:
        return told
    names = {each.code: each.name for each in looked.agreement.partners}
    return told | {
        "opening": opening,
        "held_by": body_name(house, host_body(opening)),
        "contributions": [
            (names.get(each.party, each.party), each.source.replace("_", " "), pence(each.pence), pence(each.contingent) if each.contingent else "")
            for each in opening.contributions
        ],
        "schemes": [(each.title, pence(sum(each.budgets.values()))) for each in opening.schemes],
        "grants": [(each.determination, names.get(each.payee, each.payee), pence(each.pence), pence(sum(each.pass_on.values()))) for each in opening.grants],
    }  # fmt: skip
