"""One's own sessions: where one is signed in, since when and how, and ending them."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.render.words import count
from carepool.signin import sessions
from carepool.web.account_parts import moment
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.signing_in import to_sign_in
from carepool.web.words import about_page

ENDED = {
    "one": "The session was ended. Whoever uses that browser must sign in again.",
    "none": "That session had ended already.",
    "others": "All your other sessions were ended.",
}


def page(request: HouseRequest) -> HttpResponse:
    """The list; each session but the one that asks has a button that ends it."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    key = request.session.session_key
    if request.method == "POST":
        return redirect(reverse("my-sessions", query={"ended": _end(account.pk, key, request.POST)}))
    found = sessions.of_account(account.pk, key, request.house.clock())
    context = {
        "section": "me",
        "account": account,
        "sessions": [(each, moment(each.signed_in_at), moment(each.made_at)) for each in found],
        "others": sum(not each.own for each in found),
        "number": count(len(found)),
        "ended": ENDED.get(request.GET.get("ended", ""), ""),
        **about_page(request.house),
    }
    return render(request, "web/my_sessions.jinja", context)


def _end(account: str, key: str | None, sent: "dict[str, str]") -> str:
    if sent.get("do") == "others":
        sessions.end_others(account, key)
        return "others"
    return "one" if sessions.end(account, sent.get("session", "")[:40]) else "none"
