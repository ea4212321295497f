"""The joint assessment as it is written: begun from the last one, contributed to by each side, judged, and completed; each change a version."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import Unlocked
from carepool.care.actions.writing import ANOTHER, NEEDS, OVERTAKEN, Writing, free, made, rebuilt, write
from carepool.care.planning import agreeing
from carepool.care.planning.assessment import (
    KIND,
    MEDIA_TYPE,
    Acting,
    Alert,
    Answer,
    Assessment,
    CapacityDecision,
    Carer,
    Contributor,
    Risk,
    begun,
    missing,
    read_assessment,
)
from carepool.care.planning.care import Care, Version
from carepool.care.planning.eligibility import Judgement, judge_eligibility
from carepool.journal.commands import Decision, Done
from carepool.journal.documents import Document
from carepool.rules.caring import AssessmentQuestions, Eligibility, EligibilityRule, PeopleOfCare
from carepool.rules.rulebook import RuleSet

ALERTS = Writing("safeguarding", "safeguarding")
CARERS_OWN = Writing("carers_assessment", "carers_needs", themselves=True)
OWN_WORDS = Writing("subject_access", "needs", themselves=True)
PARTS: Mapping[str, Writing] = {
    "risks": Writing("direct_care", "risks"),
    "capacity": Writing("direct_care", "capacity"),
    "acting": Writing("direct_care", "capacity"),
    "alerts": ALERTS,
    "carers": Writing("direct_care", "carer"),
}
"""For what each part is opened and written: concerns about safety are not seen with the rest."""
NONE_OPEN = "No assessment is open. Begin one first: what still stands of the last is taken over."
NOT_FINISHED = "A part that is opened for another purpose is not finished: look at what is recorded of safety, and at the carer’s own assessment."

Row = Mapping[str, object]
Change = Callable[[Assessment, Assessment, date], Assessment | Refused]


def asked(house: CareHouse) -> tuple[RuleSet, AssessmentQuestions]:
    """What an assessment asks today, and the rules that say so."""
    rules = house.rulebook.caring(house.today)
    found = rules.find("questions", AssessmentQuestions)
    if found is None:
        raise Unusable(f"The rules {rules.name} say no question of an assessment.")
    return rules, found


def rule_of(house: CareHouse, people: PeopleOfCare) -> tuple[RuleSet, EligibilityRule]:
    """By which rule an adult or a carer is eligible today."""
    rules = house.rulebook.caring(house.today)
    found = rules.find("eligibility", Eligibility)
    if found is None:
        raise Unusable(f"The rules {rules.name} do not say who is eligible.")
    return rules, found.on(people, house.today)


def open_one(care: Care) -> Version | None:
    """The last version of the assessment that is not complete, where one is open."""
    last = care.assessments[-1] if care.assessments else None
    return last if last and not last.settled else None


def offered_again(house: CareHouse, before: Assessment) -> tuple[Answer, ...]:
    """The answers of an earlier assessment that still stand, each with whose it is and of which day."""
    _, questions = asked(house)
    again = begun(before, questions, person=before.person, id_="again", on=house.today, contributors=before.contributors)  # fmt: skip
    return again.answers


def begin(house: CareHouse, role: Role, me: Contributor, person: str, reuse: Collection[str], key: str) -> Done | Refused:  # fmt: skip
    """Open an assessment with those answers of the last one that are used again."""

    def decide(said: Unlocked, care: Care, _at: datetime) -> Decision | Refused:
        if open_one(care):
            return Refused("An assessment is open already. Go on with that one.")
        return _saved(care, new_one(house, said, care, me, reuse))

    return write(house, role, person, NEEDS, decide, key, {"begin": "assessment", "reuse": sorted(reuse)})


def new_one(house: CareHouse, said: Unlocked, care: Care, me: Contributor, reuse: Collection[str] | None = None) -> Assessment:  # fmt: skip
    """An assessment over the one completed last: with those of its answers that still stand, or of these the ones that are named."""
    _, questions = asked(house)
    completed = care.assessment()
    before = read_assessment(said.documents[completed.document]) if completed else None
    if before and reuse is not None:
        before = rebuilt(before, answers=[each for each in before.answers if each.question in reuse])
    id_ = free("assessment", {each.of for each in care.assessments})
    return begun(before, questions, person=care.person, id_=id_, on=house.today, contributors=(me,))


def contribute(
    house: CareHouse, role: Role, who: Contributor, person: str, says: Mapping[str, str], seen: str, key: str
) -> Done | Refused:
    """Record what a contributor answers. An answer that another gave stays theirs unless it is changed here.

    Two who answer different questions at once are both heard; of one question, the later is told.
    """
    _, questions = asked(house)
    known = {each.id: each for each in questions.questions if each.people == "adult"}
    writing = OWN_WORDS if role.kind is RoleKind.PERSON else NEEDS
    if wrong := [each for each in says if each not in known or who.side not in known[each].sides]:
        return Refused(f"“{wrong[0]}” is no question that {who.side.replace('_', ' ')} answers.")
    if role.kind is RoleKind.PERSON and who.side != "person":
        return Refused("You answer for yourself here.")

    def change(now: Assessment, before: Assessment, on: date) -> Assessment | Refused:
        answers = _answered(now.answers, before.answers, says, who.id, on)
        return answers if isinstance(answers, Refused) else _with(now, who, answers=answers)

    return _change(house, role, person, writing, seen, key, {"who": who.id, "says": dict(says)}, change)


def contribute_as_carer(
    house: CareHouse, role: Role, carer: str, person: str, says: Mapping[str, str], seen: str, key: str
) -> Done | Refused:
    """Record what a carer says of their own life: for the carer's own assessment, which is theirs."""
    _, questions = asked(house)
    known = {each.id for each in questions.questions if each.people == "carer"}
    if not set(says) <= known:
        return Refused("A carer is not asked that.")

    def change(now: Assessment, before: Assessment, on: date) -> Assessment | Refused:
        theirs = named_carer(now, carer)
        if theirs is None or (role.kind is RoleKind.CARER and role.account != carer):
            return Refused("No carer of that name is in this assessment. Name them among the carers first.")
        earlier = named_carer(before, carer)
        answers = _answered(theirs.answers, earlier.answers if earlier else (), says, carer, on)
        if isinstance(answers, Refused):
            return answers
        changed = rebuilt(theirs, answers=answers)
        who = made(Contributor, id=carer, side="carer", name=theirs.name, role=theirs.relation)
        return _with(now, who, carers=[changed if each.id == carer else each for each in now.carers])

    return _change(house, role, person, CARERS_OWN, seen, key, {"carer": carer, "says": dict(says)}, change)


