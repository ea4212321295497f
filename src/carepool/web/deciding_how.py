"""A party decides at a meeting, as a key decision or within limits; and one decision as it was signed, with what can become of it."""

import json
from decimal import Decimal, InvalidOperation

from django.http import HttpResponse

from carepool.actions.afterwards import (
    call_in,
    decision_named,
    end_call_in,
    ratify_decision,
    withdraw_decision,
)
from carepool.actions.deciding import decide_plan
from carepool.actions.permits import Actor
from carepool.actions.signing import Signing
from carepool.journal.documents import Document
from carepool.plans.document import EVERY
from carepool.plans.parts import pence_typed
from carepool.render.words import day
from carepool.signoff.decisions import Decision
from carepool.signoff.tolerance import Limit, Measure, Tolerance
from carepool.signoff.ways import AT_A_MEETING, How
from carepool.web.acts import Act, Answers, Ask, Table, Wrong, act_page, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage
from carepool.web.key_decisions import answered_key, ask_key, key_words
from carepool.web.party_acts import (
    AGREES,
    YES_NO,
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
from carepool.web.rights import bodies_for, may

LIMITS = 4
"""Rows for limits on the page."""


@form
def decide_how(request: HouseRequest, plan: str) -> HttpResponse:
    """A body decides at a meeting, as a key decision, or within limits of its own."""
    shown = PlanPage(request, plan)
    bodies = bodies_for(shown, "decide_plan")
    rules = shown.view.rules.decisions
    ways = tuple(each for each in rules.ways if each.kind not in {"link", "document"})
    asks = (
        ask_body(bodies),
        Ask("agrees", "What does it say?", "choice", choices=AGREES),
        Ask("way", "How was it decided?", "choice", choices=tuple((each.kind, each.says) for each in ways), value="officer"),
        Ask("reasons", "Reasons, if it refuses", "words"),
        *ask_meeting("Only for a meeting or sub-committee. "),
        *ask_key(shown.house, bodies),
        Ask("effective_on", "It takes effect on", "day", "Leave it empty: a key decision counts once it can no longer be called in, another at once. Or a later day, like 2014-09-30."),
        *_limit_asks(shown),
    )  # fmt: skip
    acts = [Act("decide", "Decide in another way", "Record the decision", asks, hidden=shown_version(shown))]

    def do(actor: Actor, _: str, answers: Answers) -> Signing:
        agrees = answered_yes(answers, "agrees", "Say whether the body agrees or refuses.")
        if answers.text("body") not in {each.id for each in bodies}:
            raise Wrong("body", "Choose the body that you decide for.")
        way = next((each.kind for each in ways if each.kind == answers.text("way")), None)
        if way is None:
            raise Wrong("way", "Choose how it was decided.")
        meeting = meeting_in(answers) if way in AT_A_MEETING else None
        key, urgency = answered_key(shown.house, answers, answers.text("body"), agrees=agrees)
        how = How(
            way,
            meeting,
            answers.day("effective_on", needed=False),
            _tolerance(answers) if agrees else None,
            key,
            urgency,
        )
        return decide_plan(
            shown.house, actor, plan, answers.text("body"), answers.text("digest"), answers.text("findings"),
            agrees=agrees, reasons=answers.text("reasons"), how=how,
        )  # fmt: skip

    says = [
        "The page of decisions shows what is decided on, and what changed since your body decided last. Use this form "
        "where the decision was a meeting's, is a key decision that cannot wait for a call-in, or is within limits."
    ]
    return act_page(
        request, shown, "Decide in another way", says, acts if bodies and not shown.when.day else (), do,
        after_deciding(shown, request.POST.get("body", "")[:80]), nothing=nothing_to_do(shown, "agree or refuse for a party"),
    )  # fmt: skip


def _limit_asks(shown: PlanPage) -> list[Ask]:
    years = shown.view.rules.about.years
    choices = []
    for name, about in EVERY.items():
        choices.append((name, f"{about.title}: anything"))
        fields = [*about.fields, *(each for listed in about.lists for each in listed.fields)]
        choices += [
            (f"{name}/{each.name}", f"{about.title}: {each.titled(years)}")
            for each in fields
            if each.kind in {"money", "count", "percent", "line", "words", "day"}
        ]
    asks: list[Ask] = []
    for number in range(1, LIMITS + 1):
        asks += [
            Ask(f"limit_{number}", f"Limit {number}: what may move", "choice", choices=tuple(choices)),
            Ask(f"up_to_{number}", f"Limit {number}: by how much", hint="£50,000 or 120 in all, 5% of each figure, or empty for any change."),
        ]  # fmt: skip
    return [
        *asks,
        Ask("until", "The limits hold for versions saved until", "day", "For example, 2014-10-31."),
    ]


def _tolerance(answers: Answers) -> Tolerance | None:
    limits = []
    for number in range(1, LIMITS + 1):
        what, up_to = answers.text(f"limit_{number}"), answers.text(f"up_to_{number}")
        if not what and not up_to:
            continue
        section, _, name = what.partition("/")
        if section not in EVERY:
            raise Wrong(f"limit_{number}", "Choose what may move.")
        measure, figure = _up_to(f"up_to_{number}", up_to)
        limits.append(Limit(section, name, measure, figure))
    if not limits:
        return None
    until = answers.day("until")
    assert until is not None  # noqa: S101 (needed)
    return Tolerance(tuple(limits), until)


def _up_to(name: str, typed: str) -> tuple[Measure, Decimal | None]:
    if not typed:
        return Measure.ANY, None
    try:
        if typed.startswith("£"):
            return Measure.POUNDS, Decimal(pence_typed(typed))
        if typed.endswith("%"):
            return Measure.PER_CENT, Decimal(typed.removesuffix("%").strip())
        return Measure.NUMBER, Decimal(typed.replace(",", ""))
    except (ValueError, InvalidOperation):
        raise Wrong(
            name, f"“{typed[:40]}” is no limit. Write £50,000, 5% or 120, or leave it empty."
        ) from None


# One decision


@form
def decision(request: HouseRequest, plan: str, signed: str) -> HttpResponse:
    """One decision as it was signed, and what can be done with it."""
    shown = PlanPage(request, plan)
    made = decision_named(shown.house, shown.view, signed)
    held = shown.standing.said.decision(signed) or made
    name = shown.name(made.body)
    acts = [] if shown.when.day or held.undone else _acts_on(shown, held)

    def do(actor: Actor, sent: str, answers: Answers) -> Signing:
        house, reasons = shown.house, answers.text("reasons")
        match sent:
            case "withdraw":
                return withdraw_decision(house, actor, plan, signed, reasons)
            case "ratify":
                stands = answered_yes(answers, "stands", "Say whether the body ratifies it.")
                return ratify_decision(
                    house, actor, plan, signed, stands=stands, minute=answers.text("minute"), reasons=reasons
                )
            case "call-in":
                return call_in(house, actor, plan, signed, reasons)
            case "end-call-in":
                stands = answered_yes(answers, "stands", "Say whether the decision stands.")
                later = answers.day("effective_on", needed=False)
                return end_call_in(
                    house, actor, plan, signed, stands=stands, reasons=reasons, effective_on=later
                )
        raise unknown_act(sent)

    says = [
        f"{name} {'agreed to' if made.agreed else 'refused'} {version_words(shown, made)} on {day(made.at)}."
    ]
    if held.undone:
        says.append(
            f"The decision was {held.undone.value}{f' on {day(held.undone_at)}' if held.undone_at else ''}."
        )
    return act_page(
        request, shown, f"Decision of {name}", says, acts, do, after_deciding(shown, made.body), [_signed(shown, held)],
        nothing="" if held.undone else nothing_to_do(shown, "change this decision"),
    )  # fmt: skip


def _acts_on(shown: PlanPage, made: Decision) -> list[Act]:
    reasons = Ask(
        "reasons", "Reasons", "words", "The other parties read them. They are kept with what you sign."
    )
    acts = []
    if made.to_ratify and may(shown, "ratify_decision", made.body):
        acts.append(
            Act("ratify", "Ratify it, or not", "Record", (
                Ask("stands", "Does the body ratify it?", "choice", choices=YES_NO),
                Ask("minute", "Where the minute is", hint="Its number, or its address."), reasons,
            ))
        )  # fmt: skip
    if made.called_in and may(shown, "call_in", made.body):
        acts.append(
            Act("end-call-in", "How the call-in ended", "Record", (
                Ask("stands", "Does the decision stand?", "choice", choices=YES_NO),
                Ask("effective_on", "It takes effect on", "day", "Leave it empty for today."), reasons,
            ))
        )  # fmt: skip
    elif not made.in_effect(shown.house.today) and may(shown, "call_in", made.body):
        acts.append(Act("call-in", "Call it in", "Call it in", (reasons,), warns=True))
    if may(shown, "decide_plan", made.body):
        acts.append(Act("withdraw", "Take it back", "Take the decision back", (reasons,), warns=True))
    return acts


def _signed(shown: PlanPage, made: Decision) -> Table:
    """What was signed, row by row; where its words were withdrawn, that is said."""
    document = shown.house.journal.document(made.signed)
    rows: list[tuple[str, str]] = [("Way", made.way.replace("_", " "))]
    labels = {"name": "Signed by", "office": "Office", "reasons": "Reasons"}
    if made.record:
        first = words_signed(shown, made.record)
        rows += [(label, str(first[key])) for key, label in labels.items() if first.get(key)]
        labels = {"name": "Confirmed by", "office": "As", "reasons": "How they made sure"}
    if isinstance(document, Document):
        content = json.loads(document.content)
        rows += [(label, str(content[key])) for key, label in labels.items() if content.get(key)]
        urgency = content.get("urgency")
        if isinstance(urgency, dict):
            rows += [
                ("Why it could not wait", urgency["because"]),
                ("Who agreed to that", urgency["agreed_by"]),
            ]
        meeting = content.get("meeting")
        if isinstance(meeting, dict):
            rows.append(
                ("Meeting", f"{meeting['committee']} on {meeting['on']}; quorum: {'yes' if meeting['quorate'] else 'no'}; interests: {meeting['interests']}; minute: {meeting['minute']}")
            )  # fmt: skip
    else:
        rows.append(("Words", "They were withdrawn; their digest stands."))
    rows += key_words(made)
    if made.effective_on:
        word = "Takes effect" if made.effective_on > shown.house.today else "Took effect"
        rows.append((word, day(made.effective_on)))
    if made.tolerance:
        limits = "; ".join(each.says for each in made.tolerance.limits)
        rows.append(("Within limits", f"{limits}. For versions saved until {day(made.tolerance.until)}."))
    if made.late_for:
        rows.append(("Late", "It was made after the deadline for deciding had passed."))
    if made.to_ratify or made.ratified:
        rows.append(("Ratified", "Yes" if made.ratified else "Not yet: the body ratifies it later"))
    if made.called_in:
        rows.append(("Called in", "Yes: it does not count until that has ended"))
    rows += [("Plan's digest", made.digest), ("Digest of what was signed", made.signed)]
    return Table("What was signed", [("What", "text"), ("Value", "text")], rows, "signed")
