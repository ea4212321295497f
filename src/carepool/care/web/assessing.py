"""The joint assessment on pages: begun, contributed to by each side, part by part, judged, completed, and every version of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.basics.canonical import canonical
from carepool.basics.refusals import NotHere, Refused
from carepool.care.actions import assessing
from carepool.care.actions.opening import Opened, look
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import Unlocked, recorded
from carepool.care.actions.showing import part_of
from carepool.care.actions.writing import numbered
from carepool.care.planning.assessment import Assessment, Contributor, read_assessment
from carepool.care.planning.care import Care, Version, care_of
from carepool.care.planning.eligibility import Judgement, judge_eligibility
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.assessment_fields import (
    PART_PAGES,
    answer_fields,
    answers_of,
    judgement_fields,
    judgement_of,
    judgement_typed,
    rows_of,
)
from carepool.care.web.contributing import SIDES, Written, myself, the_person, whose, written
from carepool.care.web.fields import Field, Form, Typed, added, sent, told
from carepool.care.web.frame import WingRequest, frame, key_of, names_of, typed
from carepool.care.web.record import kept, looked_at
from carepool.journal.commands import Done
from carepool.rules.caring import PeopleOfCare
from carepool.rules.sharing import PurposeWord

OF_CARERS: PurposeWord = "carers_assessment"
WORDS = {
    "answers": "Answers",
    "risks": "Risks",
    "capacity": "Capacity decisions",
    "acting": "Who acts for the person",
    "needs_advocate": "Need of an advocate",
    "carers": "Carers",
    "eligibility": "Eligibility",
    "alerts": "Safety",
}
"""The parts of an assessment, as its versions are told."""
Acted = Done | Refused


class Here:
    """What a page of an assessment rests on: the record as it may be seen, and the assessment that is open."""

    def __init__(self, request: WingRequest, person: str, opened: Opened) -> None:
        self.opened, self.person = opened, person
        self.said: Unlocked = recorded(request.house, person)
        self.care: Care = care_of(person, self.said.facts)
        self.version: Version | None = assessing.open_one(self.care)
        self.fresh: Assessment | None = None
        """What would be begun by writing here, where nothing is open."""

    def whole(self, document: str) -> Assessment:
        """An assessment as it was saved."""
        return read_assessment(self.said.documents[document])

    def seen(self, version: Version) -> Assessment:
        """An assessment without the parts that may not be seen."""
        return read_assessment(canonical(part_of(self.said.documents[version.document], self.opened)))

    @property
    def open(self) -> Assessment:
        """The assessment that is open, or would be begun. NotHere where there is none."""
        if self.version is None:
            if self.fresh is None:
                raise NotHere(assessing.NONE_OPEN)
            return self.fresh
        return self.whole(self.version.document)


@looked_at("direct_care")
def page(request: WingRequest, role: Role, person: str, opened: Opened) -> HttpResponseBase:
    """Where the assessment stands: who contributed what, what is missing, and its versions."""
    problem: Problem | None = None
    if request.method == "POST":
        done = carry_out(request.house, "assessment", lambda: _sent(request, role, person, opened))
        if isinstance(done, Done):
            return redirect("assessment", person=person)
        problem = done
    here = Here(request, person, opened)
    completed = here.care.assessment()
    shown = here.version or completed
    found = here.seen(shown) if shown else None
    before = here.seen(completed) if completed and not here.version else None
    more = {
        "person": person, "opened": opened, "errors": problem.errors if problem else (),
        "open": here.version, "found": found, "completed": completed,
        "findings": assessing.told(request.house, here.open, opened.verdict.shown) if here.version else [],
        "again": [(each, whose(before, each.by)) for each in assessing.offered_again(request.house, before)] if before else [],
        "asks": {each.id: each.asks for each in assessing.asked(request.house)[1].questions},
        "said": _contributions(found) if found else [], "whose": whose, "me": myself(request, role), "parts": PART_PAGES,
        "versions": _versions(here, shown) if shown else [], "working": _working(request, found.eligibility) if found else None,
        "href_of": lambda where: _leads(request, myself(request, role), person, where), "earlier": _earlier(here), "sides": SIDES,
    }  # fmt: skip
    return render(
        request, "care/assessment.jinja", frame(request, role, "record", **more),
        status=problem.status if problem else HTTPStatus.OK,
    )  # fmt: skip


@looked_at("direct_care")
def said(request: WingRequest, role: Role, person: str, opened: Opened, who: str) -> HttpResponseBase:
    """What one contributor says: a professional for themselves, or what the person or a carer said, written down for them."""
    here = Here(request, person, opened)
    contributor = _contributor(request, role, here, who)
    title = "What you found" if who == "me" else f"What {contributor.name} said, written down by you"
    back = reverse("assessment", kwargs={"person": person})
    return _answers(request, role, here, contributor, title, back, window="What was said")


def part(request: WingRequest, role: Role, person: str, part: str) -> HttpResponseBase:
    """A part that is written as a whole: risks, capacity, who acts, safety, carers."""
    if part not in PART_PAGES:
        raise NotHere("An assessment has no such part.")
    about, house = PART_PAGES[part], request.house
    writing = assessing.PARTS[part]
    opened = look(house, role, person, writing.purpose)
    if isinstance(opened, Refuse):
        return kept(request, role, person, writing.purpose, opened)
    if not opened.shows(writing.field):
        return _not_shown(request, role)
    fields = about.fields(house, person, names_of(house.people.carers(person)))

    def act(form: Form, seen: str, key: str) -> Acted:
        needs = typed(request, "needs_advocate") == "yes"
        return assessing.put_part(house, role, myself(request, role), person, part, form.rows, seen, key, needs_advocate=needs)  # fmt: skip

    here = Here(request, person, opened)
    if part == "alerts":
        here.fresh = assessing.new_one(house, here.said, here.care, myself(request, role))
    back = crumb = reverse("assessment", kwargs={"person": person})
    if writing.purpose != "direct_care":  # who may not see the rest goes on seeing this
        back = reverse("assessment-part", kwargs={"person": person, "part": part})
    more = {"crumb": crumb, "title": about.title, "says": about.says, "one": about.one, "blank": about.blank, "whose": [whose(here.open, each.by) for each in getattr(here.open, part) if hasattr(each, "by")], "advocate": here.open.needs_advocate if part == "acting" else None}  # fmt: skip
    return form_page(request, role, here, fields, lambda one: rows_of(part, one), act, back, **more)


@looked_at(OF_CARERS)
def carer(request: WingRequest, role: Role, person: str, opened: Opened, who: str) -> HttpResponseBase:
    """The carer's own assessment, written down by a practitioner: nothing of the person's is on it."""
    here = Here(request, person, opened)
    return _of_carer(request, role, here, who, reverse("record", kwargs={"person": person}, query={"for": OF_CARERS}))  # fmt: skip


def eligibility(request: WingRequest, role: Role, person: str, who: str = "") -> HttpResponseBase:
    """Whether the person, or a carer, is eligible: what the assessor found, and what the rule of the day says."""
    purpose: PurposeWord = OF_CARERS if who else "direct_care"
    house = request.house
    people: PeopleOfCare = "carer" if who else "adult"
    opened = look(house, role, person, purpose)
    if isinstance(opened, Refuse):
        return kept(request, role, person, purpose, opened)
    here = Here(request, person, opened)
    theirs = assessing.named_carer(here.open, who)
    if who and (theirs is None or not opened.shows("carers_needs")):
        return _not_shown(request, role)
    _, rule = assessing.rule_of(house, people)
    fields = judgement_fields(
        rule, assessing.asked(house)[1], theirs.answers if theirs else here.open.answers
    )

    def now(one: Assessment) -> Judgement | None:
        held = assessing.named_carer(one, who)
        return held.eligibility if held else None if who else one.eligibility

    def act(form: Form, seen: str, key: str) -> Acted:
        found = judgement_of(rule, form.rows[0])
        return assessing.judge(house, role, myself(request, role), person, who, found, seen, key)

    name = theirs.name if theirs else "the person"
    back = reverse("assessment-carer", kwargs={"person": person, "who": who}) if who else reverse("assessment", kwargs={"person": person})  # fmt: skip
    return form_page(
        request, role, here, fields, lambda one: [judgement_typed(now(one))], act, back,
        title=f"Whether {name} is eligible", window="Eligibility", says=f"{rule.title}: {rule.says}.", one="", working=_working(request, now(here.open)),
    )  # fmt: skip


@looked_at("direct_care")
def version(request: WingRequest, role: Role, person: str, opened: Opened, number: int) -> HttpResponseBase:
    """One version of an assessment, as it was, with who said what."""
    here = Here(request, person, opened)
    if not 1 <= number <= len(here.care.assessments) or not opened.shows("needs"):
        raise NotHere("There is no such version.")
    that = here.care.assessments[number - 1]
    more = {
        "person": person, "opened": opened, "found": here.seen(that), "whose": whose,
        "asks": {each.id: each.asks for each in assessing.asked(request.house)[1].questions},
        "told": next(each for each in _versions(here, that) if each.place == number),
    }  # fmt: skip
    return render(request, "care/assessment_version.jinja", frame(request, role, "record", **more))


def mine(request: WingRequest, role: Role) -> HttpResponseBase:
    """What the person says in their own assessment, or a carer in theirs, by themselves."""
    purpose: PurposeWord = "subject_access" if role.kind is RoleKind.PERSON else OF_CARERS
    opened = look(request.house, role, role.person, purpose)
    if isinstance(opened, Refuse):
        more = {"title": "This is not shown to you", "says": opened.says}
        return render(request, "care/told.jinja", frame(request, role, "mine", **more), status=HTTPStatus.FORBIDDEN)  # fmt: skip
    here = Here(request, role.person, opened)
    own = role.account if role.kind is RoleKind.CARER else ""
    if here.version is None or (own and assessing.named_carer(here.open, own) is None):
        says = "No assessment is open in which you are asked. Whoever is responsible for the care can begin one with you."
        more = {"title": "My part of the assessment", "says": says}
        return render(request, "care/told.jinja", frame(request, role, "own-assessment", **more))
    if own:
        return _of_carer(request, role, here, own, reverse("own-assessment"))
    return _answers(request, role, here, the_person(opened.identity), "My part of the assessment", reverse("own-assessment"))  # fmt: skip


def form_page(
    request: WingRequest, role: Role, here: Here, fields: Sequence[Field], now: Callable[[Assessment], Sequence[Typed]],
    act: Callable[[Form, str, str], Acted], back: str, **more: object,
) -> HttpResponseBase:  # fmt: skip
    """A form over what stands now. Of a form that was overtaken nothing is lost: what stands now is shown beside what was typed."""
    one = not more.get("one")
    current = now(here.open)
    form, problem, seen = Form(tuple(current)), None, here.version.document if here.version else ""
    if request.method == "POST":
        form = sent(request, fields, one=one)
        was, key = typed(request, "seen"), key_of(request)
        done: Done | Problem = (
            Problem(form.errors, HTTPStatus.BAD_REQUEST)
            if form.errors
            else carry_out(request.house, "part", lambda: act(form, was, key))
        )
        if isinstance(done, Done):
            return redirect(back)
        problem = done
        known = any(each.document == was for each in here.care.assessments)
        earlier = list(now(here.whole(was))) if known else []
        if was != seen and (not known or earlier != list(current)):
            more |= {"overtaken": told(fields, current)}
            if not one:
                form = replace(form, typed=(*form.typed, *added(current, earlier, form.typed)))
    more |= {
        "person": here.person, "opened": here.opened, "fields": fields, "form": form, "seen": seen, "back": back,
        "errors": problem.errors if problem else (), "wrong": dict(problem.errors) if problem else {}, "single": one,
    }  # fmt: skip
    section = "record" if role.kind is RoleKind.PRACTITIONER else "own-assessment"
    return render(
        request, "care/part.jinja", frame(request, role, section, **more),
        status=problem.status if problem else HTTPStatus.OK,
    )  # fmt: skip


def _sent(request: WingRequest, role: Role, person: str, opened: Opened) -> Acted:
    house, key = request.house, key_of(request)
    if typed(request, "act") == "begin":
        reuse = [each[:100] for each in request.POST.getlist("reuse")]
        return assessing.begin(house, role, myself(request, role), person, reuse, key)
    return assessing.complete(house, role, person, typed(request, "seen"), opened.verdict.shown, key)


def _answers(
    request: WingRequest, role: Role, here: Here, who: Contributor, title: str, back: str, window: str = ""
) -> HttpResponseBase:
    house = request.house
    if not here.opened.shows("needs"):
        return _not_shown(request, role)
    _, questions = assessing.asked(house)
    asked = [each for each in questions.questions if each.people == "adult" and who.side in each.sides]
    fields = answer_fields(asked, here.open.answers, lambda by: whose(here.open, by), who.id)

    def act(form: Form, seen: str, key: str) -> Acted:
        return assessing.contribute(house, role, who, here.person, answers_of(form.rows[0]), seen, key)

    def now(one: Assessment) -> Sequence[Typed]:
        held = {each.question: each.says for each in one.answers}
        return [{each.id: held.get(each.id, "") for each in asked}]

    says = "What stands here already was said by whoever is named. Change what is no longer so; what you leave stays theirs."
    return form_page(
        request, role, here, fields, now, act, back, title=title, window=window, says=says, one=""
    )


def _of_carer(request: WingRequest, role: Role, here: Here, who: str, back: str) -> HttpResponseBase:
    house = request.house
    theirs = assessing.named_carer(here.open, who)
    if theirs is None or not here.opened.shows("carers_needs"):
        return _not_shown(request, role)
    _, questions = assessing.asked(house)
    asked = [each for each in questions.questions if each.people == "carer"]
    fields = answer_fields(asked, theirs.answers, lambda _by: theirs.name, who)

    def act(form: Form, seen: str, key: str) -> Acted:
        return assessing.contribute_as_carer(house, role, who, here.person, answers_of(form.rows[0]), seen, key)  # fmt: skip

    def now(one: Assessment) -> Sequence[Typed]:
        named = assessing.named_carer(one, who)
        held = {each.question: each.says for each in (named.answers if named else ())}
        return [{each.id: held.get(each.id, "") for each in asked}]

    title = "My own assessment" if role.kind is RoleKind.CARER else f"{theirs.name}: the carer’s own assessment"  # fmt: skip
    says = "It is about the carer’s own life and health. The person does not read it."
    judged = reverse("assessment-eligible-carer", kwargs={"person": here.person, "who": who}) if role.kind is RoleKind.PRACTITIONER else ""  # fmt: skip
    return form_page(request, role, here, fields, now, act, back, title=title, window="The carer’s own assessment", says=says, one="", judged=judged)  # fmt: skip


def _contributor(request: WingRequest, role: Role, here: Here, who: str) -> Contributor:
    if who == "me":
        return myself(request, role)
    if who == "person":
        return the_person(here.opened.identity)
    theirs = assessing.named_carer(here.open, who)
    if theirs is None:
        raise NotHere("No such carer is named in this assessment.")
    return Contributor(id=theirs.id, side="carer", name=theirs.name, role=theirs.relation)


def _contributions(found: Assessment) -> list[tuple[Contributor, str]]:
    """Who contributed what."""
    told = []
    for who in found.contributors:
        parts = (
            ("answer", "answers", found.answers), ("risk", "risks", found.risks), ("decision on capacity", "decisions on capacity", found.capacity),
            ("alert", "alerts", found.alerts), ("answer of their own", "answers of their own", tuple(each for one in found.carers for each in one.answers)),
        )  # fmt: skip
        counts = [(one, many, sum(getattr(each, "by", "") == who.id for each in held)) for one, many, held in parts]  # fmt: skip
        told.append((who, ", ".join(f"{count} {one if count == 1 else many}" for one, many, count in counts if count)))  # fmt: skip
    return told


def _versions(here: Here, shown: Version) -> list[Written]:
    of = numbered(here.care.assessments, shown.of)
    contents = [part_of(here.said.documents[each.document], here.opened) for each in of]
    return written(of, contents, WORDS, here.care.assessments)


def _earlier(here: Here) -> list[tuple[int, Version]]:
    """Assessments that were completed before the one that is shown, each with its place."""
    shown = here.version or here.care.assessment()
    return [(place, each) for place, each in enumerate(here.care.assessments, 1) if each.settled and shown and each.of != shown.of]  # fmt: skip


def _working(request: WingRequest, judgement: Judgement | None) -> object:
    """What the rule of the day on which it was judged says."""
    if judgement is None:
        return None
    return judge_eligibility(request.house.rulebook.caring(judgement.on), judgement)


def _leads(request: WingRequest, me: Contributor, person: str, where: str) -> str:
    """The page on which a finding is mended: of a question, that of whoever answers it."""
    first, *rest = where.split("/")
    if first in PART_PAGES:
        return reverse("assessment-part", kwargs={"person": person, "part": first})
    if first == "eligibility":
        return reverse("assessment-eligible", kwargs={"person": person})
    if first != "answers" or not rest:
        return ""
    question = next((each for each in assessing.asked(request.house)[1].questions if each.id == rest[0]), None)  # fmt: skip
    who = "me" if question is None or me.side in question.sides else "person"
    if question and who == "person" and "person" not in question.sides:
        return ""
    return f"{reverse('assessment-said', kwargs={'person': person, 'who': who})}#r0-{rest[0]}"


def _not_shown(request: WingRequest, role: Role) -> HttpResponseBase:
    more = {"title": "This part is not shown to you", "says": "The purpose for which you look does not need it, or nobody of that name is in this assessment."}  # fmt: skip
    return render(request, "care/told.jinja", frame(request, role, "record", **more), status=HTTPStatus.FORBIDDEN)  # fmt: skip
