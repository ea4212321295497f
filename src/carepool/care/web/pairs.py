"""Whether two records are of one person: the queue of pairs, and one pair side by side with the forms of its review."""

from http import HTTPStatus
from typing import NamedTuple

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.care.actions.matching import BY_RULE, Compared, compare, queue, settle_pair, source_of
from carepool.care.actions.names import folded
from carepool.care.actions.ports import Identity, Pair, Role, RoleKind
from carepool.care.people.nhs_number import shown
from carepool.care.people.pairs import MAY, REASON_AT_MOST, Act, State
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.frame import WingRequest, frame, key_of, moment, names_of, typed
from carepool.journal.commands import Done

STATES = {
    State.WAITS: "Waits for a reviewer",
    State.PASSED_ON: "Passed on to the governance lead",
    State.JOINED: "Joined: one person",
    State.APART: "Kept apart: two people",
}
ACTS = {
    Act.JOIN: "Join them: they are of one person",
    Act.KEEP_APART: "Keep them apart: they are of two people",
    Act.HAND_ON: "Pass the pair on to the governance lead",
    Act.SPLIT: "Split them: they are of two people after all",
}
DONE = {
    "RecordsJoined": "joined the two records",
    "RecordsKeptApart": "kept the two records apart",
    "PairPassedOn": "passed the pair on to the governance lead",
    "RecordsSplit": "split the two records again",
}
AGREEING = {
    "date_of_birth": "the date of birth agrees",
    "given_name": "the given names are alike",
    "names changed places": "given and family name have changed places",
    "date_of_birth nearly": "the dates of birth differ in one digit, or agree in two of day, month and year",
    "both names nearly": "both names are nearly alike",
    "names nearly changed places": "given and family name have changed places, nearly alike",
    "given_name nearly+postcode": "the given names are nearly alike and the postcode agrees",
    "family_name": "the family name agrees, and there is nothing else to compare",
}
"""What agrees beside the number, in words."""
NUMBER = "nhs_number"
NEARLY_ALL = 0.995


class Row(NamedTuple):
    """One field of both records."""

    words: str
    left: str
    right: str
    says: str


def page(request: WingRequest, role: Role) -> HttpResponseBase:
    """The queue."""
    found = queue(request.house, role)
    lists = [
        ("Wait for a reviewer", [_line(each.pair, each.sources) for each in found.waiting]),
        ("Passed on to the governance lead", [_line(each.pair, each.sources) for each in found.passed_on]),
        ("Decided, the latest first", [_line(each.pair, each.sources) for each in found.decided]),
    ]
    return render(request, "care/pairs.jinja", frame(request, role, "pairs", lists=lists, kept=found.kept))


def one(request: WingRequest, role: Role, pair: str) -> HttpResponseBase:
    """One pair, and what becomes of the form that was sent."""
    house = request.house
    opened = compare(house, role, pair)
    if isinstance(opened, Refuse):
        told = {"title": "These records are not yours to compare", "says": opened.says}
        return render(request, "care/told.jinja", frame(request, role, "pairs", **told), status=HTTPStatus.FORBIDDEN)  # fmt: skip
    problem: Problem | None = None
    if request.method == "POST":
        done = carry_out(house, "act", lambda: _sent(request, role, pair))
        if isinstance(done, Done):
            return redirect("pair", pair=pair)
        problem = done
        again = compare(house, role, pair)  # what stands now: somebody else may have decided in the meantime
        assert not isinstance(again, Refuse)  # noqa: S101  (it was shown a moment ago)
        opened = again
    names = names_of(each.by for each in opened.steps) | {BY_RULE: "The rule"}
    senior = role.kind is RoleKind.GOVERNANCE
    mine = opened.state is not State.PASSED_ON or senior
    more = {
        "pair": opened.pair,
        "state": STATES[opened.state],
        "rule": in_plain_words(opened.pair),
        "sources": (source_of(opened.left), source_of(opened.right)),
        "rows": rows(opened),
        "steps": [(moment(each.at), names.get(each.by, "Somebody whose account is gone"), DONE[each.kind], each.why) for each in opened.steps],
        "seen": len(opened.steps),
        "acts": [(each.value, ACTS[each]) for each in MAY[opened.state] if not (senior and each is Act.HAND_ON)] if mine else [],
        "joins": mine and Act.JOIN in MAY[opened.state],
        "stands": [(each.person, words) for each, words in ((opened.left, "The first"), (opened.right, "The second"))],
        "likely": max((opened.right, opened.left), key=lambda each: (bool(each.number), len(each.address))).person,
        "typed": {name: typed(request, name, REASON_AT_MOST + 1) for name in ("act", "stands", "why")},
        "errors": problem.errors if problem else (),
        "because": opened.verdict.reason.because,
    }  # fmt: skip
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "care/pair.jinja", frame(request, role, "pairs", **more), status=status)


