"""The letters about accounts, all in one place. None of them holds a password, and a link works once."""

import json
from datetime import datetime

from carepool.actions.outbox import Message
from carepool.basics.periods import LONDON, in_words
from carepool.signin.keeping import digest, seal, unseal
from carepool.signin.models import Account, Invitation

CHANGES = {
    "password": "The password of your account was changed, and all its sessions were ended.",
    "second-factor": "A second factor was set up for your account: signing in by password now asks for a code from your app.",
    "second-factor-removed": "The second factor of your account was taken away: signing in by password asks for no code any more.",
    "recovery-codes": "New recovery codes were made for your account. Those that you had before work no more.",
    "token": "A token was made for your account, with which a program can ask in your place. You can end it on the page of your tokens.",
    "linked": "A sign-in of another provider was linked with your account, so that it opens your account from now on.",
}
"""What an owner is told of, wherever it was done from."""


LETTER = "letter"
"""The purpose that letters are sealed for."""


def sealed(message: Message, now: datetime) -> str:
    """A letter as it is kept until it is delivered: the database alone tells neither to whom it goes nor its link."""
    parts = {"id": message.id, "to": message.to, "subject": message.subject, "text": message.text}
    return seal(LETTER, json.dumps(parts), now)


def opened(letter: str, now: datetime) -> Message | None:
    """What a sealed letter says; None where it cannot be read any more."""
    found = unseal(LETTER, letter, now)
    return Message(**json.loads(found)) if found else None


def of_invitation(which: str) -> str:
    """The Message-ID of the letter of an invitation."""
    return f"<invitation-{which}@carepool>"


def until(moment: datetime) -> str:
    """An instant as people write it: 18 August 2014 at 14:32."""
    there = moment.astimezone(LONDON)
    return f"{in_words(there.date())} at {there:%H:%M}"


def invitation(made: Invitation, link: str, by: str) -> Message:
    """The letter with the link that accepts an invitation."""
    return Message(
        of_invitation(made.id),
        made.email,
        "You are invited to carepool",
        f"Dear {made.name},\n\n{by} invites you to have an account in carepool, which runs the pooled health and "
        f"social care fund.\n\nChoose a name and a password, or another way to sign in, here:\n\n{link}\n\n"
        f"The link works once, until {until(made.expires_at)}. If you did not expect this letter, leave it be: "
        "without the link nothing happens.\n",
    )


def new_password(account: Account, link: str, ends: datetime) -> Message:
    """The letter with the link to choose a new password."""
    return Message(
        f"<password-{digest(link)[:32]}@carepool>",
        account.email,
        "Choose a new password for carepool",
        f"Dear {account.name},\n\nSomebody, probably you, asked to choose a new password for the account "
        f"{account.handle}. You can do it here:\n\n{link}\n\nThe link works once, until {until(ends)}. "
        "If it was not you, leave this letter be: your password stays as it is.\n",
    )


def changed(account: Account, what: str, now: datetime) -> Message:
    """The letter that tells an owner what was changed about their account."""
    return Message(
        f"<changed-{digest(f'{account.id} {what} {now.isoformat()}')[:32]}@carepool>",
        account.email,
        "Your carepool account was changed",
        f"Dear {account.name},\n\n{CHANGES[what]} It was done on {until(now)}.\n\nIf it was you, there is nothing to "
        "do. If it was not, tell whoever looks after carepool at once.\n",
    )
