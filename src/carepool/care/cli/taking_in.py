"""The commands that take in an organisation's records of people, and the response to their tracing."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.refusals import unknown
from carepool.care.actions.house import CareHouse
from carepool.care.actions.numbering import keep_doubts, take_over
from carepool.care.actions.ports import Identity
from carepool.care.actions.taking_in import Match, take_in, unknown_of
from carepool.care.cli.tracing import Exceptions, Json, check_writable, contents_of, counted, write_exceptions
from carepool.care.people.tracing import RETURNED, SENT, Local, people_of, returned, sent_of
from carepool.render.answers import to_json

Organisation = Annotated[
    str, typer.Option(help="Whose system the records are from, as its accounts name it.")
]


def add_taking_in(care: typer.Typer, house: Callable[[], CareHouse]) -> None:
    """Add ``carepool care take-in``; ``house`` starts the wing and gives it."""

    @care.command("take-in")
    def take_in_(
        people: Annotated[Path, typer.Argument(metavar="PEOPLE.csv", help=f"CSV with {', '.join(SENT)}, and status (01 to 08) where it is held.")],
        organisation: Organisation,
        exceptions: Exceptions = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Take in an organisation's records of people, and link them with those that are here.

        What a rule joins is recorded with its rule and can be split; what is doubtful waits in the queue of pairs. Records that
        were taken in before, by the organisation's own id, are left as they are.
        """
        check_writable([exceptions], [people])
        wing = house()
        _check_known(wing, organisation)
        batch = people_of(
            people.name, contents_of(people), wing.rulebook.number_statuses, production=wing.production
        )
        matches = _matches(wing, unknown_of(wing, organisation, batch.people))
        taken = take_in(wing, organisation, batch.people, matches)
        keep_doubts(wing, organisation, (each.local_id for each in batch.people), batch.doubts)
        write_exceptions(exceptions, batch.doubts)
        if json:
            sys.stdout.write(to_json({**asdict(taken), "exceptions": counted(batch.doubts)}))
            return
        doubts = "".join(f"  {number:>9,}  {code}\n" for code, number in counted(batch.doubts).items())
        sys.stdout.write(
            f"Records of {organisation} taken in: {taken.records:,}; here before: {taken.known:,}.\n"
            f"Joined by a rule to a person who is here: {taken.joined:,}; pairs that wait for a reviewer: {taken.queued:,}.\n{doubts}"
        )

    @care.command("trace-in")
    def trace_in(
        sent: Annotated[Path, typer.Argument(metavar="SENT", help="The file that was sent, as “carepool trace out” wrote it.")],
        response: Annotated[Path, typer.Argument(metavar="RESPONSE", help=f"CSV with {', '.join(RETURNED)}.")],
        organisation: Organisation,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Take over the response to a tracing of an organisation's records: what agrees is verified, the rest waits on the page of numbers."""
        wing = house()
        _check_known(wing, organisation)
        asked = sent_of(sent.name, contents_of(sent), production=wing.production)
        traced, doubts = returned(asked, response.name, contents_of(response), production=wing.production)
        taken = take_over(wing, organisation, traced, doubts)
        if json:
            sys.stdout.write(to_json({**asdict(taken), "exceptions": counted(doubts)}))
            return
        sys.stdout.write(
            f"Records of {organisation} answered for: {taken.records:,}; verified: {taken.verified:,}; changed: {taken.changed:,}; left for a person: {taken.waits:,}.\n"
        )


def _check_known(wing: CareHouse, organisation: str) -> None:
    known = wing.people.organisations()
    if organisation not in known:
        raise unknown("account of an organisation called", organisation, known, "Nobody would see what waits of its records. Name it as its accounts do, or make an account of it first: carepool care account make.")  # fmt: skip


def _matches(wing: CareHouse, new: Iterable[Local]) -> tuple[Match, ...]:
    """What linkage finds of records that are new here, in memory alone."""
    from carepool.care.linkage.links import link_rows
    from carepool.care.linkage.records import Rows

    theirs = Rows("The batch", [(each.local_id, each.number, each.given_name, each.family_name, each.born.isoformat() if each.born else None, each.sex, each.postcode) for each in new])  # fmt: skip
    ours = Rows("The wing", [_row(each) for each in wing.people.standing()])
    if not (theirs.rows and ours.rows):
        return ()
    found = link_rows(ours, theirs, production=wing.production)
    return tuple(Match(each.left, each.right, each.probability, each.rule, each.doubtful) for each in found)


def _row(identity: Identity) -> tuple[str | None, ...]:
    born = identity.born.isoformat() if identity.born else None
    return identity.person, identity.number, identity.given, identity.family, born, identity.sex, identity.postcode  # fmt: skip
