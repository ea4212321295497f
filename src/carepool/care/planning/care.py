"""What is so of a person's care: the fold of the facts on the person's stream."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from carepool.care.planning.facts import KINDS, day_in, moment_in, text_in
from carepool.care.planning.packages import Absence, Offer, Package, Tenure
from carepool.journal.facts import Fact
from carepool.journal.folding import fold


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an assessment or a plan that was saved."""

    of: str
    document: str
    """The digest under which it is kept."""
    by: str
    at: datetime
    settled: datetime | None = None
    """When it was completed (an assessment) or agreed (a plan)."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review that was held of a plan."""

    id: str
    plan: str
    on: date
    next: date
    voices: tuple["Voice", ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """What the person or a carer answered after a review."""

    who: str
    board: str
    answers: Mapping[str, int | None]
    at: datetime
    by: str = ""
    """The account that wrote it down: theirs, or a practitioner's on their behalf."""


@dataclass(frozen=True, slots=True)
class Care:
    """A person's assessments, plans, packages and reviews as they stand."""

    person: str
    version: int = 0
    """The version of the stream that it was folded from."""
    assessments: tuple[Version, ...] = ()
    plans: tuple[Version, ...] = ()
    packages: Mapping[str, Package] = field(default_factory=dict)
    reviews: tuple[Review, ...] = ()
    left: tuple[tuple[str, datetime], ...] = ()
    teams: Mapping[str, str] = field(default_factory=dict)
    """The digest of the team that another system told last, by plan."""

    def assessment(self) -> Version | None:
        """The last assessment that was completed."""
        return next((each for each in reversed(self.assessments) if each.settled), None)

    def plan(self) -> Version | None:
        """The last plan that was agreed."""
        return next((each for each in reversed(self.plans) if each.settled), None)

    def latest(self, of: str) -> Version | None:
        """The last version of an assessment or a plan."""
        return next((each for each in reversed(self.assessments + self.plans) if each.of == of), None)

    def review(self, id_: str) -> Review | None:
        """The review of that id."""
        return next((each for each in self.reviews if each.id == id_), None)

    def review_due(self) -> date | None:
        """When the next review is due, by the last that was held."""
        return self.reviews[-1].next if self.reviews else None


def care_of(person: str, facts: Iterable[Fact], before: Care | None = None) -> Care:
    """What the facts of a person's stream come to, from the beginning or from an earlier fold."""
    return fold(facts, before or Care(person), _apply, KINDS)


def _apply(care: Care, fact: Fact) -> Care:
    care = replace(care, version=fact.version)
    match fact.kind:
        case "AssessmentSaved":
            return replace(care, assessments=(*care.assessments, _version(fact, "assessment")))
        case "AssessmentCompleted":
            return replace(care, assessments=_settled(care.assessments, fact))
        case "CarePlanSaved":
            return replace(care, plans=(*care.plans, _version(fact, "plan")))
        case "CarePlanAgreed":
            return replace(care, plans=_settled(care.plans, fact))
        case "TeamRecorded":
            return replace(care, teams={**care.teams, text_in(fact, "plan"): text_in(fact, "document")})
        case "ReviewHeld":
            held = Review(
                text_in(fact, "review"), text_in(fact, "plan"), day_in(fact, "on"), day_in(fact, "next")
            )
            return replace(care, reviews=(*care.reviews, held))
        case "VoiceHeard":
            return replace(care, reviews=tuple(_heard(each, fact) for each in care.reviews))
        case "ProfessionalLeft":
            left = (*care.left, (text_in(fact, "professional"), moment_in(fact, "on")))
            return replace(
                care,
                left=left,
                packages={name: replace(each, left=left) for name, each in care.packages.items()},
            )
        case "PackageStarted":
            return _with(care, _started(care, fact))
        case _:
            return _with(care, _of_package(care.packages[text_in(fact, "package")], fact))


def _with(care: Care, package: Package) -> Care:
    return replace(care, packages={**care.packages, package.id: package})


def _version(fact: Fact, of: str) -> Version:
    return Version(text_in(fact, of), text_in(fact, "document"), fact.by, fact.at)


def _settled(versions: tuple[Version, ...], fact: Fact) -> tuple[Version, ...]:
    return tuple(
        replace(each, settled=fact.at) if each.document == fact.body["document"] else each
        for each in versions
    )


def _heard(review: Review, fact: Fact) -> Review:
    if review.id != fact.body["review"]:
        return review
    answers = fact.body["answers"]
    assert isinstance(answers, Mapping)  # noqa: S101 (written so by voice_heard)
    voice = Voice(text_in(fact, "who"), text_in(fact, "board"), dict(answers), fact.at, fact.by)
    return replace(review, voices=(*review.voices, voice))


def _started(care: Care, fact: Fact) -> Package:
    starts = moment_in(fact, "starts")
    return Package(
        text_in(fact, "package"),
        text_in(fact, "plan"),
        starts,
        integrated=((starts, bool(fact.body["integrated"])),),
        left=care.left,
    )


def _of_package(package: Package, fact: Fact) -> Package:
    match fact.kind:
        case "PackageChanged":
            return replace(
                package, integrated=(*package.integrated, (fact.at, bool(fact.body["integrated"])))
            )
        case "PackageEnded":
            return replace(package, ends=moment_in(fact, "ends"))
        case "ProfessionalOffered":
            return replace(
                package, offer=Offer(text_in(fact, "professional"), text_in(fact, "body"), fact.at)
            )
        case "OfferAccepted":
            return _accepted(package, fact)
        case "OfferDeclined" | "OfferWithdrawn":
            return replace(package, offer=None)
        case "AbsenceTold":
            deputy = fact.body["deputy"]
            absence = Absence(
                text_in(fact, "professional"),
                moment_in(fact, "first"),
                moment_in(fact, "until"),
                None if deputy is None else str(deputy),
                fact.at,
            )
            return replace(package, absences=(*package.absences, absence))
        case _:
            return _absence_changed(package, fact)


def _accepted(package: Package, fact: Fact) -> Package:
    """Whoever was accountable hands over at the instant at which the other accepts."""
    before = tuple(replace(each, until=fact.at) if each.until is None else each for each in package.tenures)
    body = package.offer.body if package.offer else ""
    tenure = Tenure(text_in(fact, "professional"), body, fact.at)
    return replace(package, offer=None, tenures=(*before, tenure))


def _absence_changed(package: Package, fact: Fact) -> Package:
    """A deputy has accepted, or an absence is over before its time."""
    number = int(str(fact.body["absence"])) - 1
    absence = package.absences[number]
    if fact.kind == "DeputyAccepted":
        changed = replace(absence, accepted=fact.at)
    else:
        changed = replace(absence, until=max(absence.first, min(absence.until, fact.at)))
    absences = (*package.absences[:number], changed, *package.absences[number + 1 :])
    return replace(package, absences=absences)
