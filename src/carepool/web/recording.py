"""Decisions on paper: recorded from a document, confirmed by a second person, or signed by a link."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from carepool.actions.areas import MARK
from carepool.actions.outbox import Message
from carepool.actions.permits import Actor
from carepool.actions.recording import (
    confirm_record,
    link_of,
    record_decision,
    send_link,
    sign_by_link,
    signed_by,
    token_digest,
)
from carepool.actions.signing import Signing
from carepool.basics.periods import LONDON
from carepool.basics.refusals import NotHere
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.plans.document import EVERY
from carepool.render.words import day
from carepool.signoff.decisions import Record
from carepool.signoff.ways import AT_A_MEETING, How
from carepool.web.account_parts import send, whole_address
from carepool.web.acting import Problem, carry_out
from carepool.web.acts import Act, Answers, Ask, Table, Wrong, act_page, answers_of, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.decisions import commits_of
from carepool.web.frame import NoKey, PlanPage, key_of, new_key
from carepool.web.key_decisions import (
    NOT_SAID,
    answered_key,
    ask_key,
    asks_key,
    effect_rows,
    key_choices,
    key_in,
)
from carepool.web.party_acts import (
    AGREES,
    after_deciding,
    answered_yes,
    ask_body,
    ask_meeting,
    form,
    meeting_in,
    nothing_to_do,
    shown_version,
    version_words,
    words_signed,
)
from carepool.web.people import names_of
from carepool.web.rights import bodies_for, may
from carepool.web.words import BUILD, about_page


@form
def record(request: HouseRequest, plan: str) -> HttpResponse:
    """Record a decision from its minute or signed page."""
    shown = PlanPage(request, plan)
    bodies = bodies_for(shown, "record_decision")
    ways = tuple(each for each in shown.view.rules.decisions.ways if each.kind in {*AT_A_MEETING, "officer"})
    asks = (
        ask_body(bodies),
        Ask("agrees", "What does the document say?", "choice", choices=AGREES),
        Ask("way", "How was it decided?", "choice", choices=tuple((each.kind, each.says) for each in ways), value="meeting"),
        *ask_meeting("The day on which it was decided. "),
        *ask_key(shown.house, bodies),
        Ask("effective_on", "It takes effect on", "day", "Leave it empty: a key decision counts once it can no longer be called in, another at once."),
        Ask("reasons", "Reasons, if it refuses", "words"),
        Ask("document", "The signed page or the minute", "file", "PDF, PNG or JPEG, up to 10 MB. It is kept with the decision."),
    )  # fmt: skip
    acts = [
        Act("record", "Record a decision from a document", "Record it", asks, hidden=shown_version(shown))
    ]

    def do(actor: Actor, _: str, answers: Answers) -> Signing:
        agrees = answered_yes(answers, "agrees", "Say what the document says.")
        way = next((each.kind for each in ways if each.kind == answers.text("way")), None)
        if way is None:
            raise Wrong("way", "Choose how it was decided.")
        meeting = meeting_in(answers)
        key, urgency = answered_key(shown.house, answers, answers.text("body"), agrees=agrees)
        later = answers.day("effective_on", needed=False)
        how = How(way, meeting, later, key=key, urgency=urgency)
        return record_decision(
            shown.house, actor, plan, answers.text("body"), answers.text("digest"), answers.text("findings"),
            answers.files.get("document", b""), agrees=agrees, how=how, reasons=answers.text("reasons"),
        )  # fmt: skip

    says = [
        "A decision taken on paper counts once a second person has held this record against its document. The paper that "
        "was decided on shows the digest of its version at the foot of each page."
    ]
    current = shown.view.history.current
    if current:
        says.append(f"Version {current.number} stands now. Its digest begins {current.digest[:8]}.")
    return act_page(
        request, shown, "Record a decision from a document", says, acts if bodies and not shown.when.day else (), do,
        after_deciding(shown, ""), nothing=nothing_to_do(shown, "record a party's decision"),
    )  # fmt: skip


@form
def confirm(request: HouseRequest, plan: str, signed: str) -> HttpResponse:
    """A record that waits: its document, and the form by which a second person confirms or rejects it."""
    shown = PlanPage(request, plan)
    kept = next((each for each in shown.standing.said.records.values() if each.signed == signed), None)
    if kept is None:
        raise NotHere(f"No record {signed[:12]} of “{shown.view.history.title}” waits to be confirmed.")
    name = shown.name(kept.body)
    allowed = not shown.when.day and may(shown, "confirm_record", kept.body)
    mine = shown.account is not None and shown.account.id == kept.by
    acts = _held_against_the_officer() if kept.way == "link" else _held_against_the_document()

    def do(actor: Actor, sent: str, answers: Answers) -> Signing:
        if sent not in {"confirm", "reject"}:
            raise unknown_act(sent)
        return confirm_record(
            shown.house, actor, plan, signed, answers.text("printed"), stands=sent == "confirm", reasons=answers.text("reasons"),
        )  # fmt: skip

    rows = [
        ("Body", name),
        ("It", "agrees" if kept.agreed else "refuses"),
        ("What", version_words(shown, kept)),
        *effect_rows(kept.effect),
        *(_by_whom(shown, kept, whole=allowed) if kept.way == "link" else _from_what(shown, kept)),
    ]
    nothing = (
        f"Somebody else than who {'sent the link' if kept.way == 'link' else 'recorded it'} confirms it."
        if mine
        else nothing_to_do(shown, "confirm the record")
    )
    return act_page(
        request, shown, f"Decision {'signed by a link' if kept.way == 'link' else 'recorded'} for {name}",
        ["It does not count until a second person has confirmed it."],
        acts if allowed and not mine else (), do, after_deciding(shown, kept.body),
        [Table("The record", [("What", "text"), ("Value", "link")], rows, "record")], nothing=nothing,
    )  # fmt: skip


def _held_against_the_document() -> list[Act]:
    return [
        Act("confirm", "It says so", "Confirm the record", (
            Ask("printed", "How the digest printed on the document begins", hint="Its first 8 characters, as the document shows them."),
        )),
        Act("reject", "It says something else", "Reject the record", (Ask("reasons", "What the document says instead", "words"),), warns=True),
    ]  # fmt: skip


def _held_against_the_officer() -> list[Act]:
    asks = Ask(
        "reasons", "How you made sure", "words",
        "Ask the officer by a way that you know, and not by the address below: in the room, or by telephone.",
    )  # fmt: skip
    return [
        Act("confirm", "The officer signed it", "Confirm the signature", (asks,)),
        Act("reject", "The officer did not sign it", "Reject the signature", (Ask("reasons", "What you found", "words"),), warns=True),
    ]  # fmt: skip


def _from_what(shown: PlanPage, kept: Record) -> list[tuple[str, object]]:
    by = names_of([kept.by])[kept.by]
    document = reverse("plan-record-document", args=[shown.view.history.id, kept.signed])
    return [
        ("How", kept.way.replace("_", " ")),
        ("Decided on", day(kept.decided_on)),
        ("Recorded by", f"{by} on {day(kept.at)}"),
        ("Document", ("Open it", document)),
    ]


def _by_whom(shown: PlanPage, kept: Record, *, whole: bool) -> list[tuple[str, object]]:
    """Who signed, and to ``whole`` the address that the link went to: by it a second person sees whose mailbox it is."""
    signed = words_signed(shown, kept.signed)
    facts = shown.house.journal.read(f"signoff/{shown.view.history.id}")
    sent = {str(each.body["token"]): str(each.body["signed"]) for each in facts if each.kind == "LinkSent"}
    letter = words_signed(shown, sent.get(str(signed.get("link", "")), ""))
    address = str(letter.get("address", "")) or "It was withdrawn; its digest stands."
    by = names_of([kept.by])[kept.by]
    return [
        ("Signed by", f"{signed.get('name', 'a name that was withdrawn')} on {day(kept.at)}"),
        ("As", shown.view.rules.authorities.title(kept.office)),
        ("The link was sent by", by),
        *([("The link went to", address)] if whole else []),
        *([("Reasons", str(signed["reasons"]))] if signed.get("reasons") else []),
    ]


@require_safe
def record_document(request: HouseRequest, plan: str, signed: str) -> HttpResponse:
    """The document that a decision was recorded from."""
    shown = PlanPage(request, plan)
    facts = shown.house.journal.read(f"signoff/{plan}")
    cited = next(
        (
            str(each.body["document"])
            for each in facts
            if each.kind == "DecisionRecorded" and each.body["signed"] == signed
        ),
        None,
    )
    document = shown.house.journal.document(cited) if cited else None
    if not isinstance(document, Document):
        raise NotHere("The document of this record is not here any more, or never was.")
    answer = HttpResponse(document.content, content_type=document.media_type)
    # Scanned by somebody else: shown by the browser's own viewer as a download, never run in our page.
    answer["Content-Disposition"] = (
        f'attachment; filename="decision-{signed[:8]}.{document.media_type.rpartition("/")[2]}"'
    )
    return answer


@form
def link(request: HouseRequest, plan: str) -> HttpResponse:
    """Send a chief officer a link to read and sign by once."""
    shown = PlanPage(request, plan)
    bodies = bodies_for(shown, "send_link")
    authorities = shown.view.rules.authorities
    offices = tuple((each, authorities.title(each)) for each in authorities.of("decide_plan").offices)
    asks = (
        ask_body(bodies),
        Ask("office", "Their office", "choice", choices=offices),
        Ask("name", "Their name"),
        Ask("address", "Their e-mail address"),
        Ask("last", "The link holds until", "day", "For example, 2014-09-30."),
    )
    acts = [
        Act("link", "Send a link to read and sign by", "Send the link", asks, hidden=shown_version(shown))
    ]
    # The same form sent twice makes the same link, so that a letter that was lost can be sent again.
    account = shown.account.id if shown.account else ""
    token = salted_hmac(
        "carepool.link", f"{account} {request.POST.get('key', '')} {plan}", algorithm="sha256"
    ).hexdigest()

    def do(actor: Actor, _: str, answers: Answers) -> Signing:
        last = answers.day("last")
        assert last is not None  # noqa: S101 (needed)
        if shown.account and answers.text("address").casefold() == (shown.account.email or "").casefold():
            raise Wrong("address", "That is your own address. Whoever sends a link does not sign by it.")
        try:
            validate_email(answers.text("address"))
        except ValidationError:
            raise Wrong("address", "That is no e-mail address. Write it like name@council.example.") from None
        return send_link(
            shown.house, actor, plan, answers.text("body"), answers.text("office"), answers.text("name"), answers.text("address"),
            token_digest(token), answers.text("digest"), answers.text("findings"), last,
        )  # fmt: skip

    says = [
        "For an officer who has no account and will not have one. The link shows this version and signs once; when another "
        "version is saved it does not hold any more. It goes to them by e-mail and is shown to nobody else. What they sign "
        "counts once somebody else of the body than you has confirmed that it was they who signed."
    ]
    return act_page(
        request, shown, "Send a link to read and sign by", says, acts if bodies and not shown.when.day else (), do,
        lambda: _mailed(request, shown, token), nothing=nothing_to_do(shown, "send such a link"),
    )  # fmt: skip


def _mailed(request: HouseRequest, shown: PlanPage, token: str) -> HttpResponse:
    """Send the letter with the link, which stands nowhere else but sealed: whoever has it can sign by it."""
    answers = answers_of(request)
    to, last = answers.text("address"), answers.day("last")
    assert last is not None  # noqa: S101 (sent by it)
    link = whole_address(request, reverse("sign-by-link", args=[token]))
    body = shown.name(request.POST.get("body", ""))
    text = (
        f"You are asked to read “{shown.view.history.title}” and to decide on it for {body}.\n\n{link}\n\n"
        f"The link shows one version of the plan and signs once. It holds until {day(last)}, or until another version is saved. "
        "Whoever has it can sign by it: do not pass it on. If you expected no such letter, tell the clerk of the body.\n"
    )
    letter = Message(f"<link-{token_digest(token)[:24]}@carepool>", to, "A plan to read and decide on", text)
    ends = datetime.combine(last + timedelta(days=1), time(), LONDON)
    context = {**shown.frame("plan-decisions"), "sent": send(request, letter, ends), "to": to, "body": body}
    return render(request, "web/link_sent.jinja", context)


@form
def by_link(request: HouseRequest, token: str) -> HttpResponse:
    """What somebody who was sent a link sees: what it commits to, and two buttons. A link that does not hold is nothing."""
    held = link_of(request.house, token)
    if held is None:
        return _sent_again(request, token)
    plan, link = held
    shown = PlanPage(request, plan)
    if shown.account and shown.account.id == link.by:
        raise NotHere("Whoever sends a link does not sign by it. It is for the officer that it was sent to.")
    problem: Problem | None = None
    typed = answers_of(request) if request.method == "POST" else Answers({}, {})
    if request.method == "POST":
        agrees, is_key = typed.text("agrees"), key_in(typed.text("key_decision"))
        if agrees not in {"yes", "no"}:
            problem = Problem("Use one of the two buttons.", "name")
        elif agrees == "yes" and is_key is None and asks_key(request.house, link.body):
            problem = Problem(NOT_SAID, "key_decision")
        else:
            done = _sign(request, token, typed)
            if isinstance(done, Done):
                return _thanks(request)
            problem = done
    context: dict[str, object] = {
        "title": shown.view.history.title,
        "body": shown.name(link.body),
        "office": shown.view.rules.authorities.title(link.office),
        "version": shown.standing.version,
        "findings": shown.view.findings,
        "findings_digest": shown.view.findings_digest,
        "commits": commits_of(shown.view),
        "sections": [(about.title, about.name) for about in EVERY.values()],
        "typed": typed.typed,
        "key_choices": key_choices(request.house, link.body),
        "problem": problem,
        "errors": [(problem.field, shown.said(problem.says))] if problem else [],
        "mark": MARK if shown.view.area.illustrative else "",
        "key": new_key(),
        **about_page(request.house, shown.view.rules),
    }
    return _kept_apart(
        render(
            request, "web/sign_by_link.jinja", context, status=problem.status if problem else HTTPStatus.OK
        )
    )


def _sign(request: HouseRequest, token: str, typed: Answers) -> Done | Problem:
    """Sign by a link what a form says."""

    def act() -> Signing:
        return sign_by_link(
            request.house, token, typed.text("name"), typed.text("findings"), key_of(request),
            agrees=typed.text("agrees") == "yes", reasons=typed.text("reasons"), key_decision=key_in(typed.text("key_decision")),
        )  # fmt: skip

    return carry_out(request.house, "name", act)


def _sent_again(request: HouseRequest, token: str) -> HttpResponse:
    """A link that holds no more: the answer of the form that signed by it, to whoever sends that again; else nothing."""
    with suppress(NoKey):
        before = request.method == "POST" and signed_by(request.house, token, key_of(request))
        if before and isinstance(_sign(request, token, answers_of(request)), Done):
            return _thanks(request)
    raise NotHere(
        "This link does not hold: it was used, or its day has passed, or another version was saved. Ask who sent it."
    )


def _thanks(request: HouseRequest) -> HttpResponse:
    thanks = {
        "title": "Thank you",
        "says": "Your signature is recorded. It counts once somebody of your body, other than who sent you the link, "
        "has confirmed with you that it was you who signed. This link signs nothing more.",
        "build": BUILD,
    }
    return _kept_apart(render(request, "web/problem.jinja", thanks))


def _kept_apart(answer: HttpResponse) -> HttpResponse:
    """Its address is a secret: it is kept nowhere, and told to nobody that the page leads to."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
