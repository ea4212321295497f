"""What can be said of a person's care, each as a fact on the person's stream, which is named by an opaque id.

Facts hold ids, instants, closed words and digests. What people wrote stands in the documents that they cite.
"""

from datetime import date, datetime
from enum import StrEnum

from carepool.journal.facts import Body, Fact, NewFact, instant_of
from carepool.journal.folding import Kind, Kinds

KINDS = Kinds(
    [
        Kind("AssessmentSaved", 1, cites=("document",)),
        Kind("AssessmentCompleted", 1, cites=("document",)),
        Kind("CarePlanSaved", 1, cites=("document",)),
        Kind("CarePlanAgreed", 1, cites=("document",)),
        Kind("PackageStarted", 1, cites=("plan",)),
        Kind("PackageChanged", 1),
        Kind("PackageEnded", 1),
        Kind("ProfessionalOffered", 1),
        Kind("OfferAccepted", 1),
        Kind("OfferDeclined", 1),
        Kind("OfferWithdrawn", 1),
        Kind("AbsenceTold", 1),
        Kind("DeputyAccepted", 1),
        Kind("AbsenceEnded", 1),
        Kind("ProfessionalLeft", 1),
        Kind("ReviewHeld", 1, cites=("plan",)),
        Kind("VoiceHeard", 1),
        Kind("TeamRecorded", 1, cites=("document",)),
    ]
)


class Why(StrEnum):
    """Why somebody declines to be accountable; the words are those on the page."""

    CASELOAD = "My caseload is full"
    NOT_MINE = "Another team should hold this"
    CONFLICT = "I know the person, or have another conflict of interest"
    LEAVING = "I am about to leave or be away"
    OTHER = "Another reason, told to who offered"


def stream_of(person: str) -> str:
    """The stream of a person's care."""
    return f"person/{person}"


def assessment_saved(person: str, assessment: str, document: str) -> NewFact:
    """The fact that a version of an assessment was saved."""
    return _said(person, "AssessmentSaved", {"assessment": assessment, "document": document})


def assessment_completed(person: str, assessment: str, document: str) -> NewFact:
    """The fact that an assessment is complete in the version that the document is."""
    return _said(person, "AssessmentCompleted", {"assessment": assessment, "document": document})


def plan_saved(person: str, plan: str, document: str) -> NewFact:
    """The fact that a version of a care plan was saved."""
    return _said(person, "CarePlanSaved", {"plan": plan, "document": document})


def plan_agreed(person: str, plan: str, document: str) -> NewFact:
    """The fact that a care plan is agreed with the person, in the version that the document is."""
    return _said(person, "CarePlanAgreed", {"plan": plan, "document": document})


def team_recorded(person: str, plan: str, document: str) -> NewFact:
    """The fact that another system said who the team around a plan is; the document is a ``TeamList``."""
    return _said(person, "TeamRecorded", {"plan": plan, "document": document})


def package_started(person: str, package: str, plan: str, starts: datetime, *, integrated: bool) -> NewFact:
    """The fact that a package of care starts at an instant, by a version of a plan."""
    body = {"package": package, "plan": plan, "starts": starts, "integrated": integrated}
    return _said(person, "PackageStarted", body)


def package_changed(person: str, package: str, *, integrated: bool) -> NewFact:
    """The fact that a package is integrated from now on, or is no longer."""
    return _said(person, "PackageChanged", {"package": package, "integrated": integrated})


def package_ended(person: str, package: str, ends: datetime) -> NewFact:
    """The fact that a package ends at an instant."""
    return _said(person, "PackageEnded", {"package": package, "ends": ends})


def offered(person: str, package: str, professional: str, body: str) -> NewFact:
    """The fact that a professional of a body is asked to be the accountable one; nobody is until they accept."""
    return _said(
        person, "ProfessionalOffered", {"package": package, "professional": professional, "body": body}
    )


def accepted(person: str, package: str, professional: str) -> NewFact:
    """The fact that a professional accepts; whoever was accountable hands over at that instant."""
    return _said(person, "OfferAccepted", {"package": package, "professional": professional})


def declined(person: str, package: str, professional: str, why: Why) -> NewFact:
    """The fact that a professional declines."""
    return _said(person, "OfferDeclined", {"package": package, "professional": professional, "why": why})


def withdrawn(person: str, package: str, professional: str) -> NewFact:
    """The fact that an offer is taken back."""
    return _said(person, "OfferWithdrawn", {"package": package, "professional": professional})


def absence_told(
    person: str, package: str, professional: str, first: datetime, until: datetime, deputy: str | None
) -> NewFact:
    """The fact that a professional is away from an instant until another, and who is asked to stand in."""
    body = {
        "package": package,
        "professional": professional,
        "first": first,
        "until": until,
        "deputy": deputy,
    }
    return _said(person, "AbsenceTold", body)


def deputy_accepted(person: str, package: str, absence: int, deputy: str) -> NewFact:
    """The fact that a deputy accepts to stand in; absences of a package count from 1."""
    return _said(person, "DeputyAccepted", {"package": package, "absence": absence, "deputy": deputy})


def absence_ended(person: str, package: str, absence: int) -> NewFact:
    """The fact that an absence ends now, before its time, or is called off."""
    return _said(person, "AbsenceEnded", {"package": package, "absence": absence})


def professional_left(person: str, professional: str, on: datetime) -> NewFact:
    """The fact that a professional leaves at an instant, and holds nothing of this person's care from then on."""
    return _said(person, "ProfessionalLeft", {"professional": professional, "on": on})


def review_held(person: str, review: str, plan: str, held_on: date, next_on: date) -> NewFact:
    """The fact that a plan was reviewed on a day, and when the next review is due."""
    return _said(person, "ReviewHeld", {"review": review, "plan": plan, "on": held_on, "next": next_on})


def voice_heard(person: str, review: str, who: str, board: str, answers: dict[str, int | None]) -> NewFact:
    """The fact that the person or a carer answered after a review: a step of the scale by question, or None where declined."""
    return _said(person, "VoiceHeard", {"review": review, "who": who, "board": board, "answers": answers})


def _said(person: str, kind: str, body: Body) -> NewFact:
    return NewFact(stream_of(person), kind, 1, body)


def text_in(fact: Fact, name: str) -> str:
    """A text that a fact holds."""
    return str(fact.body[name])


def moment_in(fact: Fact, name: str) -> datetime:
    """An instant that a fact holds."""
    return instant_of(text_in(fact, name))


def day_in(fact: Fact, name: str) -> date:
    """A day that a fact holds."""
    return date.fromisoformat(text_in(fact, name))
