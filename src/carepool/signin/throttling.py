"""Attempts to sign in are held back: by what is signed in to and by where from, longer each time, and never for good.

They are counted in the database, which every process shares, and before they are made, so that many at once are no way
around. A name that nobody has is counted like any other.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.http import HttpRequest

from carepool.signin.keeping import keyed
from carepool.signin.models import Attempts
from carepool.signin.terms import terms

FIRST = timedelta(seconds=15)
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)
"""Failures that nobody has added to for so long count no more."""
TIDIED = 50
"""Forgotten rows taken away at a time."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One thing that attempts are counted against."""

    key: str
    free: int
    """Failures before the first wait."""
    clears: bool
    """Whether a success wipes the failures off: for an account, not for an address, where others try too."""


@dataclass(frozen=True, slots=True)
class Wait:
    """That an attempt was not made, and when the next may be."""

    until: datetime


Made = TypeVar("Made")


def account(purpose: str, name: str) -> Watched:
    """An account, by what was typed for it, whether there is one or not."""
    return Watched(keyed(f"attempts.{purpose}", name.strip().casefold()), 5, clears=True)


def address(request: HttpRequest) -> Watched:
    """Where the attempts come from. Many people may share it, so that more are let pass."""
    return Watched(keyed("attempts.address", network(caller(request))), 30, clears=False)


def caller(request: HttpRequest) -> str:
    """The caller's address: behind proxies of ours what the first of them saw, else who is connected."""
    proxies = terms().proxies
    forwarded = [
        each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()
    ]
    # What stands before was written by the caller, who could write anything.
    return forwarded[-proxies] if 0 < proxies <= len(forwarded) else str(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """What one caller can choose among: the address itself, of the sixth version its half."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


def attempt(
    watched: tuple[Watched, ...], now: datetime, act: Callable[[], Made | None]
) -> Made | Wait | None:
    """Do what ``act`` does, unless something that is watched must wait; None from it is a failure, which counts."""
    wait = _count(watched, now)
    if wait:
        return wait
    made = act()
    if made is not None:
        _give_back(watched, now)
    return made


def _count(watched: tuple[Watched, ...], now: datetime) -> Wait | None:
    with transaction.atomic():
        # In the order of their keys, so that two callers never wait for one another.
        held = [(each, _row(each.key, now)) for each in sorted(watched, key=lambda each: each.key)]
        until = max(row.until for _, row in held)
        if until > now:
            return Wait(until)
        for each, row in held:
            row.failures = 1 if now - row.last > FORGOTTEN else row.failures + 1
            row.until, row.last = now + waiting(row.failures - each.free), now
            row.save()
    return None


def waiting(over: int) -> timedelta:
    """How long to wait after so many failures more than are free."""
    if over <= 0:
        return timedelta()
    doubled: int = 2 ** min(over - 1, 20)
    return min(FIRST * doubled, LONGEST)


def _row(key: str, now: datetime) -> Attempts:
    Attempts.objects.get_or_create(key=key, defaults={"until": now, "last": now})
    return Attempts.objects.select_for_update().get(key=key)


def _give_back(watched: tuple[Watched, ...], now: datetime) -> None:
    """A success was no failure: an account begins anew, an address has one less."""
    for each in watched:
        with transaction.atomic():
            if each.clears:
                Attempts.objects.filter(key=each.key).delete()
                continue
            row = _row(each.key, now)
            row.failures, row.until = max(row.failures - 1, 0), now
            row.save()
    for key in Attempts.objects.filter(last__lt=now - FORGOTTEN).values_list("key", flat=True)[:TIDIED]:
        Attempts.objects.filter(key=key, last__lt=now - FORGOTTEN).delete()
