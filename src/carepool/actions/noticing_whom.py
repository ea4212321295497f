"""To whom something is told: the accounts that hold an office then and now, each once."""

from collections.abc import Iterable, Iterator
from datetime import date

from carepool.actions.house import House
from carepool.actions.notices import Notice
from carepool.basics.periods import LONDON
from carepool.journal.facts import Fact
from carepool.offices.holdings import holdings
from carepool.offices.holdings import stream_of as office_stream


def to_each(accounts: Iterable[str], about: str, subject: str, text: str, link: str) -> Iterator[Notice]:
    """The notice to each account, once however many of the offices it holds."""
    for account in dict.fromkeys(accounts):
        yield Notice(about, account, subject, text, link)


def holders(house: House, body: str, offices: Iterable[str], day: date) -> list[str]:
    """Who held one of these offices of a body on the day and holds it today: nobody is told of what is no longer theirs."""
    named = set(offices)
    return [
        each.account
        for each in holdings(house.journal.read(office_stream(body)))
        if each.office in named and each.on(day) and each.on(house.today)
    ]


def day_of(fact: Fact) -> date:
    """The day on which a fact was recorded."""
    return fact.at.astimezone(LONDON).date()
