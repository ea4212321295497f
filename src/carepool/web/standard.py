"""The plan standard: its schema, its code lists, an example, and a page on which anybody checks a plan's file against them."""

from dataclasses import replace
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from carepool.actions.areas import MARK
from carepool.actions.planning import check_plan
from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.jsons import json_of
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.memory import MemoryJournal
from carepool.plans.standard import NAME, code_lists, plan_schema
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import new_key
from carepool.web.words import about_page

LONGEST = 400_000
"""Characters of a plan that the page takes: some ten times a large one."""
SHOWN = 200
"""Findings that the page shows."""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest) -> HttpResponse:
    """The page; sent a plan, with what the checks find in it. Nothing is kept of what is sent."""
    typed, error, found = "", "", None
    if request.method == "POST":
        typed, error = _sent(request)
        if not error:
            try:
                found = _checked(request, typed)
            except Unusable as refused:
                error = str(refused)
    context = {
        "section": "open",
        "name": NAME,
        "typed": typed,
        "key": new_key(),
        "errors": [("plan", error)] if error else [],
        "error": error,
        "codes": _codes(),
        **({"checked": True, **found} if found else {}),
        **about_page(request.house),
    }
    return render(request, "web/standard.jinja", context, status=HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK)  # fmt: skip


@require_safe
def schema(_request: HouseRequest) -> HttpResponse:
    """The JSON Schema of a plan's file."""
    return json_answer(plan_schema())


@require_safe
def codes(_request: HouseRequest) -> HttpResponse:
    """Every list of codes with its words."""
    return json_answer(code_lists())


def _sent(request: HouseRequest) -> tuple[str, str]:
    """The plan that was sent, as a file or pasted, and what is wrong with it as a text."""
    file = request.FILES.get("file")
    if file:
        content = file.read(LONGEST + 1)
        try:
            typed = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return "", "The file is not text in UTF-8. Hand in the plan as JSON; a workbook is checked on a plan's own page."  # fmt: skip
    else:
        typed = request.POST.get("plan", "")
    if len(typed) > LONGEST:
        return (
            "",
            f"The plan has more than {LONGEST:,} characters. “carepool plan check FILE” takes larger ones.",
        )
    return typed, "" if typed.strip() else "Paste a plan, or choose its file."


def _checked(request: HouseRequest, typed: str) -> dict[str, object]:
    """What the checks find. They know the rules and the published figures, and no plan of anybody's."""
    alone = replace(request.house, journal=MemoryJournal())
    try:
        digest, findings, area = check_plan(alone, json_of("The plan", typed))
    except NotHere as error:
        digest, area = None, None
        findings = [Finding("not-here", Severity.BLOCKER, "plan", str(error), "Look at the code lists, and write it as they have it.", "plan document")]  # fmt: skip
    ordered = sorted(findings, key=lambda each: list(Severity).index(each.severity))
    return {
        "digest": digest,
        "mark": f"{MARK}." if area and area.illustrative else "",
        "verdict": _verdict(findings),
        "findings": [(str(each.severity).capitalize(), each.where, each.says, each.remedy) for each in ordered[:SHOWN]],
        "more": max(len(findings) - SHOWN, 0),
    }  # fmt: skip


def _verdict(findings: list[Finding]) -> str:
    if not findings:
        return "It follows the standard, and the checks of its rules find nothing."
    blocking = sum(each.severity is Severity.BLOCKER for each in findings)
    rest = len(findings) - blocking
    if not blocks(findings):
        return f"It follows the standard. The checks of its rules have {_things(rest)} to say, none of which blocks it."
    said = f"{_things(blocking).capitalize()} {'stands' if blocking == 1 else 'stand'} against it"
    return f"{said}, and there {'is' if rest == 1 else 'are'} {rest} more to look at." if rest else f"{said}."


def _things(number: int) -> str:
    return "one thing" if number == 1 else f"{number} things"


def _codes() -> list[tuple[str, str, str]]:
    """Each list of codes, a row a code."""
    fields = code_lists()["fields"]
    assert isinstance(fields, dict)  # noqa: S101  (made so)
    return [(place, code, words) for place, held in fields.items() for code, words in held.items()]
