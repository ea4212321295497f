"""Action plans: which schemes are off track by the agreement, what is done about each by when, and how it gets on."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from carepool.actions.agreements import agreement_for, day_within
from carepool.actions.importing_ledgers import reasons_in_words
from carepool.actions.permits import Actor
from carepool.actions.pool_years import make_plan_of, tell_progress_of, track_of
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.pool.action_plans import Track, off_track
from carepool.pool.outturn import Line, outturn
from carepool.pool.records import ActionPlan
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, Wrong, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_acting import pool_page
from carepool.web.pool_checks import findings_for
from carepool.web.pool_entering import scheme_choices
from carepool.web.pool_frame import PoolPage

YES, NO = ("yes", "Yes"), ("no", "No, it goes on")


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """Every scheme beside the mark at which it is off track, every plan with its progress, and the forms."""
    shown = PoolPage(request, pool)
    year = shown.books.year

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        scheme, words = answers.text("scheme"), answers.text("words")
        if not words:
            raise Wrong("words", "Say it in words.")
        if act == "plan":
            due = answers.day("due")
            assert due is not None  # noqa: S101 (needed)
            return make_plan_of(shown.house, actor, pool, year, scheme, words, due, answers.text("office"))
        if act == "tell":
            done = answers.text("done") == "yes"
            return tell_progress_of(shown.house, actor, pool, year, scheme, words, done=done)
        raise unknown_act(act)

    return pool_page(
        request, shown, "pool-action-plans", "web/pool_action_plans.jinja", context=lambda: _context(shown),
        acts=lambda: _acts(shown), do=do, after=shown.href("pool-action-plans"),
        nothing=f"Action plans are made by {shown.host}: its pool manager and finance officers.",
    )  # fmt: skip


def _track(shown: PoolPage) -> Track | None:
    agreement = agreement_for(shown.house, shown.books, day_within(shown.books, shown.house.today))
    return track_of(agreement) if agreement else None


def _context(shown: PoolPage) -> dict[str, object]:
    books, track, forecasts = shown.books, _track(shown), shown.forecasts
    lines = outturn(books, forecasts).lines
    return {
        "sentence": _sentence(track, lines),
        "findings": findings_for(shown, off_track(books, track, shown.house.today, forecasts)),
        "schemes": [
            (each.title, pence(each.budget), pence(each.expected), pence(each.variance), ("Off track" if track.off(each) else "On track") if track else "")
            for each in lines
        ],
        "plans": [
            (shown.scheme(each.scheme), reasons_in_words(shown.house, each.document), _standing(each), [(day(told.on), reasons_in_words(shown.house, told.document), "Done" if told.done else "") for told in each.progress])
            for each in books.records.action_plans.values()
        ],
    }  # fmt: skip


def _sentence(track: Track | None, lines: tuple[Line, ...]) -> str:
    if track is None:
        return "The agreement does not say when a scheme is off track, so it is for the partners to see."
    off = sum(track.off(each) for each in lines)
    parts = [f"{float(track.part * 100):g}% of its budget"] if track.part else []
    parts += [pence(track.pence)] if track.pence else []
    return f"By the forecast {off} of {len(lines)} schemes {'is' if off == 1 else 'are'} off track: more than {' and '.join(parts) or 'a penny'} off its budget (clause {track.clause})."


def _standing(each: ActionPlan) -> str:
    office = each.office.replace("_", " ")
    standing = "Done" if each.done else f"To be done by {day(each.due)}"
    return f"{standing}. Made on {day(each.made_on)}; the {office} answers for it."


def _acts(shown: PoolPage) -> list[Act]:
    if shown.books.ended_at or not shown.may("keep_books"):
        return []
    schemes = scheme_choices(shown)
    offices = tuple((each.name, each.says) for each in shown.house.rulebook.section_75(shown.house.today)[0].authorities.offices)  # fmt: skip
    plan = (
        Ask("scheme", "For which scheme", "choice", choices=schemes),
        Ask("words", "What is done about it", "words"),
        Ask("due", "By when", "day", f"For example, {shown.house.today.isoformat()}."),
        Ask("office", "Which office answers for it", "choice", choices=offices),
    )
    going = tuple((each.scheme, shown.scheme(each.scheme)) for each in shown.books.records.action_plans.values() if not each.done)  # fmt: skip
    tell = (
        Ask("scheme", "For which scheme", "choice", choices=going),
        Ask("words", "How it gets on", "words"),
        Ask("done", "Is it done?", "choice", choices=(YES, NO), value="no"),
    )
    acts = [Act("plan", "Make an action plan", "Make the plan", plan)]
    return [*acts, Act("tell", "Tell how a plan gets on", "Tell it", tell)] if going else acts
