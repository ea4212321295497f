"""One's own tokens for programs: made here and shown once, listed with their last use, and ended."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.basics.refusals import Refused
from carepool.basics.words import seen
from carepool.signin import tokens
from carepool.signin.models import Account, Token
from carepool.web.account_parts import moment, tell_owner
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, key_of, new_key
from carepool.web.signing_in import to_sign_in
from carepool.web.words import about_page

SCOPES = {"read": "Only read", "act": "Read and act"}
ENDED = {
    "yes": "The token was ended. A program that shows it is refused from now on.",
    "none": "That token had ended already.",
}
AGAIN = "This token was made before. Its secret was shown then, and is shown once: if you did not keep it, end the token and make another."


def page(request: HouseRequest) -> HttpResponse:
    """The list with a form; a token that was made just now stands above it."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    if request.method == "POST" and request.POST.get("do") == "end":
        ended = tokens.end(account.pk, request.POST.get("token", "")[:40], request.house.clock())
        return redirect(reverse("my-tokens", query={"ended": "yes" if ended else "none"}))
    typed = {name: seen(request.POST.get(name, ""))[:200] for name in ("name", "scope", "days")}
    made = _make(request, account, typed) if request.method == "POST" else None
    wrong = made.says if isinstance(made, Refused) else ""
    now = request.house.clock()
    context = {
        "section": "me",
        "account": account,
        "errors": [("name", wrong)] if wrong else [],
        "typed": typed if wrong else {"days": str(tokens.DAYS[0]), "scope": "read"},
        "made": made if isinstance(made, tokens.Made) else None,
        "again": AGAIN,
        "ended": ENDED.get(request.GET.get("ended", ""), ""),
        "tokens": [_row(each) for each in tokens.in_use(account.pk, now)],
        "scopes": SCOPES,
        "days": tokens.DAYS,
        "key": new_key(),
        **about_page(request.house),
    }
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
    return render(request, "web/my_tokens.jinja", context, status=status)


def _make(request: HouseRequest, account: Account, typed: dict[str, str]) -> tokens.Made | Refused:
    key, now = key_of(request), request.house.clock()
    if typed["scope"] not in SCOPES:
        return Refused("Choose what the token may do.")
    days = int(typed["days"]) if typed["days"] in map(str, tokens.DAYS) else 0
    made = tokens.make(account, typed["name"], days, now, key, acts=typed["scope"] == "act")
    if isinstance(made, tokens.Made) and made.secret:
        tell_owner(request, account, "token")
    return made


def _row(each: Token) -> tuple[Token, str, str, str, str]:
    """A token, what it may do, when it was made and ends, and when it was used last."""
    used = f"In the hour from {moment(each.used_at)}" if each.used_at else "Never"
    return each, SCOPES["act" if each.acts else "read"], moment(each.made_at), moment(each.expires_at), used
