"""Drafts of rules in the browser: copied from a set, changed by value or as text, and held against another set.

A draft is its owner's alone; for anybody else it does not exist.
"""

import io
import zipfile
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.drafting_rules import (
    DraftView,
    change_file,
    change_values,
    copy_set,
    drafts_of,
    read_draft,
    throw_away,
    view_draft,
)
from carepool.actions.ports import RuleDraft
from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.refusals import Refused, Unusable
from carepool.render.words import day
from carepool.rules.edit import Editable
from carepool.signin.models import Account
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, actor_of, new_key
from carepool.web.signing_in import to_sign_in
from carepool.web.words import about_page

LONGEST_TITLE = 200
SAVED = "Saved. What the draft would do is worked out from it as it now is."


def drafts(request: HouseRequest) -> HttpResponse:
    """Who is signed in: their drafts, and a form to begin another from a set."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    house = request.house
    typed = {
        name: request.POST.get(name, request.GET.get(name, ""))[:LONGEST_TITLE] for name in ("base", "title")
    }
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            key = actor_of(request, account).key
            made = copy_set(house, account.id, typed["base"], typed["title"], key)
        except Unusable as error:
            made = Refused(str(error))
        if isinstance(made, RuleDraft):
            return redirect("draft", made.id)
        errors.append(("base", made.says))
    mine = drafts_of(house, account.id)
    context = {
        "section": "rules",
        "errors": errors,
        "typed": typed,
        "sets": [(each.name, each.about.title) for each in reversed(house.rulebook.in_order)],
        "rows": [((each.title, reverse("draft", args=[each.id])), each.base, day(each.at)) for each in mine],
        "thrown": request.GET.get("thrown") == "yes",
        "key": new_key(),
        **about_page(house),
    }
    return render(
        request, "web/drafts.jinja", context, status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    )


def draft(request: HouseRequest, which: str) -> HttpResponse:
    """A draft: what is wrong in it, its values to change, its files."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    refused, typed = "", {}
    if request.method == "POST":
        typed = {
            name.removeprefix("value-"): text[:300]
            for name, text in request.POST.items()
            if name.startswith("value-") and isinstance(text, str)
        }
        done = change_values(request.house, account.id, which, _edition(request), typed)
        if isinstance(done, RuleDraft):
            return redirect(reverse("draft", args=[which], query={"saved": "yes"}))
        refused = done.says
    found = view_draft(request.house, read_draft(request.house, account.id, which))
    context = {
        **_frame(request, found, refused),
        "groups": _groups(found, typed if refused else {}),
        "saved": SAVED if request.GET.get("saved") == "yes" else "",
        "files": [
            (path, reverse("draft-file", args=[which], query={"path": path}))
            for path in sorted(found.draft.files)
        ],
        "against": [each.name for each in reversed(request.house.rulebook.in_order)],
    }
    return render(
        request, "web/draft.jinja", context, status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    )


def file(request: HouseRequest, which: str) -> HttpResponse:
    """One file of a draft as text."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    house, refused = request.house, ""
    path = (request.POST if request.method == "POST" else request.GET).get("path", "")[:100].strip()
    typed = request.POST.get("text", "")
    status = HTTPStatus.OK
    if request.method == "POST":
        read_draft(
            house, account.id, which
        )  # who may not see it is told that it is not there, before all else
        try:
            done = change_file(house, account.id, which, _edition(request), path, typed)
        except Unusable as error:
            done = Refused(str(error))
        if isinstance(done, RuleDraft):
            after = {"path": path, "saved": "yes"} if typed.strip() else {}
            return redirect(reverse("draft-file" if after else "draft", args=[which], query=after or None))
        refused, status = done.says, HTTPStatus.CONFLICT
    found = view_draft(house, read_draft(house, account.id, which))
    context = {
        **_frame(request, found, refused),
        "path": path,
        "is_new": path not in found.draft.files,
        "text": typed if refused else found.draft.files.get(path, ""),
        "here": [each for each in found.findings if each.where.startswith(f"draft/{path}")],
        "saved": SAVED if request.GET.get("saved") == "yes" else "",
    }
    return render(request, "web/draft_file.jinja", context, status=status)


def download(request: HouseRequest, which: str) -> HttpResponse:
    """A draft's files as one zip, for “carepool rules check” and “carepool simulate”."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    found = read_draft(request.house, account.id, which)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(found.files.items()):
            archive.writestr(zipfile.ZipInfo(f"draft-{found.id}/{path}"), text)
    name = f'attachment; filename="draft-{found.id}.zip"'
    return HttpResponse(
        content.getvalue(), content_type="application/zip", headers={"Content-Disposition": name}
    )


def drop(request: HouseRequest, which: str) -> HttpResponse:
    """Throw a draft away."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    throw_away(request.house, account.id, which)
    return redirect(reverse("drafts", query={"thrown": "yes"}))


def own_draft(request: HouseRequest, account: Account, which: str) -> DraftView:
    """A draft of who is signed in, with what it comes to. NotHere for anybody else's."""
    return view_draft(request.house, read_draft(request.house, account.id, which))


def _edition(request: HouseRequest) -> int:
    text = request.POST.get("edition", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _frame(request: HouseRequest, found: DraftView, refused: str) -> dict[str, object]:
    return {
        "section": "rules",
        "draft": found.draft,
        "rules": found.rules,
        "findings": found.findings,
        "grave": [each for each in found.findings if each.severity is not Severity.NOTE],
        "notes": [each for each in found.findings if each.severity is Severity.NOTE],
        "blocked": blocks(found.findings),
        "href_of": _file_of(found),
        "refused": refused,
        "errors": [("refused", refused)] if refused else [],
        **about_page(request.house),
    }


def _file_of(found: DraftView) -> Callable[[str], str | None]:
    def href(where: str) -> str | None:
        path = where.partition(":")[0].removeprefix("draft/")
        return reverse("draft-file", args=[found.draft.id], query={"path": path})

    return href


def _groups(found: DraftView, typed: dict[str, str]) -> list[tuple[str, list[tuple[Editable, str]]]]:
    """The values that can be changed, under the heading of their file, with what was typed in place of what is held."""
    groups: dict[str, list[tuple[Editable, str]]] = {}
    for each in found.editables:
        groups.setdefault(each.group, []).append((each, typed.get(each.name, each.text)))
    return list(groups.items())


def worst(findings: tuple[Finding, ...]) -> str:
    """What to say of a draft that cannot be worked out."""
    number = sum(blocks([each]) for each in findings)
    return f"{number} {'finding blocks' if number == 1 else 'findings block'} the draft, so nothing can be worked out from it."
