"""The operator's commands about people: accounts, invitations, links for a lost password, and offices in bodies."""

import getpass
import json
import os
import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from carepool.basics.periods import parse_date
from carepool.basics.refusals import NotHere, Refused, Unusable, printable
from carepool.cli.commands import say
from carepool.wiring.operations import LOADER, start_django

if TYPE_CHECKING:
    from carepool.signin.models import Account

HERE = "http://127.0.0.1:8000"
"""Where links lead when the environment does not say where the service is."""


def add_people(app: typer.Typer) -> None:
    """Add ``carepool account`` and ``carepool office``."""
    account = typer.Typer(help="Make accounts, invite people, and let them in again.", no_args_is_help=True)
    office = typer.Typer(help="Give people offices in bodies, and end them.", no_args_is_help=True)
    app.add_typer(account, name="account")
    app.add_typer(office, name="office")
    _add_account(account)
    _add_tokens(account)
    _add_invitations(account)
    _add_office(office)


def _add_account(account: typer.Typer) -> None:
    @account.command("make")
    def make(
        handle: Annotated[str, typer.Argument(help="What the person signs in with.")],
        name: Annotated[str, typer.Option(help="The name that stands in what they sign.")],
        email: Annotated[str, typer.Option(help="Where letters about the account go.")] = "",
    ) -> None:
        """Make an account; the password is asked for, or taken from PASSWORD in the environment."""
        start_django(prepared=True)
        from carepool.signin.invitations import checked_email
        from carepool.signin.models import Account
        from carepool.signin.passwords import faults

        if Account.objects.filter(handle=handle).exists():
            raise Unusable(f"There is an account {handle} already. Choose another handle.")
        made = Account(
            id=f"account-{secrets.token_hex(8)}", handle=handle, name=name, email=checked_email(email) if email else "",
        )  # fmt: skip
        password = os.environ.get("PASSWORD") or getpass.getpass("Password: ")
        wrong = faults(password, made)
        if wrong:
            raise Unusable(f"{wrong[0]} Choose another one.")
        made.set_password(password)
        made.save()
        say(f"{handle} can sign in. Give them an office: carepool office give {handle} OFFICE BODY.\n")

    @account.command("reset")
    def reset(
        handle: Annotated[str, typer.Argument(help="Whose.")],
        second_factor: Annotated[
            bool,
            typer.Option(
                "--second-factor", help="Also take away the second factor, for who has lost phone and codes."
            ),
        ] = False,
    ) -> None:
        """Print a link by which the account's owner chooses a new password, once, within 24 hours.

        Make sure first whom you give it to.
        """
        start_django(prepared=True)
        from carepool.signin import passwords
        from carepool.signin import second_factor as factor
        from carepool.signin.letters import until
        from carepool.wiring.house import now

        found = _account(handle)
        if second_factor:
            factor.remove(found.pk)
            say(f"{handle} has no second factor any more.\n")
        at = now()
        link = _link("new-password", passwords.make_link(found, at, passwords.BY_OPERATOR))
        say(f"{handle} can choose a new password until {until(at + passwords.BY_OPERATOR)} at\n{link}\n")

    @account.command("sign-out")
    def sign_out(
        handle: Annotated[str, typer.Argument(help="Whose sessions.")] = "",
        everybody: Annotated[
            bool, typer.Option("--everybody", help="Everybody's, instead of one's.")
        ] = False,
    ) -> None:
        """End the sessions and tokens of an account, or of everybody: whoever holds one must sign in again. The account stays."""
        if bool(handle) is everybody:
            raise Unusable("Name an account, or say --everybody.")
        start_django(prepared=True)
        from carepool.signin import sessions

        if everybody:
            say(f"Nobody is signed in any more. Sessions ended: {sessions.end_everybodys()}.\n")
        else:
            ended = sessions.end_all(_account(handle).pk)
            say(f"{handle} is signed in nowhere any more. Sessions ended: {ended}.\n")

    @account.command("end")
    def end(
        handle: Annotated[str, typer.Argument(help="Whose.")],
        why: Annotated[str, typer.Option(help="Why, as it is kept with the account.")],
    ) -> None:
        """End an account: offices, sessions, links and invitations die at once. What it did keeps its name."""
        start_django(prepared=True)
        from carepool.actions.permits import Actor
        from carepool.signin.ending import end_account
        from carepool.wiring.house import current_house

        house = current_house()
        ended = end_account(house, Actor(LOADER, secrets.token_hex(16)), _account(handle), why)
        house.journal.seal()
        for body, office in ended.offices:
            say(f"{office} of {house.areas.body(body).name}: ended at once.\n")
        say(
            f"Nobody signs in as {handle} any more. Sessions ended: {ended.sessions}; "
            f"invitations taken back: {len(ended.invitations)}.\n"
        )


def _add_tokens(account: typer.Typer) -> None:
    @account.command("tokens")
    def of_programs(
        handle: Annotated[str, typer.Argument(help="Whose tokens.")],
        end: Annotated[str, typer.Option(help="Which to end, by its id; “all” for every one.")] = "",
    ) -> None:
        """List the tokens that an account gave to programs, never what they say; with --end, end one or all of them."""
        start_django(prepared=True)
        from carepool.signin import tokens
        from carepool.signin.letters import until
        from carepool.wiring.house import now

        found, at = _account(handle), now()
        held = list(tokens.in_use(found.pk, at))
        ended = [each for each in held if end in {each.pk, "all"}]
        if end and not ended:
            raise Unusable(
                f"{handle} has no token {end} in use. “carepool account tokens {handle}” lists them."
            )
        for each in ended:
            tokens.end(found.pk, each.pk, at)
        for each in ended or held:
            may = "reads and acts" if each.acts else "reads"
            used = f"last used in the hour from {until(each.used_at)}" if each.used_at else "never used"
            says = "ended" if end else f"until {until(each.expires_at)}, {used}"
            say(f"{each.pk}  {printable(each.name)}: {may}, {says}.\n")
        if not held:
            say(f"{handle} has no token in use.\n")


