"""Signing in by handle and password, and signing out; what a signed-in person may do is a matter of their offices."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.signin.models import Account
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.words import BUILD, about_page

WRONG = "The name and the password do not fit together. Check both, and that the capitals lock is off."
"""One sentence for a wrong name and for a wrong password: which of them it was is nobody's business."""


def page(request: HouseRequest) -> HttpResponse:
    """The form, and what comes of sending it."""
    goes_to = own_path(request.POST.get("next", "") or request.GET.get("next", ""))
    handle, errors = "", []
    if request.method == "POST":
        handle = request.POST.get("handle", "")[:100].strip()
        password = request.POST.get("password", "")[:1000]
        # A null character can stand in no name, and PostgreSQL would refuse the question.
        account = None if "\0" in handle else authenticate(request, username=handle, password=password)
        if account is not None:
            login(request, account)
            return redirect(goes_to or reverse("me"), permanent=False)
        errors = [("handle", WRONG)]
    context = {
        "section": "sign-in",
        "errors": errors,
        "handle": handle,
        "next": goes_to,
        "account": account_of(request),
        "demonstration": Account.objects.filter(demonstration=True).exists(),
        **about_page(request.house),
    }
    return render(
        request, "web/sign_in.jinja", context, status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    )


def leave(request: HttpRequest) -> HttpResponse:
    """Sign out: the session is gone, here and in the database."""
    logout(request)
    return redirect("sign-in")


def own_path(wanted: str) -> str:
    """A path of ours to go on to, or nothing: an address that leads elsewhere is not followed."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or len(wanted) > 500:
        return ""
    if not wanted.isprintable() or "\\" in wanted:
        return ""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    # Signing out is a button, not a page to come to.
    return "" if parts.scheme or parts.netloc or parts.path.startswith("/sign-") else wanted


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Off to sign in, and back to this page after."""
    return HttpResponseRedirect(reverse("sign-in", query={"next": request.get_full_path()}))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django gives it)
    """The page for a form that does not prove that it came from a page of ours."""
    says = (
        "This form did not come from a page that was open in your own session, so nothing was done. It happens when you "
        "signed in or out in another tab, or when the browser keeps no cookies. Go back, reload the page and send it again."
    )
    context = {"title": "That form cannot be accepted", "says": says, "build": BUILD}
    return render(request, "web/problem.jinja", context, status=HTTPStatus.FORBIDDEN)
