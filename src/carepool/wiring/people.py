"""The operator's commands about people: make an account, give it an office in a body, end one."""

import getpass
import os
import secrets
from typing import Annotated

import typer

from carepool.basics.periods import parse_date
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.cli.commands import say
from carepool.wiring.operations import LOADER, start_django

SHORTEST = 12
"""Characters that a password has at least."""


def add_people(app: typer.Typer) -> None:
    """Add ``carepool account`` and ``carepool office``."""
    account = typer.Typer(help="Make accounts.", no_args_is_help=True)
    office = typer.Typer(help="Give people offices in bodies, and end them.", no_args_is_help=True)
    app.add_typer(account, name="account")
    app.add_typer(office, name="office")

    @account.command("make")
    def make(
        handle: Annotated[str, typer.Argument(help="What the person signs in with.")],
        name: Annotated[str, typer.Option(help="The name that stands in what they sign.")],
    ) -> None:
        """Make an account; the password is asked for, or taken from PASSWORD in the environment."""
        start_django(prepared=True)
        from carepool.signin.models import Account

        if Account.objects.filter(handle=handle).exists():
            raise Unusable(f"There is an account {handle} already. Choose another handle.")
        password = os.environ.get("PASSWORD") or getpass.getpass("Password: ")
        if len(password) < SHORTEST:
            raise Unusable(f"A password has at least {SHORTEST} characters. Choose a longer one.")
        made = Account(id=f"account-{secrets.token_hex(8)}", handle=handle, name=name)
        made.set_password(password)
        made.save()
        say(f"{handle} can sign in. Give them an office: carepool office give {handle} OFFICE BODY.\n")

    @office.command("give")
    def give(
        handle: Annotated[str, typer.Argument(help="Whose.")],
        office: Annotated[str, typer.Argument(help="An office, like plan_lead.")],
        body: Annotated[
            str, typer.Argument(help="A body, like council:E10000016, ccg:09C or board:E10000016.")
        ],
        first: Annotated[str, typer.Option("--from", help="The first day; today without it.")] = "",
        last: Annotated[str, typer.Option("--to", help="The last day; open without it.")] = "",
    ) -> None:
        """Give a person an office in a body."""
        start_django(prepared=True)
        from carepool.actions.appointing import appoint, rules_with_offices
        from carepool.actions.nation import RULES
        from carepool.actions.permits import Actor
        from carepool.wiring.house import current_house

        house = current_house()
        day = parse_date(first) if first else house.today
        rules = rules_with_offices(house, house.areas.body(body).kind, RULES)
        done = appoint(
            house, Actor(LOADER, secrets.token_hex(16)), rules, body, office, _id(handle), day,
            parse_date(last) if last else None,
        )  # fmt: skip
        _tell(done, f"{handle} is {office} of {house.areas.body(body).name}.\n")

    @office.command("end")
    def end(
        handle: Annotated[str, typer.Argument(help="Whose.")],
        office: Annotated[str, typer.Argument(help="The office.")],
        body: Annotated[str, typer.Argument(help="The body.")],
        last: Annotated[str, typer.Option("--on", help="The last day; today without it.")] = "",
    ) -> None:
        """End a person's office in a body with a day."""
        start_django(prepared=True)
        from carepool.actions.appointing import retire
        from carepool.actions.permits import Actor
        from carepool.wiring.house import current_house

        house = current_house()
        day = parse_date(last) if last else house.today
        done = retire(house, Actor(LOADER, secrets.token_hex(16)), body, office, _id(handle), day)
        _tell(done, f"{handle} is {office} of {house.areas.body(body).name} to {day} and no longer.\n")


def _id(handle: str) -> str:
    from carepool.signin.models import Account

    found = Account.objects.filter(handle=handle).values_list("id", flat=True).first()
    if found is None:
        raise NotHere(f"There is no account {handle}. Make it: carepool account make {handle} --name NAME.")
    return found


def _tell(done: object, says: str) -> None:
    if isinstance(done, Refused):
        raise Unusable(done.says)
    say(says)
