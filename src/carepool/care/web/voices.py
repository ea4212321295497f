"""The short questions after a review: for the person and carers themselves, and for a practitioner who asked them and says so."""

from http import HTTPStatus

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.basics.refusals import Refused
from carepool.care.actions.hearing import (
    DECLINED,
    asked,
    carers_of,
    has_answered,
    hear,
    last_review,
    who_is,
)
from carepool.care.actions.opening import Opened, look
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import recorded
from carepool.care.planning.agreeing import CARER, PERSON
from carepool.care.planning.care import Review, care_of
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.frame import WingRequest, frame, key_of, moment, names_of, typed
from carepool.care.web.record import looked_at
from carepool.journal.commands import Done
from carepool.rules.sharing import PurposeWord

NO_REVIEW = "No review was held yet. After each review you are asked a few short questions here."


def own(request: WingRequest, role: Role) -> HttpResponseBase:
    """The questions to whoever is signed in about their own care, or about caring."""
    purpose: PurposeWord = "direct_care" if role.kind is RoleKind.PERSON else "carers_assessment"
    opened = look(request.house, role, role.person, purpose)
    if isinstance(opened, Refuse):
        more = {"title": "This is not shown to you", "says": opened.says}
        return render(request, "care/told.jinja", frame(request, role, "own-voice", **more), status=HTTPStatus.FORBIDDEN)  # fmt: skip
    review = last_review(care_of(role.person, recorded(request.house, role.person).facts))
    if review is None:
        more = {"title": "How it is for you", "says": NO_REVIEW}
        return render(request, "care/told.jinja", frame(request, role, "own-voice", **more))
    return _page(request, role, role.person, review, who_is(role), reverse("own-voice"), "How it is for you")


@looked_at("direct_care")
def of_staff(request: WingRequest, role: Role, person: str, opened: Opened) -> HttpResponseBase:
    """Who has answered after the last review, and the questions to ask whoever has not."""
    said = recorded(request.house, person)
    care = care_of(person, said.facts)
    review = last_review(care)
    people = {PERSON: opened.identity.name} | {f"{CARER}{id_}": name for id_, name in carers_of(said, care).items()}  # fmt: skip
    who = request.GET.get("who", "")[:100] or typed(request, "who", 100)
    if review is not None and who in people:
        back = reverse("voice", kwargs={"person": person})
        return _page(request, role, person, review, who, back, f"What {people[who]} says")
    names = names_of(each.by for each in (review.voices if review else ()))
    heard = {each.who: f"answered on {moment(each.at)}, written down by {names.get(each.by, 'somebody whose account is gone')}" for each in (review.voices if review else ())}  # fmt: skip
    more = {"person": person, "opened": opened, "review": review, "people": people, "heard": heard}
    return render(request, "care/voices.jinja", frame(request, role, "record", **more))


def _page(
    request: WingRequest, role: Role, person: str, review: Review, who: str, back: str, title: str
) -> HttpResponseBase:
    house, questions = request.house, asked(request.house)
    own_words = role.kind is not RoleKind.PRACTITIONER
    wanted = questions.of("person" if who == PERSON else "carer")
    problem: Problem | None = None
    values: dict[str, str] = {}
    if request.method == "POST":
        key = key_of(request)
        values = {each.id: typed(request, each.id, 20) for each in wanted}
        on_behalf = own_words or typed(request, "on_behalf") == "yes"
        done = carry_out(
            house, "voice",
            lambda: hear(house, role, person, typed(request, "review"), who, values, key)
            if on_behalf
            else Refused("Say that you asked them and that these are their answers."),
        )  # fmt: skip
        if isinstance(done, Done):
            return redirect(back)
        problem = done
    answered = has_answered(review, who)
    more = {
        "title": title, "review": review, "who": who, "person": person, "questions": wanted, "scale": [(str(int(each.value)), each.says) for each in questions.scale],
        "declined": DECLINED, "answered": answered, "own": own_words, "back": back, "values": values,
        "errors": problem.errors if problem else (),
    }  # fmt: skip
    return render(
        request, "care/voice.jinja", frame(request, role, "own-voice" if own_words else "record", **more),
        status=problem.status if problem else HTTPStatus.OK,
    )  # fmt: skip
