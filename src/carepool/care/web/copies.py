"""A copy of one's record, to read, to print and to take away as JSON; for the governance lead, that of somebody else to prepare."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from carepool.care.actions.copying import Copy, copy_of
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.acting import spoken
from carepool.care.web.frame import WingRequest, frame, moment, names_of
from carepool.care.web.own import said
from carepool.journal.facts import instant_of
from carepool.render.answers import to_json

WHAT = {
    "AssessmentSaved": "An assessment was written",
    "AssessmentCompleted": "The assessment was completed",
    "CarePlanSaved": "A plan was written",
    "CarePlanAgreed": "The plan was agreed",
    "TeamRecorded": "Another system told who is in the team",
    "PackageStarted": "A package of care was begun",
    "PackageChanged": "The package was changed",
    "PackageEnded": "The package was ended",
    "ProfessionalOffered": "A professional was asked to be responsible",
    "OfferAccepted": "The professional accepted",
    "OfferDeclined": "The professional declined",
    "OfferWithdrawn": "The offer was taken back",
    "AbsenceTold": "An absence was recorded",
    "DeputyAccepted": "A deputy accepted",
    "AbsenceEnded": "The absence ended",
    "ProfessionalLeft": "The professional left",
    "ReviewHeld": "The plan was reviewed",
    "VoiceHeard": "Somebody answered after a review",
    "RightsRecorded": "What the person says of the use of the record",
    "IdentityCorrected": "Details were put right",
    "RecordsJoined": "This record and another were found to be of one person",
    "RecordsKeptApart": "This record and another were found to be of two people",
    "PairPassedOn": "Whether this record and another are of one person was passed on",
    "RecordsSplit": "This record and another were taken apart again",
}
"""What each kind of fact is, in plain words."""


def in_words(value: object) -> str:
    """A part of a document on one line: the words that stand in it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{str(name).replace('_', ' ')}: {in_words(each)}" for name, each in value.items() if each not in (None, [], "", False))  # fmt: skip
    if isinstance(value, list | tuple):
        return "; ".join(in_words(each) for each in value)
    return "yes" if value is True else str(value)


def page(request: WingRequest, role: Role, person: str = "") -> HttpResponseBase:
    """The copy as a page that prints."""
    made = copy_of(request.house, role, person or role.person)
    if isinstance(made, Refuse):
        return _kept(request, role, made)
    names = names_of(str(each["by"]) for each in made.recorded)
    rows = [
        {**each, "says": WHAT.get(str(each["what"]), "Something was recorded"), "when": moment(instant_of(str(each["at"]))), "who": names.get(str(each["by"]), "an account that is gone")}
        for each in made.recorded
    ]  # fmt: skip
    more = {
        "copy": made,
        "rows": rows,
        "told": said(request, made.log, dict(made.texts)),
        "person": person,
        "in_words": lambda value: spoken(in_words(value)),
    }
    return render(
        request, "care/copy.jinja", frame(request, role, "copy" if not person else "record", **more)
    )


def data(request: WingRequest, role: Role, person: str = "") -> HttpResponseBase:
    """The copy as JSON, named for nobody."""
    made = copy_of(request.house, role, person or role.person)
    if isinstance(made, Refuse):
        return _kept(request, role, made)
    answer = HttpResponse(to_json(_data(request, made)), content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="copy-of-a-record.json"'
    return answer


def _data(request: WingRequest, made: Copy) -> dict[str, object]:
    return {
        "who": made.identity,
        "who_in_joined_records": list(made.others),
        "recorded": list(made.recorded),
        "who_looked": said(request, made.log, dict(made.texts)),
        "not_in_this_copy": list(made.kept),
    }


def _kept(request: WingRequest, role: Role, refuse: Refuse) -> HttpResponse:
    more = {"title": "This copy is not given to you", "says": refuse.says}
    here = "mine" if role.kind in {RoleKind.PERSON, RoleKind.CARER} else "log"
    return render(request, "care/told.jinja", frame(request, role, here, **more), status=HTTPStatus.FORBIDDEN)
