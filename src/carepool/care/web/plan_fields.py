"""What the forms of a care plan ask, and how a plan's parts are typed: a service with its payers and its hours in one row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.care.planning.plan import CarePlan, DayWord, Payer, Service
from carepool.care.web.assessment_fields import DAY, typed_of
from carepool.care.web.fields import Field, Typed
from carepool.rules.caring import AssessmentQuestions

PAYERS, WINDOWS = 2, 1
"""How many a form asks for at least; there is always room for one more than the service that has most."""
STATUS = (("active", "Being worked on"), ("proposed", "Proposed"), ("completed", "Reached"), ("cancelled", "Given up"))  # fmt: skip
NEEDED = (("before", "Before the person comes home"), ("same_day", "On the day"), ("after", "Later"))
GIVEN = (("yes", "Yes"), ("no", "No"), ("best_interests", "The person cannot decide it: in their best interests"))  # fmt: skip
WHAT = (("whole", "The whole plan"), ("summary", "A summary"))


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part of a plan, as its page shows it."""

    title: str
    says: str
    one: str
    """What a row is; empty where the part is one form."""
    fields: Callable[[CarePlan, AssessmentQuestions, bool], tuple[Field, ...]]
    """By the plan, the questions, and whether a later assessment than the plan's was completed."""


def _about(_plan: CarePlan, _asked: AssessmentQuestions, later: bool) -> tuple[Field, ...]:
    rests = (Field("rests", "It rests on the assessment that was completed last", "yes"),) if later else ()
    return (
        Field("title", "Title", required=True),
        Field("matters", "What matters to the person, in their own words", "words"),
        Field("integrated", "Health and social care give it as one integrated package, so that one professional is accountable", "yes"),
        Field("contingency", "What happens when something fails, and whom to ring by day and by night", "words"),
        Field("review_on", "The first review is on", "day", hint=DAY),
        *rests,
    )  # fmt: skip


def _goals(_plan: CarePlan, _asked: AssessmentQuestions, _later: bool) -> tuple[Field, ...]:
    return (
        Field("id", "", "hidden"),
        Field("says", "What the person wants to reach, in their words", "words", required=True),
        Field("by", "By", "day", hint=DAY),
        Field("status", "How it stands", "pick", required=True, choices=STATUS, default="active"),
    )


def _needs(plan: CarePlan, asked: AssessmentQuestions, _later: bool) -> tuple[Field, ...]:
    known = {each.id: each.asks for each in asked.questions if each.people == "adult"}
    # What another system named stays what it is.
    shows = ({each.question: each.question for each in plan.needs if each.question} | known).items()
    return (
        Field("id", "", "hidden"),
        Field("says", "What help is needed", "words", required=True),
        Field("question", "The question of the assessment in which it shows", "pick", choices=tuple(shows)),
    )


def _services(plan: CarePlan, _asked: AssessmentQuestions, _later: bool) -> tuple[Field, ...]:
    payers = tuple((each.value, each.value) for each in Payer)
    days = tuple((each.value, each.value) for each in DayWord)
    found = [
        Field("id", "", "hidden"),
        Field("says", "What is done", "words", required=True),
        Field("provider", "By whom"),
        Field("telephone", "Telephone"),
        Field("often", "How often"),
    ]
    if plan.needs:
        found.append(Field("needs", "For which needs", "checks", choices=tuple((each.id, each.says) for each in plan.needs)))  # fmt: skip
    if plan.goals:
        found.append(Field("goals", "For which goals", "checks", choices=tuple((each.id, each.says) for each in plan.goals)))  # fmt: skip
    for number in range(_most(plan, PAYERS, lambda each: len(each.paid_by))):
        within = "Who pays" if not number else ""
        found += [
            Field(f"payer{number}", f"Payer {number + 1}", "pick", choices=payers, within=within),
            Field(f"body{number}", f"Which body is payer {number + 1}"),
            Field(
                f"share{number}",
                f"Share of payer {number + 1}",
                "number",
                hint="Per cent; nothing is all of it",
            ),
        ]
    for number in range(_most(plan, WINDOWS, lambda each: len(each.ready.windows) if each.ready else 0)):
        again = " also" if number else ""
        found += [
            Field(f"days{number}", f"It can{again} start on", "checks", choices=days, within="When it can start" if not number else ""),
            Field(f"opens{number}", f"From{again}", "time", hint="Like 08:00"),
            Field(f"closes{number}", f"Until{again}", "time", hint="Like 20:00"),
        ]  # fmt: skip
    found += [
        Field("notice_hours", "Hours of notice that it needs", "number"),
        Field("needed", "When it has to be in place", "pick", choices=NEEDED),
    ]
    return tuple(found)