def put_part(
    house: CareHouse, role: Role, me: Contributor, person: str, part: str, rows: Sequence[Row], seen: str, key: str, *, needs_advocate: bool = False,
) -> Done | Refused:  # fmt: skip
    """Record a part as a whole: what is not in the rows any more is not in the next version.

    A concern about safety waits for nobody: where no assessment is open, it begins one.
    """

    def change(now: Assessment, before: Assessment, _on: date) -> Assessment | Refused:
        if _part(now, part) != _part(before, part):
            return Refused(OVERTAKEN)
        changes: dict[str, object] = {part: WRITTEN[part](now, rows, me.id)}
        if part == "acting":
            changes["needs_advocate"] = needs_advocate
        if part == "carers" and (lost := _lost(now, changes[part])):
            return Refused(f"{lost} has said something in this assessment and cannot be taken out of it. Record that they decline instead.")  # fmt: skip
        return _with(now, me, **changes)

    request = {"part": part, "rows": repr([dict(each) for each in rows]), "advocate": needs_advocate}
    fresh = (lambda said, care: new_one(house, said, care, me)) if part == "alerts" else None
    return _change(house, role, person, PARTS[part], seen, key, request, change, fresh)


def judge(
    house: CareHouse, role: Role, me: Contributor, person: str, carer: str, found: Row, seen: str, key: str
) -> Done | Refused:
    """Record what an assessor found of eligibility, of the person or of a carer; the rule of the day says what follows."""
    people: PeopleOfCare = "carer" if carer else "adult"
    rules, _ = rule_of(house, people)

    def change(now: Assessment, before: Assessment, on: date) -> Assessment | Refused:
        judgement = made(Judgement, people=people, on=on, by=me.id, **found)
        judge_eligibility(rules, judgement)
        if not carer:
            if now.eligibility != before.eligibility:
                return Refused(OVERTAKEN)
            return _with(now, me, eligibility=judgement)
        theirs, earlier = named_carer(now, carer), named_carer(before, carer)
        if theirs is None or earlier is None or theirs.eligibility != earlier.eligibility:
            return Refused(OVERTAKEN)
        changed = rebuilt(theirs, eligibility=judgement)
        return _with(now, me, carers=[changed if each.id == carer else each for each in now.carers])

    writing = replace(CARERS_OWN, themselves=False) if carer else NEEDS
    return _change(
        house, role, person, writing, seen, key, {"judge": carer, "found": repr(dict(found))}, change
    )


