"""Mandates: what the joint board decided or all partners agreed, by which more is entered than an officer may alone."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from carepool.actions.opening_pools import agree_mandate_of, record_mandate_of
from carepool.actions.permits import Actor
from carepool.actions.pools import partner_body
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.partnership.limits import SAYS
from carepool.pool.accounts import Event
from carepool.pool.record_facts import VARY_AGREEMENT
from carepool.pool.records import Mandate, Matter
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, Wrong, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.people import names_of
from carepool.web.pool_acting import pool_page
from carepool.web.pool_entering import partner_choices, scheme_choices, source_choices
from carepool.web.pool_frame import PoolPage, posting_words

BY = {"joint_board": "The joint board", "partners": "All partners"}
PAGE = {"joint_board": "board", "partners": "partners"}
"""The id of the form of each."""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """Every mandate with who has agreed, and the forms by which the host records one or asks the partners."""
    shown = PoolPage(request, pool)
    made: list[str] = []

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        by = next((each for each, id_ in PAGE.items() if id_ == act), "partners" if act == "vary" else "")
        if not by:
            raise unknown_act(act)
        on = answers.day("decided_on")
        assert on is not None  # noqa: S101 (needed)
        matter = Matter(VARY_AGREEMENT) if act == "vary" else _matter(answers)
        words = answers.files.get("file", b"") if act == "vary" else answers.text("words").encode()
        if not words:
            raise Wrong(
                "file" if act == "vary" else "words", "What was decided stands in a document. Give it."
            )
        done = record_mandate_of(shown.house, actor, pool, shown.books.year, by, matter, on, words)
        if isinstance(done, Done) and isinstance(done.answer, dict):
            made.append(str(done.answer["mandate"]))
        return done

    def context() -> dict[str, object]:
        found = list(shown.books.records.mandates.values())
        return {"sentence": _sentence(shown, found), "rows": [_row(shown, each) for each in reversed(found)]}

    return pool_page(
        request, shown, "pool-mandates", "web/pool_mandates.jinja", context=context, acts=lambda: _acts(shown), do=do,
        after=lambda: shown.href("pool-mandate", mandate=made[0]) if made else shown.href("pool-mandates"),
        nothing=f"Mandates are recorded by {shown.host}: its pool manager and finance officers.",
    )  # fmt: skip


def _matter(answers: Answers) -> Matter:
    word = answers.text("word")
    if word not in SAYS:
        raise Wrong("word", "Choose what is let be done.")
    amount = answers.pence("pence")
    assert amount is not None  # noqa: S101 (needed)
    text = answers.text
    return Matter(word, amount, text("party"), text("source"), text("scheme"), text("to_scheme"))


def _sentence(shown: PoolPage, found: list[Mandate]) -> str:
    if not found:
        return "Nothing has been decided beyond what officers may do alone. What is will stand here."
    waiting = sum(bool(each.awaited(shown.names)) for each in found)
    ready = sum(not each.used and not each.awaited(shown.names) for each in found)
    return f"{ready} can be used, {waiting} {'waits' if waiting == 1 else 'wait'} for partners, and {len(found) - ready - waiting} {'is' if len(found) - ready - waiting == 1 else 'are'} used."


def matter_words(shown: PoolPage, matter: Matter) -> str:
    """What a mandate is about, in words."""
    if matter.word == VARY_AGREEMENT:
        return "Put another agreement in the place of this"
    what = next((words for word, words in SAYS.items() if word == matter.word), matter.word)
    said = f"{what[:1].upper()}{what[1:]}"
    said += (
        f" from {shown.scheme(matter.scheme)} to {shown.scheme(matter.to_scheme)}"
        if matter.to_scheme
        else f" for {shown.scheme(matter.scheme)}"
        if matter.scheme
        else ""
    )
    said += f", {shown.party(matter.party)}" if matter.party else ""
    return f"{said}, of: {shown.source(matter.source)}" if matter.source else said


def standing(shown: PoolPage, each: Mandate) -> str:
    """Whether a mandate waits, can be used or is used."""
    if each.used:
        return "Used"
    awaited = each.awaited(shown.names)
    if not awaited:
        return "Can be used"
    waits = f"Waits for {each.waits_for(shown.party(code) for code in awaited)}"
    return f"{waits} to confirm it" if each.by == "joint_board" else waits


def _row(shown: PoolPage, each: Mandate) -> tuple[object, ...]:
    amount = pence(each.matter.pence) if each.matter.pence else ""
    return (
        (f"Mandate {each.id}", shown.href("pool-mandate", mandate=each.id)), matter_words(shown, each.matter), amount,
        BY[each.by], day(each.decided_on), ", ".join(shown.party(code) for code in each.agreed), standing(shown, each),
    )  # fmt: skip


def _acts(shown: PoolPage) -> list[Act]:
    if shown.books.ended_at or not shown.may("record_mandate"):
        return []
    today = shown.house.today.isoformat()
    words = tuple((word, f"{says[:1].upper()}{says[1:]}") for word, says in SAYS.items())
    about = (
        Ask("word", "What is let be done", "choice", choices=words),
        Ask("pence", "At most", "money"),
        Ask("scheme", "For which scheme", "choice", "The scheme that budget goes from, where it is moved.", scheme_choices(shown)),
        Ask("to_scheme", "To which scheme", "choice", "Only where budget is moved.", scheme_choices(shown)),
        Ask("source", "Which money", "choice", "Leave it out where something is only paid.", source_choices(shown)),
        Ask("party", "Which partner", "choice", "Only where a partner’s contribution is varied, or something is refunded to it.", partner_choices(shown)),
    )  # fmt: skip
    on = Ask("decided_on", "Decided on", "day", f"For example, {today}.", value=today)
    board = Ask(
        "words", "What the joint board decided", "words", "The words of the minute, and where it stands."
    )
    partners = Ask("words", "What the partners are asked to agree to", "words")
    file = Ask(
        "file",
        "The new agreement",
        "file",
        "As YAML. Every partner’s finance officer then agrees to this very file.",
    )
    return [
        Act("board", "Record what the joint board decided", "Record it", (*about, on, board)),
        Act("partners", "Ask the partners to agree to something", "Ask the partners", (*about, on, partners)),
        Act("vary", "Ask the partners to agree to another agreement", "Ask the partners", (file, on)),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HouseRequest, pool: str, mandate: str) -> HttpResponse:
    """One mandate: its words, who has agreed, what was entered by it, and the form by which a partner agrees."""
    shown = PoolPage(request, pool)
    found = shown.books.records.mandates.get(mandate)
    if found is None:
        raise NotHere(f"There is no mandate {mandate} in {pool}, {shown.books.year}. Its page of mandates has them all.")  # fmt: skip

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if not act.startswith("agree"):
            raise unknown_act(act)
        return agree_mandate_of(shown.house, actor, pool, shown.books.year, mandate, answers.text("party"))

    def context() -> dict[str, object]:
        names = names_of([found.recorded_by, *found.agreed.values()])
        waits = [(shown.party(code), "Awaited") for code in found.awaited(shown.names)]
        return {
            "found": found,
            "title": f"Mandate {found.id}",
            "about": matter_words(shown, found.matter),
            "sentence": f"{BY[found.by]}, {day(found.decided_on)}. {standing(shown, found)}. Recorded by {names[found.recorded_by]}.",
            "words": _words(shown, found),
            "agreed": [(shown.party(code), f"{'Agreed' if found.by == 'partners' else 'Confirmed'}, by {names[by]}") for code, by in found.agreed.items()] + waits if found.agreed or waits else [],
            "used": [
                (f"{_event(event)}: {posting_words(posting).lower()}", shown.href("pool-posting", posting=posting))
                for event, posting in found.used.items() if posting
            ],
        }  # fmt: skip

    return pool_page(
        request, shown, "pool-mandates", "web/pool_mandate.jinja", context=context, acts=lambda: _agreeing(shown, found),
        do=do, after=shown.href("pool-mandate", mandate=mandate), nothing=_nothing(shown, found),
    )  # fmt: skip


def _event(code: str) -> str:
    return next((each.value.capitalize() for each in Event if each.code == code), code)


def _words(shown: PoolPage, found: Mandate) -> str:
    document = shown.house.journal.document(found.document)
    if not isinstance(document, Document):
        return "Its words were withdrawn."
    if found.matter.word == VARY_AGREEMENT:
        return f"An agreement of {len(document.content):,} bytes, kept as it was handed in."
    return document.content.decode("utf-8", "replace")


def _agreeing(shown: PoolPage, found: Mandate) -> list[Act]:
    if found.used:
        return []
    mine = [
        each.code
        for each in shown.opening.partners
        if each.code in found.awaited(shown.names) and shown.may("agree_for_partner", partner_body(each))
    ]
    says = "Agree" if found.by == "partners" else "Confirm the minute"
    return [
        Act(f"agree-{code}", f"{says} for {shown.party(code)}", f"{says} for {shown.party(code)}", (), hidden=(("party", code),))
        for code in mine
    ]  # fmt: skip


def _nothing(shown: PoolPage, found: Mandate) -> str:
    awaited = found.awaited(shown.names)
    if found.used:
        return "It is used, and nothing is left of it."
    if awaited:
        if found.by == "joint_board":
            return f"A finance officer of {' or of '.join(shown.party(code) for code in awaited)} confirms that the joint board decided so."
        return f"A finance officer of {' and one of '.join(shown.party(code) for code in awaited)} agrees for it."
    return "It can be named where something is entered that is beyond what an officer may alone."
