"""Comments on a plan: what was said of each place and what became of it, the queries that wait, and the forms that write."""

from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.commenting import (
    NO_WORDS,
    NOT_OURS,
    TOO_LONG,
    Placed,
    answer_comment,
    askable,
    close_query,
    make_comment,
    may_comment,
    no_place,
    placed,
    queries_for,
    said_in,
    withdraw_comment,
)
from carepool.actions.house import House
from carepool.actions.permits import offices_of
from carepool.actions.planning import PlanView, view
from carepool.actions.waiting import Waiting
from carepool.basics.refusals import Refused
from carepool.basics.words import blank
from carepool.journal.commands import Done
from carepool.offices.holdings import Holding
from carepool.plans.comments import WHOLE, Comment, Place, place_of
from carepool.plans.document import EVERY, sections_asked
from carepool.plans.parts import LONGEST, day_typed
from carepool.render.words import day, within
from carepool.web.acting import NOT_SIGNED_IN, Problem, carry_out
from carepool.web.asking import HouseRequest
from carepool.web.decisions import shown_errors
from carepool.web.frame import PlanPage, actor_of
from carepool.web.people import body_name, names_of, office_title
from carepool.web.tracing import link_at, place_said, value_said

SHOWS = {"": "All", "open": "Open queries", "mine": "Put to me"}
"""What the page can be narrowed to."""
DONE = {
    "made": "Recorded: your comment.",
    "asked": "Recorded: your query. It shows among what waits for the person whom you asked.",
    "answered": "Recorded: your answer.",
    "closed": "Recorded: the query is closed.",
    "withdrawn": "Recorded: your words are deleted. That there was a comment stays.",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent with a form that could not be carried out."""

    form: str = ""
    """``new``, or the number of the comment that was answered."""
    words: str = ""
    to: str = ""
    due: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """One comment or answer as it is read."""

    number: int
    who: str
    when: str
    words: list[str]
    """Paragraphs; none once they were withdrawn."""
    withdrawn: str
    mine: bool
    """Whether the reader wrote it, and can take it back."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its place, what became of that, and its answers."""

    voice: Voice
    answers: list[Voice]
    place: str
    href: str
    from_href: str
    about: list[str]
    """The version and the value then, and whether it has changed."""
    status: tuple[str, str] | None
    """Of a query: words and colour."""
    asked: str
    closes: bool
    """Whether the reader can close it."""


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who on the page."""

    shown: PlanPage
    people: dict[str, str] = field(default_factory=dict)

    def voice(self, comment: Comment) -> Voice:
        """A comment as it is read."""
        shown, said = self.shown, said_in(self.shown.house, comment)
        who = self.people.get(comment.by, comment.by)
        if said:
            who = f"{said.name or who}, {within(said.office)}, {body_name(shown.house, said.body)}"
        gone = ""
        if said is None:
            when = f" on {day(comment.withdrawn_at)}" if comment.withdrawn_at else ""
            gone = f"What stood here was withdrawn{when} by who wrote it, and is deleted."
        account = shown.account.id if shown.account else ""
        mine = bool(said) and comment.by == account and shown.when.day is None
        paragraphs = [each for each in said.words.splitlines() if each.strip()] if said else []
        return Voice(comment.number, who, day(comment.at), paragraphs, gone, mine)


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """Everything said of a plan, or of one place; a form that is sent is carried out first."""
    shown = PlanPage(request, plan)
    if request.method == "POST":
        return _send(request, shown)
    return _show(request, shown, _place(request.GET.get("at", "")))


def _place(written: str) -> Place:
    place = place_of(written[:200])
    if place is None:
        raise no_place(written)
    return place


# Writing


def _send(request: HouseRequest, shown: PlanPage) -> HttpResponse:
    """Carry out what was sent, and go back to where it stands; or show what is wrong, with what was typed."""
    sent = {
        name: request.POST.get(name, "")[:200]
        for name in ("do", "at", "here", "number", "to", "due", "version")
    }
    here = _place(sent["here"])
    words = request.POST.get("words", "").replace("\r\n", "\n")[: LONGEST + 1]
    form = "new" if sent["do"] == "comment" else sent["number"]
    typed = Typed(form, words, sent["to"], sent["due"], sent["at"])
    account = shown.account
    if account is None:
        return _show(request, shown, here, typed, Problem(NOT_SIGNED_IN, "write", HTTPStatus.FORBIDDEN))
    problem = _fault(sent, typed)
    if problem:
        return _show(request, shown, here, typed, problem)
    actor, house, number = actor_of(request, account), shown.house, _number(sent["number"])

    def act() -> Done | Refused:
        plan = shown.view.history.id
        if sent["do"] == "comment":
            due = day_typed(sent["due"]) if sent["due"].strip() else None
            version = _number(sent["version"])
            return make_comment(house, actor, plan, _place(sent["at"]).where, words, version=version, to=sent["to"], due=due)  # fmt: skip
        if sent["do"] == "answer":
            return answer_comment(house, actor, plan, number, words)
        return (close_query if sent["do"] == "close" else withdraw_comment)(house, actor, plan, number)

    done = carry_out(house, "write" if sent["do"] == "comment" else f"c{number}", act)
    if isinstance(done, Done):
        said = {"comment": "asked" if sent["to"] else "made", "answer": "answered", "close": "closed"}
        query = {"at": here.where} if here.section else {}
        query |= {"done": said.get(sent["do"], "withdrawn")}
        made = str(done.answer)
        return redirect(
            reverse("plan-comments", kwargs={"plan": shown.view.history.id}, query=query) + f"#c{made}"
        )
    return _show(request, PlanPage(request, shown.view.history.id), here, typed, done)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else -1


def _fault(sent: dict[str, str], typed: Typed) -> Problem | None:
    """What is wrong with the fields of a form, at its field."""
    if sent["do"] not in {"comment", "answer", "close", "withdraw"}:
        return Problem("Use one of the buttons of this page.", "write", HTTPStatus.BAD_REQUEST)
    if sent["do"] in {"close", "withdraw"}:
        return None
    suffix = "" if typed.form == "new" else f"-{typed.form}"
    if blank(typed.words):
        return Problem(NO_WORDS, f"words{suffix}", HTTPStatus.BAD_REQUEST)
    if len(typed.words) > LONGEST:
        return Problem(TOO_LONG, f"words{suffix}", HTTPStatus.BAD_REQUEST)
    if typed.due.strip():
        try:
            day_typed(typed.due)
        except ValueError as error:
            said = str(error)
            return Problem(f"{said[:1].upper()}{said[1:]}.", "due", HTTPStatus.BAD_REQUEST)
    return None


# Reading


def _show(
    request: HouseRequest, shown: PlanPage, place: Place, typed: Typed | None = None, problem: Problem | None = None
) -> HttpResponse:  # fmt: skip
    found, typed = shown.view, typed or Typed()
    account = shown.account.id if shown.account else ""
    every = placed(shown.house, found, shown.when.upto)
    within = [each for each in every if _is_within(each.listed, place)]
    show = request.GET.get("show", "") if request.GET.get("show") in SHOWS else ""
    chosen = [each for each in within if _is_shown(each.comment, show, account)]
    allowed = may_comment(shown.house, found, account) if account and not shown.when.day else None
    writes = isinstance(allowed, Holding)
    frame = shown.frame("plan-comments")
    errors = [*shown_errors(frame), *([(_field(problem, writes, chosen), problem.says)] if problem else [])]
    context = frame | {
        "errors": errors,
        "problem": problem,
        "typed": typed,
        "place": place,
        "title": place_said(found, found.plan, place),
        "asking": [(name, value) for name, value in (("at", place.where if place.where != WHOLE else ""), ("show", show)) if value],
        "sentence": sentence(within, account),
        "done": DONE.get(request.GET.get("done", ""), "") if account and not problem else "",
        "shows": [(words, _show_link(shown, place, name), name == show) for name, words in SHOWS.items() if account or name != "mine"],
        "show": show,
        "groups": _groups(shown, chosen, account, writes),
        "writes": writes,
        "why": NOT_OURS if account and not writes and not shown.when.day else "",
        "version": found.history.current.number if found.history.current else 0,
        "places": [("plan", "The whole plan"), *((name, EVERY[name].title) for name in sections_asked(found.rules))],
        "people": _people(shown) if writes else [],
        "above": [(place_said(found, found.plan, each), link_at(shown, "plan-comments", each.where)) for each in dict.fromkeys((Place(), Place(place.section))) if each.where != place.where],
        "from_href": link_at(shown, "plan-from", place.where),
    }  # fmt: skip
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/comments.jinja", context, status=status)


def _field(problem: Problem, writes: bool, chosen: list[Placed]) -> str:
    """The element that the summary leads to: the field where it is on the page, else the heading of writing."""
    number = problem.field.rpartition("-")[2].lstrip("c")
    there = number.isdecimal() and any(str(each.comment.number) == number for each in chosen)
    if problem.field == "write" or not writes or (number.isdecimal() and not there):
        return "write"
    return problem.field


def _is_within(listed: Place, place: Place) -> bool:
    return place.where == WHOLE or f"{listed.where}/".startswith(f"{place.where}/")


def _is_shown(comment: Comment, show: str, account: str) -> bool:
    return not show or (comment.open and (show == "open" or comment.to == account))


def _show_link(shown: PlanPage, place: Place, show: str) -> str:
    query = {"at": place.where} if place.where != WHOLE else {}
    query |= ({"show": show} if show else {}) | shown.when.query()
    return reverse("plan-comments", kwargs={"plan": shown.view.history.id}, query=query or None)


def sentence(within: list[Placed], account: str) -> str:
    """How much was said, and what waits."""
    number = sum(1 + len(each.answers) for each in within)
    waiting = [each.comment for each in within if each.comment.open]
    if not number:
        return "Nothing has been said here yet."
    said = "One comment" if number == 1 else f"{number} comments and answers"
    if not waiting:
        return f"{said}. No query waits for an answer."
    mine = sum(each.to == account for each in waiting)
    queries = "One query waits" if len(waiting) == 1 else f"{len(waiting)} queries wait"
    return f"{said}. {queries} for an answer{f', {mine} of them from you' if mine else ''}."


def _groups(
    shown: PlanPage, chosen: list[Placed], account: str, writes: bool
) -> list[tuple[str, str, list[Thread]]]:
    """The threads by section, in the order of the plan: id, title, and threads."""
    everybody = [one for each in chosen for one in (each.comment, *each.answers)]
    names = Names(shown, names_of({each.by for each in everybody} | {each.to or "" for each in everybody} | {each.closed_by or "" for each in everybody}))  # fmt: skip
    groups = []
    for section in ("", *EVERY):
        here = [each for each in chosen if each.listed.section == section]
        if here:
            threads = [_thread(names, each, account, writes) for each in here]
            groups.append((section or "plan", EVERY[section].title if section else "The whole plan", threads))
    return groups


def _thread(names: Names, each: Placed, account: str, writes: bool) -> Thread:
    shown, comment = names.shown, each.comment
    found, place = shown.view, each.listed
    status, asked = None, ""
    if comment.is_query:
        due = f", by {day(comment.due)}" if comment.due else ""
        asked = f"Put to {names.people.get(comment.to or '', '')}{due}."
        overdue = comment.due is not None and comment.due < (shown.when.day or shown.house.today)
        status = ("Overdue query", "orange") if overdue else ("Open query", "blue")
        if comment.closed_at:
            status = ("Closed query", "grey")
            asked += (
                f" Closed by {names.people.get(comment.closed_by or '', '')} on {day(comment.closed_at)}."
            )
        elif not comment.open:
            status = ("Withdrawn query", "grey")
    at = each.now if each.now and each.readable else None
    return Thread(
        names.voice(comment), [names.voice(one) for one in each.answers],
        place_said(found, found.plan, at) if at else _gone_said(found, each),
        link_at(shown, "plan-comments", place.where), link_at(shown, "plan-from", place.where) if at and place.field else "",
        _about(found, each), status, asked, writes and comment.open and account in {comment.by, comment.to},
    )  # fmt: skip


def _gone_said(found: PlanView, each: Placed) -> str:
    """A place whose row is gone: without a number, which is another row's now."""
    about = each.then.about
    said = f", {about.titled(found.known.years)}" if about else ""
    return (
        f"{EVERY[each.then.section].title}, a row that is gone{said}"
        if each.then.section
        else "The whole plan"
    )


def _about(found: PlanView, each: Placed) -> list[str]:
    """The version that it was said of, what stood there then, and what has become of it."""
    number, about = each.comment.version, each.then.about
    version = f"Said of version {number}" if number else "Said before the first version"
    if not each.readable:
        return [f"{version}, whose content was withdrawn."]

    def said(value: object) -> str:
        written = value_said(found, found.plan, about, value)
        return written if len(written) <= 120 else f"{written[:120]}…"

    lines = [f"{version}, where it was: {said(each.before)}." if each.then.field else f"{version}."]
    if each.now is None:
        lines.append("The row is gone since.")
    elif each.changed:
        lines.append(f"Changed since: it is now {said(each.after)}." if each.then.field else "Changed since.")
    return lines


def _people(shown: PlanPage) -> list[tuple[str, str]]:
    """Who can be asked: account, and name with office and body."""
    held = askable(shown.house, shown.view)
    names = names_of(each.account for each in held)
    rules = shown.view.rules
    found: dict[str, str] = {}
    for each in held:
        title = within(office_title(shown.house, rules, each.body, each.office))
        found.setdefault(each.account, f"{names[each.account]}, {title}, {body_name(shown.house, each.body)}")
    return list(found.items())


# What waits


def queries_waiting(house: House, account: str) -> list[Waiting]:
    """The open queries that are put to an account, as things that wait for it."""
    asked = queries_for(house, account)
    names = names_of(each.by for _, each in asked)
    bodies = [each.body for each in offices_of(house, account)] if asked else []
    found = []
    for plan, each in asked:
        seen = view(house, plan)
        place = place_of(each.where) or Place()
        title = EVERY[place.section].title if place.section else "the plan"
        due = f", by {_said(each.due)}" if each.due else ""
        says = f"Answer {names[each.by]}'s query on {title} of “{seen.history.title}”{due}"
        found.append(
            Waiting(plan, bodies[0] if bodies else seen.history.title, says, str(each.at.date()), "comments")
        )
    return found


def _said(due: date) -> str:
    return day(due)