def _consent(_plan: CarePlan, _asked: AssessmentQuestions, _later: bool) -> tuple[Field, ...]:
    return (
        Field("given", "Does the person consent to this plan, and to its being shared as it says?", "choice", required=True, choices=GIVEN),
        Field("on", "Asked on", "day", required=True, hint=DAY),
        Field("by", "Who consented or decided", required=True),
    )  # fmt: skip


def _sharing(_plan: CarePlan, _asked: AssessmentQuestions, _later: bool) -> tuple[Field, ...]:
    return (
        Field("name", "With whom", required=True),
        Field("what", "What", "pick", required=True, choices=WHAT),
        Field("since", "Since", "day", required=True, hint=DAY),
    )


PART_PAGES: Mapping[str, PartPage] = {
    "about": PartPage("What it is about", "What matters, whether it is one package, and what happens when something fails.", "", _about),
    "goals": PartPage("Goals", "What the person wants to reach, in their words.", "Goal", _goals),
    "needs": PartPage("Needs", "What help is needed, and where the assessment says so.", "Need", _needs),
    "services": PartPage("Services", "What is done, by whom, who pays, and on which days it can start.", "Service", _services),
    "consent": PartPage("Consent", "Whether the person agrees, or who decided for them.", "", _consent),
    "sharing": PartPage("Shared with", "With whom the plan is shared, and since when.", "Person or team", _sharing),
}  # fmt: skip


def _most(plan: CarePlan, least: int, count: Callable[[Service], int]) -> int:
    return max([least, *(count(each) + 1 for each in plan.services)])


def rows_of(part: str, plan: CarePlan) -> list[Typed]:
    """The rows of a part as they would be typed."""
    match part:
        case "about":
            return [{name: each for name, each in typed_of(plan).items() if name in {"title", "matters", "integrated", "contingency", "review_on"}}]  # fmt: skip
        case "consent":
            return [typed_of(plan.consent)] if plan.consent else [{}]
        case "services":
            return [_service_typed(each) for each in plan.services]
        case _:
            things = {"goals": plan.goals, "needs": plan.needs, "sharing": plan.shared_with}[part]
            return [typed_of(each) for each in things]


def _service_typed(service: Service) -> Typed:
    found: dict[str, str | list[str]] = dict(typed_of(service))
    for number, paid in enumerate(service.paid_by):
        found |= {f"payer{number}": paid.payer.value, f"body{number}": paid.body or "", f"share{number}": f"{paid.share:f}"}  # fmt: skip
    for number, window in enumerate(service.ready.windows if service.ready else ()):
        found |= {f"days{number}": [each.value for each in window.days], f"opens{number}": f"{window.opens:%H:%M}", f"closes{number}": f"{window.closes:%H:%M}"}  # fmt: skip
    if service.ready:
        found |= {"notice_hours": str(service.ready.notice_hours), "needed": service.ready.needed}
    return found


def service_of(row: Mapping[str, object]) -> tuple[dict[str, object], list[tuple[str, str]]]:
    """A service's row with its payers and hours as rows within it, and what is wrong in which field."""
    wrong: list[tuple[str, str]] = []
    kept = {name: row.get(name) for name in ("id", "says", "provider", "telephone", "often", "needed")}
    found: dict[str, object] = {**kept, "needs": row.get("needs") or [], "goals": row.get("goals") or []}
    paid: list[dict[str, object]] = []
    windows: list[dict[str, object]] = []
    number = 0
    while f"payer{number}" in row:
        payer, body, share = (row[f"{name}{number}"] for name in ("payer", "body", "share"))
        if payer:
            if share is not None and not 0 < Decimal(str(share)) <= 100:
                wrong.append((f"share{number}", "A share is more than 0 and at most 100 per cent."))
            paid.append({"payer": payer, "body": body, **({} if share is None else {"share": share})})
        elif body or share is not None:
            wrong.append((f"payer{number}", "Choose who pays this share, or empty it."))
        number += 1
    number = 0
    while f"days{number}" in row:
        days, opens, closes = (row[f"{name}{number}"] for name in ("days", "opens", "closes"))
        if days and opens and closes:
            if str(closes) <= str(opens):
                wrong.append((f"closes{number}", "It has to end after it begins, on one day."))
            windows.append({"days": days, "opens": opens, "closes": closes})
        elif days or opens or closes:
            wrong.append((f"opens{number}", "Choose the days, and write from when until when; or empty all three."))  # fmt: skip
        number += 1
    notice = row.get("notice_hours")
    if isinstance(notice, Decimal) and (notice != int(notice) or notice > 24 * 60):
        wrong.append(("notice_hours", "Notice is whole hours, at most 1,440."))
    found |= {"paid_by": paid, "windows": windows, "notice_hours": None if notice is None else int(str(notice).split(".")[0])}  # fmt: skip
    return found, wrong