def _add_invitations(account: typer.Typer) -> None:
    @account.command("invite")
    def invite(
        email: Annotated[str, typer.Argument(help="Where the invitation goes.")],
        name: Annotated[str, typer.Option(help="The name that will stand in what they sign.")],
        office: Annotated[str, typer.Option(help="An office that they get with the account.")] = "",
        body: Annotated[str, typer.Option(help="The body that it is in, like council:E10000016.")] = "",
        first: Annotated[
            str, typer.Option("--from", help="Its first day; that of accepting without it.")
        ] = "",
        last: Annotated[str, typer.Option("--to", help="Its last day; open without it.")] = "",
    ) -> None:
        """Invite somebody to have an account, by a link that works once within seven days."""
        start_django(prepared=True)
        from django.db import transaction

        from carepool.actions.telling import keep_letter, send_letter
        from carepool.signin import invitations, letters
        from carepool.wiring.house import current_house, now

        gives = _office_given(office, body, first, last)
        house = current_house()
        with transaction.atomic():
            made = invitations.invite(email, name, LOADER, now(), gives)
            link, ends = _link("invitation", made.token), made.invitation.expires_at
            letter = letters.invitation(made.invitation, link, "Whoever looks after carepool")
            keep_letter(house, letter, letters.sealed(letter, now()), ends)
        went = (
            "went"
            if send_letter(house, letter)
            else "could not be sent yet, and is tried again until it goes"
        )
        say(f"The letter to {made.invitation.email} {went}. Its link, until {letters.until(ends)}:\n{link}\n")

    @account.command("uninvite")
    def uninvite(
        email: Annotated[str, typer.Argument(help="Whose invitations.")],
    ) -> None:
        """Take back every invitation to an address that has not been accepted, whoever made it."""
        start_django(prepared=True)
        from carepool.signin.invitations import checked_email, revoke
        from carepool.signin.letters import of_invitation
        from carepool.signin.models import Invitation
        from carepool.wiring.house import current_house, now

        rows = Invitation.objects.filter(email=checked_email(email))
        void = [each.id for each in rows if revoke(each.id, each.made_by, now())]
        for each in void:
            current_house().notices.forget(of_invitation(each))
        if not void:
            raise NotHere(f"No invitation to {email} waits to be accepted.")
        taken = len(void)
        say(f"{taken} invitation{'s' if taken > 1 else ''} to {email} can be accepted no more.\n")


def _add_office(office: typer.Typer) -> None:
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
            house, Actor(LOADER, secrets.token_hex(16)), rules, body, office, _account(handle).pk, day,
            parse_date(last) if last else None,
        )  # fmt: skip
        _tell(done, f"{handle} is {office} of {house.areas.body(body).name}.\n")

    @office.command("end")
    def end(
        handle: Annotated[str, typer.Argument(help="Whose.")],
        office: Annotated[str, typer.Argument(help="The office.")],
        body: Annotated[str, typer.Argument(help="The body.")],
        last: Annotated[str, typer.Option("--on", help="The last day; today, or without it, at once.")] = "",
    ) -> None:
        """End a person's office in a body with a day."""
        start_django(prepared=True)
        from carepool.actions.appointing import retire
        from carepool.actions.permits import Actor
        from carepool.wiring.house import current_house

        house = current_house()
        day = parse_date(last) if last else house.today
        done = retire(house, Actor(LOADER, secrets.token_hex(16)), body, office, _account(handle).pk, day)
        until = "from now on" if day <= house.today else f"after {day}"
        _tell(done, f"{handle} is not {office} of {house.areas.body(body).name} {until}.\n")


def _office_given(office: str, body: str, first: str, last: str) -> str:
    """The office that an invitation brings, as it is kept; Unusable, now and not at accepting, when there is no such."""
    if not (office or body or first or last):
        return ""
    if not (office and body):
        raise Unusable("An office is one in a body: give both --office and --body.")
    from carepool.actions.appointing import check_office, rules_with_offices
    from carepool.actions.nation import RULES
    from carepool.wiring.house import current_house

    house = current_house()
    found = house.areas.body(body)
    rules = house.rulebook.named(rules_with_offices(house, found.kind, RULES))
    check_office(rules.authorities, office, found.kind)
    for each in (first, last):
        if each:
            parse_date(each)
    return json.dumps({"office": office, "body": found.id, "first": first, "last": last})


def _link(page: str, token: str) -> str:
    from django.urls import reverse

    from carepool.signin.terms import terms

    return f"{terms().address or HERE}{reverse(page, args=[token])}"


def _account(handle: str) -> "Account":
    from carepool.signin.models import Account

    found = Account.objects.filter(handle=handle).first()
    if found is None:
        raise NotHere(f"There is no account {handle}. Make it: carepool account make {handle} --name NAME.")
    return found


def _tell(done: object, says: str) -> None:
    if isinstance(done, Refused):
        raise Unusable(done.says)
    say(says)
