"""What the pages of a party's acts share: the body asked for, how it was decided, and words for what was signed."""

import json
from collections.abc import Sequence

from django.urls import reverse
from django.views.decorators.http import require_http_methods

from carepool.journal.documents import Document
from carepool.places.bodies import Body
from carepool.signoff.decisions import Decision, Record
from carepool.signoff.ways import Meeting
from carepool.web.acts import Answers, Ask, Wrong
from carepool.web.frame import PlanPage

YES_NO = (("yes", "Yes"), ("no", "No"))
AGREES = (("yes", "It agrees"), ("no", "It refuses"))
form = require_http_methods(["GET", "HEAD", "POST"])


def after_deciding(shown: PlanPage, body: str) -> str:
    """Where one goes after an act: the decisions, which say what was recorded."""
    return reverse("plan-decisions", args=[shown.view.history.id], query={"done": body} if body else None)


def ask_body(bodies: Sequence[Body], value: str = "") -> Ask:
    """Which of some bodies it is for; where there is one only, it is chosen."""
    only = bodies[0].id if len(bodies) == 1 else value
    return Ask(
        "body", "Which body?", "choice", choices=tuple((each.id, each.name) for each in bodies), value=only
    )


def answered_yes(answers: Answers, name: str, says: str) -> bool:
    """Whether a question was answered with yes. Wrong where it was not answered."""
    if answers.text(name) not in {"yes", "no"}:
        raise Wrong(name, says)
    return answers.text(name) == "yes"


def shown_version(shown: PlanPage) -> tuple[tuple[str, str], ...]:
    """The hidden fields that name the version and the findings that a form was shown with."""
    current = shown.view.history.current
    return (("digest", current.digest if current else ""), ("findings", shown.view.findings_digest))


def nothing_to_do(shown: PlanPage, what: str) -> str:
    """Why the page offers nothing, in a sentence."""
    if shown.when.day:
        return "This page is shown as at another day, where nothing can be done."
    if shown.account is None:
        return f"Sign in to {what}."
    return f"You hold no office by which you could {what}. The page of decisions says who does."


def ask_meeting(hint: str) -> tuple[Ask, ...]:
    """What is asked of a meeting."""
    return (
        Ask("held_on", "Day of the meeting", "day", f"{hint}For example, 2014-09-10."),
        Ask("committee", "Which committee"),
        Ask("quorate", "Was there a quorum?", "choice", choices=YES_NO),
        Ask("interests", "Interests that were declared", hint="Write “none” where there were none."),
        Ask("minute", "Where the minute is", hint="Its number, or its address."),
    )


def meeting_in(answers: Answers) -> Meeting:
    """The meeting in a form's answers."""
    held = answers.day("held_on")
    assert held is not None  # noqa: S101 (needed)
    return Meeting(
        held, answers.text("committee"), answers.text("quorate") == "yes", answers.text("interests"), answers.text("minute"),
    )  # fmt: skip


def version_words(shown: PlanPage, made: Decision | Record) -> str:
    """The version that a decision is on, in words."""
    version = shown.view.history.with_digest(made.digest)
    return f"version {version.number}" if version else "an unknown version"


def reasons_of(shown: PlanPage, signed: str) -> str:
    """The words of what was signed."""
    found = words_signed(shown, signed)
    return str(found.get("reasons", "")) if found else "Its words were withdrawn; their digest stands."


def words_signed(shown: PlanPage, signed: str) -> dict[str, object]:
    """What stands in a document that was signed; nothing where its words were withdrawn."""
    document = shown.house.journal.document(signed) if signed else None
    return dict(json.loads(document.content)) if isinstance(document, Document) else {}