def complete(house: CareHouse, role: Role, person: str, seen: str, shown: Collection[str], key: str) -> Done | Refused:  # fmt: skip
    """Complete the assessment in the version that was looked at, where nothing stands in the way."""

    def decide(said: Unlocked, care: Care, _at: datetime) -> Decision | Refused:
        latest = open_one(care)
        if latest is None:
            return Refused(NONE_OPEN)
        found = told(house, read_assessment(said.documents[latest.document]), shown)
        return agreeing.complete_assessment(care, latest.of, seen, found)

    return write(house, role, person, NEEDS, decide, key, {"complete": seen})


def told(house: CareHouse, assessment: Assessment, shown: Collection[str]) -> list[Finding]:
    """What stands in the way of completing it; of what may not be seen here, only that there is something."""
    rules, questions = asked(house)
    found = missing(assessment, questions, house.today, rules.name)
    kept = [each for each in found if _field(each) not in shown]
    seen = [each for each in found if _field(each) in shown]
    if kept:
        worst = min(kept, key=lambda each: list(Severity).index(each.severity))
        seen.append(replace(worst, code="part-not-finished", where="parts", says=NOT_FINISHED, remedy="Open each for its own purpose.", rule=""))  # fmt: skip
    return seen


def named_carer(assessment: Assessment, carer: str) -> Carer | None:
    """The carer of that id in an assessment."""
    return next((each for each in assessment.carers if each.id == carer), None)


def _field(finding: Finding) -> str:
    first, *rest = finding.where.split("/")
    if first == "carers":
        return "carers_needs" if len(rest) > 1 else "carer"
    return PARTS[first].field if first in PARTS else "needs"


def _change(
    house: CareHouse, role: Role, person: str, writing: Writing, seen: str, key: str, request: object, change: Change,
    fresh: Callable[[Unlocked, Care], Assessment] | None = None,
) -> Done | Refused:  # fmt: skip
    """Save another version, changed from the last by somebody who saw one that may have been overtaken since."""

    def decide(said: Unlocked, care: Care, _at: datetime) -> Decision | Refused:
        latest = open_one(care)
        if latest is None and (fresh is None or seen):
            return Refused(NONE_OPEN if fresh is None else ANOTHER)
        if latest is None and fresh is not None:
            now = before = fresh(said, care)
        elif latest is not None and any(each.of == latest.of and each.document == seen for each in care.assessments):  # fmt: skip
            now, before = (read_assessment(said.documents[each]) for each in (latest.document, seen))
        else:
            return Refused(ANOTHER)
        changed = change(now, before, house.today)
        return changed if isinstance(changed, Refused) else _saved(care, changed)

    return write(house, role, person, writing, decide, key, {"seen": seen, "change": request})