def in_plain_words(pair: Pair) -> str:
    """By what a pair was found, as a sentence that a reviewer can use."""
    rule = pair.rule
    if rule == f"{NUMBER} alone":
        return "Both have the same NHS number, and nothing else agrees. One may have been given the other’s number, as a baby is given its mother’s."
    if rule == f"{NUMBER} differs":
        return "Names and date of birth are the same, and the NHS numbers are two. One number may be wrong, or they are two people."
    if rule.startswith(f"{NUMBER}+"):
        return f"Both have the same NHS number, and {AGREEING.get(rule.removeprefix(f'{NUMBER}+'), 'something else agrees')}."
    if rule.startswith("weight ") and pair.probability is not None:
        many = "nearly all" if pair.probability >= NEARLY_ALL else f"about {round(100 * pair.probability)}"
        return (
            f"At least one of the two has no NHS number. By the weights of what agrees and differs ({rule}), "
            f"of 100 pairs like this {many} are of one person."
        )
    return "A reviewer asked whether they are of one person."


def rows(opened: Compared) -> list[Row]:
    """The fields side by side, each with whether they agree."""
    left, right = opened.left, opened.right
    found = [
        _row("Given name", left.given, right.given),
        _row("Family name", left.family, right.family),
        _row("Date of birth", _born(left), _born(right)),
        _row("Sex", left.sex, right.sex),
        _row("NHS number", shown(left.number) if left.number else "", shown(right.number) if right.number else ""),
        _row("Address", left.address, right.address),
        _row("Postcode", left.postcode, right.postcode),
    ]  # fmt: skip
    ids = [", ".join(f"{organisation}: {value}" for organisation, value in each.local_ids) for each in (left, right)]  # fmt: skip
    return [*found, Row("In organisations’ own systems", ids[0] or "–", ids[1] or "–", "")]


def _row(words: str, left: str, right: str) -> Row:
    if not (left and right):
        says = "Missing in one" if left or right else "Missing in both"
    elif left == right:
        says = "Agrees"
    elif _bare(left) == _bare(right):
        says = "Agrees but for spelling"
    elif {folded(left)} & {folded(right)} - {""}:
        says = "Agrees but for accents"
    else:
        says = "Differs"
    return Row(words, left or "–", right or "–", says)


def _bare(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())


def _born(identity: Identity) -> str:
    return in_words(identity.born) if identity.born else ""


def _line(pair: Pair, sources: tuple[str, str]) -> dict[str, object]:
    return {"pair": pair, "sources": sources, "rule": in_plain_words(pair), "since": moment(pair.since), "state": STATES[pair.state]}  # fmt: skip


def _sent(request: WingRequest, role: Role, pair: str) -> Done | Refused:
    key = key_of(request)
    act = next((each for each in Act if each.value == typed(request, "act")), None)
    if act is None:
        return Refused("Choose what to do with this pair.")
    seen = typed(request, "seen")
    return settle_pair(
        request.house, role, pair, act, typed(request, "why", REASON_AT_MOST + 1), typed(request, "stands"),
        int(seen) if seen.isdecimal() else -1, key,
    )  # fmt: skip
