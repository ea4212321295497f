"""What the pages about accounts share: addresses for letters, letters to owners, and the words of a wait."""

import logging
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from carepool.actions.outbox import Message
from carepool.actions.telling import keep_letter, send_letter
from carepool.basics.periods import LONDON, in_words
from carepool.signin import letters
from carepool.signin.models import Account
from carepool.signin.terms import terms
from carepool.signin.throttling import Wait
from carepool.web.asking import HouseRequest
from carepool.web.words import about_page

log = logging.getLogger(__name__)


def whole_address(request: HttpRequest, path: str) -> str:
    """A path of ours with the service's own address before it, for a letter or another site."""
    return f"{terms().address}{path}" if terms().address else request.build_absolute_uri(path)


def moment(at: datetime) -> str:
    """An instant as people write it in London: 18 August 2014 at 14:32."""
    return letters.until(at)


def held_back(wait: Wait, now: datetime) -> str:
    """That an attempt was not made, and when the next can be."""
    minutes = -(-int((wait.until - now).total_seconds()) // 60)
    there = wait.until.astimezone(LONDON)
    today = there.date() == now.astimezone(LONDON).date()
    on = "" if today else f" on {in_words(there.date())}"
    return (
        f"There have been too many attempts, so this one was not made. Try again after {there:%H:%M:%S}{on}, "
        f"in {'a minute' if minutes <= 1 else f'{minutes} minutes'} at most."
    )


def wait_seconds(wait: Wait, now: datetime) -> str:
    """The seconds of a wait, as a header has them."""
    return str(max(1, -(-int((wait.until - now).total_seconds() * 1000) // 1000)))


def keep(request: HouseRequest, message: Message, ends: datetime | None = None) -> bool:
    """Keep a letter until it is delivered or what it says has ended; False when the same was kept before.

    To be called in the transaction of what the letter tells of: then neither is there without the other.
    """
    house = request.house
    return keep_letter(house, message, letters.sealed(message, house.clock()), ends)


def send_kept(request: HouseRequest, message: Message) -> bool:
    """Send a letter that is kept; whether it went at once. The log says that it did not, and not to whom."""
    went = send_letter(request.house, message)
    if not went:
        log.warning("A letter could not be sent. It is tried again.")
    return went


def send(request: HouseRequest, message: Message, ends: datetime | None = None) -> bool:
    """Keep a letter and send it; whether it went at once, or had been kept before."""
    return send_kept(request, message) if keep(request, message, ends) else True


def tell_owner(request: HouseRequest, account: Account, what: str) -> None:
    """Tell an account's owner by letter what was changed, where there is an address for letters."""
    if account.email:
        send(request, letters.changed(account, what, request.house.clock()))


def afterwards(answer: HttpResponse, work: Callable[[], object]) -> HttpResponse:
    """Do something once the answer has been sent, so that the time it takes tells nobody anything."""
    closed = answer.close

    def close() -> None:
        try:
            work()
        finally:
            closed()

    answer.close = close  # type: ignore[method-assign]  # Django calls it once all is sent
    return answer


def told(
    request: HouseRequest, title: str, says: str, status: HTTPStatus, section: str = "sign-in"
) -> HttpResponse:
    """A page that says one thing, and leads to signing in."""
    context = {"section": section, "title": title, "says": says, **about_page(request.house)}
    return render(request, "web/told.jinja", context, status=status)
