"""Signing in with a provider: the way there, the way back, and the providers that are linked with one's account."""

import secrets
from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.basics.refusals import NotHere, Refused
from carepool.signin import identities, invitations, openid, sessions
from carepool.signin.backends import admitted
from carepool.signin.openid import Departure, Identified
from carepool.signin.terms import Provider, terms
from carepool.web.account_parts import moment, tell_owner, told, whole_address
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.inviting import accepted_by_identity, over
from carepool.web.signing_in import own_path, to_sign_in
from carepool.web.words import about_page

NOT_OURS = (
    "This way back did not begin in this browser within the last ten minutes, or has been used already, so nobody was signed "
    "in. Begin again on the page to sign in."
)
NOT_KNOWN = (
    "{provider} knows you, but no account here is linked with that, so nobody was signed in. If you have an account, sign in "
    "with your password and link it on the page “Other ways to sign in”. If you have none, ask your body's plan lead or whoever "
    "looks after carepool to invite you: the invitation comes by e-mail, and you can accept it with {provider}."
)
DECLINED = "{provider} did not let you through, or you turned back there, so nobody was signed in."
UNLINKED = {
    "linked": "It was linked. You can sign in with it from now on.",
    "unlinked": "The link was taken away.",
}


def cookie_name() -> str:
    """The cookie that holds, sealed, what a browser must bring back."""
    return f"{'__Host-' if terms().production else ''}carepool_fund_openid"


def start(request: HouseRequest, provider: str) -> HttpResponse:
    """Off to a provider to sign in. Nothing is written: what must come back is in a cookie."""
    return send_off(request, provider, "sign-in", next_=own_path(request.GET.get("next", "")))


def start_link(request: HouseRequest, provider: str) -> HttpResponse:
    """Off to a provider, to link who one is there with one's account."""
    account = account_of(request)
    return to_sign_in(request) if account is None else send_off(request, provider, "link", account.pk)


def start_invitation(request: HouseRequest, token: str, provider: str) -> HttpResponse:
    """Off to a provider, to accept an invitation as who one is there."""
    invitation = invitations.of_link(token, request.house.clock())
    return over(request) if invitation is None else send_off(request, provider, "invitation", invitation.id)


def send_off(request: HouseRequest, name: str, purpose: str, of: str = "", next_: str = "") -> HttpResponse:
    """The redirection to a provider. NotHere for one that this service has not."""
    provider = _provider(name)
    sent = openid.send_off(provider, _back(request, provider), purpose, of, next_)
    if isinstance(sent, Refused):
        return told(request, f"{provider.label} does not answer", sent.says, HTTPStatus.BAD_GATEWAY)
    address, kept = sent
    answer = HttpResponse(status=HTTPStatus.FOUND, headers={"Location": address})
    answer.set_cookie(
        cookie_name(), openid.pack(kept, request.house.clock()), max_age=openid.LASTS, path="/",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return answer


def back(request: HouseRequest, provider: str) -> HttpResponse:
    """The way back. The one address whose GET writes: the provider sends the browser so, and it works once."""
    answer = _come_back(request, _provider(provider))
    answer.delete_cookie(cookie_name(), path="/", samesite="Lax")
    return answer


def mine(request: HouseRequest) -> HttpResponse:
    """The providers that are linked with one's account, and those that could be."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    errors = []
    if request.method == "POST":
        which = request.POST.get("identity", "")
        refused = identities.unlink(account, int(which) if which.isdecimal() and len(which) < 18 else 0)
        if refused is None:
            return redirect(reverse("my-identities", query={"done": "unlinked"}))
        errors = [("linked", refused.says)]
    known = terms().providers
    held = identities.of_account(account.pk)
    context = {
        "section": "me",
        "errors": errors,
        "linked": [
            (each.pk, known[each.provider].label if each.provider in known else each.provider, moment(each.linked_at))
            for each in held
        ],
        "others": [
            (each.label, reverse("link-with", args=[each.name]))
            for each in known.values()
            if each.name not in {one.provider for one in held}
        ],
        "has_password": account.has_usable_password(),
        "done": UNLINKED.get(request.GET.get("done", ""), ""),
        **about_page(request.house),
    }  # fmt: skip
    status = HTTPStatus.CONFLICT if errors else HTTPStatus.OK
    return render(request, "web/identities.jinja", context, status=status)


def _come_back(request: HouseRequest, provider: Provider) -> HttpResponse:
    now = request.house.clock()
    kept = openid.unpack(request.COOKIES.get(cookie_name(), ""), now)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    ours = kept is not None and secrets.compare_digest(kept.state.encode(), state.encode())
    if (
        kept is None
        or not ours
        or kept.provider != provider.name
        or not identities.spend(state, now, openid.LASTS)
    ):
        return told(request, "Nobody was signed in", NOT_OURS, HTTPStatus.BAD_REQUEST)
    if not code:
        # What the provider says of it is not repeated: anybody could have written it into the address.
        return told(
            request, "Nobody was signed in", DECLINED.format(provider=provider.label), HTTPStatus.FORBIDDEN
        )
    found = openid.come_back(provider, _back(request, provider), code, kept, now)
    if isinstance(found, Refused):
        return told(request, "Nobody was signed in", found.says, HTTPStatus.BAD_GATEWAY)
    does = {"sign-in": _sign_in, "link": _link, "invitation": accepted_by_identity}[kept.purpose]
    return does(request, provider, kept, found)


def _sign_in(request: HouseRequest, provider: Provider, kept: Departure, found: Identified) -> HttpResponse:
    account = identities.account_of(found.issuer, found.subject)
    if account is None or not admitted(account):
        says = NOT_KNOWN.format(provider=provider.label)
        return told(request, "You have no account here yet", says, HTTPStatus.FORBIDDEN)
    sessions.enter(request, account, provider.label, request.house.clock(), proved=True)
    return redirect(kept.next or reverse("me"))


def _link(request: HouseRequest, provider: Provider, kept: Departure, found: Identified) -> HttpResponse:
    account = account_of(request)
    if account is None or account.pk != kept.of:
        return told(request, "Nothing was linked", NOT_OURS, HTTPStatus.CONFLICT)
    refused = identities.link(account, found.issuer, found.subject, provider.name, request.house.clock())
    if refused:
        return told(request, "Nothing was linked", refused.says, HTTPStatus.CONFLICT)
    tell_owner(request, account, "linked")
    return redirect(reverse("my-identities", query={"done": "linked"}))


def _provider(name: str) -> Provider:
    found = terms().providers.get(name)
    if found is None:
        raise NotHere("There is no page at this address.")
    return found


def _back(request: HouseRequest, provider: Provider) -> str:
    return whole_address(request, reverse("sign-in-back", args=[provider.name]))
