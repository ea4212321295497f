"""The operator's commands about the accounts of the person wing: who somebody is in it, whom they work with, and their end."""

import getpass
import os
import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from carepool.basics.refusals import NotHere, Unusable
from carepool.cli.commands import say
from carepool.wiring.operations import LOADER

if TYPE_CHECKING:
    from collections.abc import Callable

    from carepool.care.actions.house import CareHouse
    from carepool.signin.models import Account

Handle = Annotated[str, typer.Argument(help="What the account signs in with.")]
NO_SECOND_FACTOR = "This service runs in production and lets people in by a password alone, which is too little for people’s records. Take CAREPOOL_CARE_SECOND_FACTOR out of the environment first."
KNOWN_TO_ALL = "This is the password of the demonstration, which everybody can read."


def add_people_care(care: typer.Typer, house: "Callable[[], CareHouse]") -> None:
    """Add ``carepool care account``; ``house`` starts the wing and gives it."""
    account = typer.Typer(help="Make accounts of the person wing, let people in again, and end accounts.", no_args_is_help=True)  # fmt: skip
    care.add_typer(account, name="account")

    @account.command("make")
    def make(
        handle: Handle,
        name: Annotated[str, typer.Option(help="The name that stands in the log of whoever they look at.")],
        kind: Annotated[str, typer.Option("--as", help="practitioner, governance_lead, person, carer or commissioner.")],
        title: Annotated[str, typer.Option(help="Of somebody at work, like “District nurse”.")] = "",
        organisation: Annotated[str, typer.Option(help="Whom somebody at work works for.")] = "",
        sector: Annotated[str, typer.Option(help="Of a practitioner: health or social_care.")] = "",
        person: Annotated[str, typer.Option(help="Of a person or carer: whose record it is, by the id in the address of its page.")] = "",
        works_with: Annotated[list[str] | None, typer.Option("--works-with", help="Of a practitioner: somebody in whose team they are, by id; may be said again.")] = None,
    ) -> None:  # fmt: skip
        """Make an account of the wing; the password is asked for, or taken from PASSWORD in the environment."""
        wing = house()
        from django.db import transaction

        from carepool.care.actions.staffing import engage, role_of, words
        from carepool.signin.invitations import checked_handle, checked_name
        from carepool.signin.models import Account
        from carepool.signin.terms import terms

        _safe(wing)
        made = Account(id=f"account-{secrets.token_hex(8)}", handle=checked_handle(handle), name=checked_name(name), demonstration=False)  # fmt: skip
        role = role_of(wing, made.pk, kind, title=title, organisation=organisation, sector=sector, person=person)  # fmt: skip
        made.set_password(_password(made))
        with transaction.atomic():
            made.save()
            engage(wing, role, works_with or [])
        second = " They set up a second factor when they first do." if terms().second_factor else ""
        say(f"{handle} can sign in as a {words(role.kind)}.{second}\n")

    @account.command("works-with")
    def works_with(
        handle: Handle,
        people: Annotated[list[str], typer.Argument(metavar="PERSON...", help="Whom, by the id in the address of their page.")],
    ) -> None:  # fmt: skip
        """Put people on a practitioner's caseload: the practitioner is in their team from now on."""
        wing = house()
        from carepool.care.actions.staffing import engage

        found = _account(handle)
        role = wing.people.role(found.pk)
        if role is None:
            raise Unusable(f"{handle} has no role in the wing. Make an account that has: carepool care account make.")  # fmt: skip
        engage(wing, role, people)
        say(f"{handle} works with {len(wing.people.caseload(found.pk)):,} people now.\n")

    @account.command("password")
    def password(
        handle: Handle,
        second_factor: Annotated[bool, typer.Option("--second-factor", help="Also take away the second factor, for who has lost phone and codes.")] = False,
    ) -> None:  # fmt: skip
        """Set a new password, asked for or taken from PASSWORD, and end every session. Make sure first who asks."""
        house()
        from carepool.signin import passwords
        from carepool.signin import second_factor as factor

        found = _account(handle)
        passwords.change(found, _password(found))
        if second_factor:
            factor.remove(found.pk)
            say(f"{handle} has no second factor any more.\n")
        say(f"{handle} signs in with the new password, and is signed in nowhere now.\n")

    @account.command("end")
    def end(
        handle: Handle,
        why: Annotated[str, typer.Option(help="Why, as it is kept with the account.")],
    ) -> None:
        """End an account: it leaves every team, and where it was responsible the alarm rings. What it did keeps its name."""
        wing = house()
        from carepool.care.actions.staffing import leave_teams
        from carepool.signin.ending import can_end, close

        found = _account(handle)
        can_end(found, why)
        # First what rests on it: cut short, the account is still there to be ended again.
        people, held = leave_teams(wing, found.pk, LOADER, secrets.token_hex(8))
        ended, _ = close(found, why, wing.clock())
        say(f"Nobody signs in as {handle} any more. Sessions ended: {ended}; teams left: {people}; people for whom they were responsible or asked: {held}.\n")  # fmt: skip


def _safe(wing: "CareHouse") -> None:
    """Unusable where an account would be one that is too easily another's."""
    from carepool.signin.terms import terms

    if wing.production and not terms().second_factor:
        raise Unusable(NO_SECOND_FACTOR)


def _password(account: "Account") -> str:
    from carepool.care.actions.demonstration import PASSWORD
    from carepool.signin.passwords import faults

    given = os.environ.get("PASSWORD") or getpass.getpass("Password: ")
    wrong = [KNOWN_TO_ALL] if given == PASSWORD else faults(given, account)
    if wrong:
        raise Unusable(f"{wrong[0]} Choose another one.")
    return given


def _account(handle: str) -> "Account":
    from carepool.signin.models import Account

    found = Account.objects.filter(handle=handle).first()
    if found is None:
        raise NotHere(f"There is no account {handle} in the wing. Make it: carepool care account make {handle} --name NAME --as KIND.")  # fmt: skip
    return found
