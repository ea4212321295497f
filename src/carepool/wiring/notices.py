"""Runs the making and delivering of notices: once, by the clock, or beside the service; one process at a time."""

import os
import secrets
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Annotated

import typer

from carepool.actions.telling import Told
from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, say
from carepool.wiring.config import Config
from carepool.wiring.operations import start_django

LEASE = "notices"
LASTS = timedelta(minutes=5)
"""How long a process that has died keeps others from telling."""
EVERY = 20
"""Seconds between two rounds beside the service."""


def address_of(account: str) -> str | None:
    """The e-mail address of an account, where it has one. What the county's people are told is written to files alone."""
    from django.conf import settings

    from carepool.signin.models import Account

    found = Account.objects.filter(pk=account, is_active=True).first()
    if found is None or (found.demonstration and settings.CONFIG.smtp):
        return None
    return found.email or None


def one_round(holder: str, address: str) -> Told | None:
    """Make what is to be told and deliver what is due; None, and nothing done, while another process does it."""
    from carepool.actions.telling import tell
    from carepool.signin.letters import opened
    from carepool.wiring.house import current_house

    house = current_house()
    started = house.clock()
    if not house.notices.lease(LEASE, holder, started, started + LASTS):
        return None
    try:
        return tell(
            house,
            house.notices,
            address_of,
            house.outbox,
            address,
            lambda letter: opened(letter, house.clock()),
        )
    finally:
        house.notices.lease(LEASE, holder, house.clock(), house.clock())


def go_on(every: int, address: str, stopped: Callable[[], bool]) -> None:
    """One round after another until stopped. What the database or the disk refuses is said, and tried again."""
    from django.db import Error, connections

    holder = secrets.token_hex(8)
    while not stopped():
        try:
            one_round(holder, address)
        except (Error, OSError, Unusable) as error:
            sys.stderr.write(f"carepool: notices wait, because {type(error).__name__} was met.\n")
        connections.close_all()
        for _ in range(every):
            if stopped():
                return
            time.sleep(1)


def add_notices(app: typer.Typer) -> None:
    """Add ``carepool notices``."""
    notices = typer.Typer(help="Tell people what waits for them.", no_args_is_help=True)
    app.add_typer(notices, name="notices")

    @notices.command()
    def run(
        every: Annotated[
            int, typer.Option(help="Seconds between rounds; without it one round is made.", min=0, max=86_400)
        ] = 0,
        beside: Annotated[int, typer.Option(help="Go on as long as the process of this number.", min=0)] = 0,
        address: Annotated[
            str, typer.Option(help="What links begin with where CAREPOOL_ADDRESS says nothing.")
        ] = "http://127.0.0.1:8000",
        json: Json = False,
    ) -> None:
        """Make the notices that nobody has been told of, and deliver what is due; safe to repeat."""
        start_django(prepared=True)
        where = Config.from_environment().address or address
        if not every and not beside:
            told = one_round(secrets.token_hex(8), where)
            if told is None:
                raise Unusable("Another process is telling just now. Try again in a while.")
            data = {
                "made": told.made,
                "sent": told.sent,
                "failed": told.failed,
                "without_address": told.unaddressed,
            }
            words = f"{told.made} notices made, {told.sent} sent, {told.failed} to be tried again, "
            say(data if json else f"{words}{told.unaddressed} shown on the page alone.\n")
            return
        asked: list[int] = []

        def stop(number: int, _frame: FrameType | None) -> None:
            asked.append(number)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        go_on(every or EVERY, where, lambda: bool(asked) or bool(beside and os.getppid() != beside))
