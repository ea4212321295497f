"""A plan's dossier as a download: what one who is signed in hands on to people who never are."""

from django.http import HttpResponse

from carepool.actions.dossiers import dossier_of
from carepool.basics.periods import parse_as_at
from carepool.basics.refusals import Unusable
from carepool.render.dossiers import dossier
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage
from carepool.web.papers import reasons, stopped
from carepool.web.signing_in import to_sign_in

TYPE = "application/zip"


def as_zip(request: HouseRequest, plan: str) -> HttpResponse:
    """The zip, of the current version or of ``?version=``; sections are withheld by a plan lead only."""
    page = PlanPage(request, plan)
    if page.account is None:
        return to_sign_in(request)
    if refused := stopped(page, file=True):
        return refused
    found = dossier_of(
        page.house, plan, version=_version(page), withheld=reasons(page), withheld_by=page.account.name,
        as_at=parse_as_at(page.when.typed) if page.when.day else None, uploads=request.GET.get("uploads") != "no",
    )  # fmt: skip
    name = f"{plan}-dossier-{found.told.version}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(dossier(found).content, content_type=TYPE, headers=headers)


def _version(page: PlanPage) -> int | None:
    typed = page.request.GET.get("version", "")[:10].strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()):
        raise Unusable(f"“{typed}” is no version. Write its number, like 1.")
    return int(typed)
