"""A person's record as a practitioner sees it: one page, made for a phone, with what the purpose needs and no more."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from carepool.care.actions.assessing import open_one
from carepool.care.actions.caring import responsible, review_due
from carepool.care.actions.opening import Opened, break_the_glass, identity_of, look
from carepool.care.actions.ports import Identity, Role
from carepool.care.actions.recording import Unlocked, recorded
from carepool.care.actions.showing import shown as shown_of
from carepool.care.people.nhs_number import shown
from carepool.care.people.pairs import State
from carepool.care.planning.assessment import Carer, read_assessment
from carepool.care.planning.care import Care
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.frame import View, WingRequest, frame, key_of, typed
from carepool.care.web.pairs import in_plain_words
from carepool.care.web.people import lines, questions, standing
from carepool.rules.sharing import PurposeWord

PURPOSES: dict[PurposeWord, str] = {
    "direct_care": "To give care",
    "safeguarding": "To keep somebody safe",
    "vital_interests": "A life is at risk",
    "carers_assessment": "To assess the carer",
}
"""For what a practitioner may ask to see a record."""


def page(request: WingRequest, role: Role, person: str) -> HttpResponseBase:
    """The page, or why it is not shown."""
    purpose = purpose_of(request.GET.get("for", ""))
    opened = look(request.house, role, person, purpose)
    if isinstance(opened, Refuse):
        return kept(request, role, person, purpose, opened)
    house = request.house
    said = recorded(house, person)
    seen = shown_of(opened, person, said)
    status = house.rulebook.number_statuses.coded(opened.identity.number_status)
    records = house.people.records_of(person) if opened.shows("nhs_number") else (person,)
    more = {
        "others": _others(request, person, records),
        "opened": opened, "shown": shown, "purpose": purpose, "purposes": PURPOSES, "person": person, "stands": standing(seen.care, review_due(said, seen.care), house.today) if opened.shows("plan") else None, "seen": seen, "asks": questions(request),
        "lines": lines(responsible(seen.care, house.clock()), role.account), "carers": _carers_asked(opened, said, seen.care), "number_says": status.says if status else "not traced",
    }  # fmt: skip
    return render(request, "care/record.jinja", frame(request, role, "record", **more))


def _others(request: WingRequest, person: str, records: tuple[str, ...]) -> list[tuple[Identity, str, str]]:
    """The other records of the same person, each with the pair by which it was joined to this one and by what that was found."""
    if len(records) == 1:
        return []
    people = request.house.people
    by = {other: each for each in people.pairs_of(person) if each.state is State.JOINED for other in each.people}  # fmt: skip
    return [
        (each, by[each.person].id if each.person in by else "", in_plain_words(by[each.person]) if each.person in by else "")
        for each in people.persons(records).values()
        if each.person != person
    ]  # fmt: skip


def glass(request: WingRequest, role: Role, person: str) -> HttpResponseBase:
    """Breaks the glass, with a reason."""
    purpose = purpose_of(request.POST.get("for", ""))
    done = break_the_glass(request.house, role, person, purpose, typed(request, "why", 2000), key_of(request))
    if isinstance(done, Refuse):
        return kept(request, role, person, purpose, done, wrong=True)
    request.house.journal.seal()
    return redirect("record", person=person)


def _carers_asked(opened: Opened, said: Unlocked, care: Care) -> tuple[Carer, ...]:
    """The carers whose own assessment is open, where that may be seen."""
    version = open_one(care)
    return read_assessment(said.documents[version.document]).carers if version and opened.shows("carers_needs") else ()  # fmt: skip


def purpose_of(asked: str) -> PurposeWord:
    """The purpose that was asked for; care where none, or none that is known, was."""
    return next((each for each in PURPOSES if each == asked), "direct_care")


def looked_at(purpose: PurposeWord) -> Callable[[View], View]:
    """A page about somebody for a purpose: it is handed the record as it may be seen, and where it may not, says why in its place."""

    def looks(view: View) -> View:
        @wraps(view)
        def answer(request: WingRequest, role: Role, person: str, **named: object) -> HttpResponseBase:
            opened = look(request.house, role, person, purpose)
            if isinstance(opened, Refuse):
                return kept(request, role, person, purpose, opened)
            return view(request, role, person, opened, **named)

        return answer

    return looks


def kept(
    request: WingRequest,
    role: Role,
    person: str,
    purpose: PurposeWord,
    refuse: Refuse,
    *,
    wrong: bool = False,
) -> HttpResponse:
    """The page that says why a record is not shown, and what can be done."""
    identity_of(request.house, person)
    more = {
        "refuse": refuse, "person": person, "purpose": purpose, "purposes": PURPOSES,
        "errors": [("why", refuse.says)] if wrong and refuse.glass else [], "why": typed(request, "why", 2000),
    }  # fmt: skip
    return render(
        request, "care/kept.jinja", frame(request, role, "record", **more), status=HTTPStatus.FORBIDDEN
    )