def _saved(care: Care, assessment: Assessment) -> Decision | Refused:
    kept = Document(KIND, MEDIA_TYPE, assessment.content())
    decided = agreeing.save_assessment(care, assessment.id, kept.digest)
    return decided if isinstance(decided, Refused) else replace(decided, documents=(kept,))


def _with(now: Assessment, who: Contributor, /, **changes: object) -> Assessment:
    """The assessment changed by somebody, who is a contributor from then on. What nobody said anything in keeps nobody."""
    others = [each for each in now.contributors if each.id != who.id]
    return rebuilt(now, contributors=[*others, who], **changes)


def _answered(
    now: Sequence[Answer], before: Sequence[Answer], says: Mapping[str, str], by: str, on: date
) -> tuple[Answer, ...] | Refused:
    """The answers with what was changed since they were seen. Refused where one of these was changed by another too."""
    held, seen = ({each.question: each for each in some} for some in (now, before))
    for question, words in says.items():
        earlier = seen.get(question)
        if words == (earlier.says if earlier else "") or (not words and earlier and earlier.by != by):
            continue  # nobody takes back what another said
        if held.get(question) != earlier:
            return Refused(OVERTAKEN)
        if words:
            held[question] = made(Answer, by=by, question=question, says=words, on=on)
        else:
            del held[question]
    return tuple(held.values())


def _part(assessment: Assessment, part: str) -> object:
    if part == "carers":  # what is the carer's own is another part
        return [(each.id, each.name, each.relation, each.offered_on, each.declined) for each in assessment.carers]  # fmt: skip
    return (getattr(assessment, part), assessment.needs_advocate if part == "acting" else None)


def _said_by(kind: type[Risk] | type[CapacityDecision] | type[Alert], held: Sequence[Risk | CapacityDecision | Alert], rows: Sequence[Row], by: str) -> list[object]:  # fmt: skip
    """Each row as its kind; one that stands as it stood stays whose it was."""
    found: list[object] = []
    for row in rows:
        mine = made(kind, by=by, **row)
        same = (each for each in held if each.model_copy(update={"by": by}) == mine)
        found.append(next(same, mine))
    return found


def _weighed(row: Row) -> Row:
    """A risk as it was weighed: how likely and how grave are numbers."""
    return {name: int(str(each)) if name in {"likely", "grave"} else each for name, each in row.items()}


def _carers(now: Assessment, rows: Sequence[Row], _by: str) -> list[object]:
    """The carers as named; what each said of their own life stays."""
    found: list[object] = []
    taken = {each.id for each in now.carers}
    for row in rows:
        account, id_ = str(row["account"] or ""), str(row["id"] or "")
        if any(getattr(each, "id", None) == id_ for each in found):
            raise Unusable("Two rows are of one carer. Open the page again, and send it from there.")
        held = named_carer(now, id_)
        rest = {name: value for name, value in row.items() if name not in {"id", "account"}}
        if held is not None:
            found.append(rebuilt(held, **rest))
        else:
            new = account if account and account not in taken else free("carer", taken)
            taken.add(new)
            found.append(made(Carer, id=new, **rest))
    return found


def _lost(now: Assessment, carers: object) -> str:
    assert isinstance(carers, list)  # noqa: S101  (made by _carers)
    said = {each.by for each in now.contributed}
    kept = {each.id for each in carers}
    return next((each.name for each in now.carers if each.id not in kept and (each.id in said or each.answers)), "")  # fmt: skip


WRITTEN: Mapping[str, Callable[[Assessment, Sequence[Row], str], list[object]]] = {
    "risks": lambda now, rows, by: _said_by(Risk, now.risks, [_weighed(each) for each in rows], by),
    "capacity": lambda now, rows, by: _said_by(CapacityDecision, now.capacity, rows, by),
    "alerts": lambda now, rows, by: _said_by(Alert, now.alerts, rows, by),
    "acting": lambda _now, rows, _by: [made(Acting, **row) for row in rows],
    "carers": _carers,
}
"""How the rows of a part become what stands in the assessment."""
