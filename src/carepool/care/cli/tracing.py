"""The commands of batch tracing: a file out to the national demographic service, and its response in."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.refusals import Unusable
from carepool.care.people.tracing import SENT, Doubt, coverage, people_of, returned, sent_of
from carepool.render.answers import to_json
from carepool.render.csvs import write_csv
from carepool.rules.sharing import NumberStatuses

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]
Exceptions = Annotated[Path | None, typer.Option("--exceptions", help="Where what waits for a person is written.")]  # fmt: skip
LARGEST_FILE = 20_000_000


def add_tracing(app: typer.Typer, statuses: Callable[[], NumberStatuses], production: Callable[[], bool]) -> None:  # fmt: skip
    """Add ``carepool trace out`` and ``in``; ``production`` says whether numbers for demonstration and test are refused."""
    trace = typer.Typer(no_args_is_help=True, help="Trace NHS numbers in batches: a file out, a response in.")
    app.add_typer(trace, name="trace")

    @trace.command("out")
    def out_(
        people: Annotated[Path, typer.Argument(metavar="PEOPLE", help=f"CSV with {', '.join(SENT)}, and status (01 to 08) where it is held.")],
        out: Annotated[Path, typer.Option(help="Where the file to send is written.")],
        exceptions: Exceptions = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Write the file to send: everybody whose number is not verified and of whom enough is known to find nobody else."""
        check_writable([out, exceptions], [people])
        found = people_of(people.name, contents_of(people), statuses(), production=production())
        _write(out, SENT, (each.cells for each in found.sent))
        write_exceptions(exceptions, found.doubts)
        covered = coverage(found.people, (), statuses())
        answer = {"sent": len(found.sent), "out": str(out), "exceptions": counted(found.doubts), "coverage": asdict(covered)}  # fmt: skip
        _say(answer, json, f"{len(found.sent):,} of {covered.people:,} people are in {out} to be sent.", found.doubts, exceptions)  # fmt: skip

    @trace.command("in")
    def in_(
        sent: Annotated[Path, typer.Argument(metavar="SENT", help="The file that was sent, as “trace out” wrote it.")],
        response: Annotated[Path, typer.Argument(metavar="RESPONSE", help="CSV with local_id, outcome (matched, not_matched, multiple, superseded, deceased), nhs_number, family_name, given_name, date_of_birth, date_of_death.")],
        out: Annotated[Path, typer.Option(help="Where each person's number and status are written.")],
        exceptions: Exceptions = None,
        people: Annotated[Path | None, typer.Option(help="The file of people that the trace was made from: coverage is of all of them then.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Read the response to a file: what agrees is verified, the rest waits for a person. One wrong row, and nothing is taken over."""
        known = statuses()
        check_writable([out, exceptions], [sent, response, *filter(None, [people])])
        asked = sent_of(sent.name, contents_of(sent), production=production())
        traced, doubts = returned(asked, response.name, contents_of(response), production=production())
        everybody = people_of(people.name, contents_of(people), known, production=production()).people if people else asked  # fmt: skip
        if strange := {each.local_id for each in asked} - {each.local_id for each in everybody}:
            raise Unusable(f"“{min(strange)}” of {sent} is not in {people}. Hand in the file of people that the trace was made from.")  # fmt: skip
        _write(
            out, ("local_id", "nhs_number", "status", "says", "outcome", "former_number", "date_of_death"),
            ((each.local_id, each.number, known.named(each.status).code, known.named(each.status).says, each.outcome, each.former, each.died) for each in traced),
        )  # fmt: skip
        write_exceptions(exceptions, doubts)
        covered = coverage(everybody, traced, known)
        outcomes = [each.outcome or "unanswered" for each in traced]
        answer = {"returned": len(traced) - outcomes.count("unanswered"), "by_outcome": {each: outcomes.count(each) for each in sorted(set(outcomes))}, "out": str(out), "exceptions": counted(doubts), "coverage": asdict(covered)}  # fmt: skip
        says = f"{covered.verified:,} of {covered.people:,} people have a verified number; {covered.without_number:,} have none. Each of the {len(traced):,} who were sent is in {out}."  # fmt: skip
        _say(answer, json, says, doubts, exceptions)


def contents_of(file: Path) -> bytes:
    """The bytes of a file. Unusable when it cannot be read, or is too large."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Unusable(f"{file} has more than {LARGEST_FILE:,} bytes. Hand in fewer rows at a time.")
        return file.read_bytes()
    except FileNotFoundError:
        raise Unusable(f"There is no file {file}. Check the name and the folder.") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}.") from None


def check_writable(outs: Iterable[Path | None], handed_in: Sequence[Path]) -> None:
    """Unusable where a file to write is one that was handed in, or stands twice, or in a folder that is not there."""
    named: set[Path] = {each.resolve() for each in handed_in}
    for file in filter(None, outs):
        if file.resolve() in named or not file.parent.is_dir():
            raise Unusable(f"{file} cannot be written: it is another file of this command, or its folder does not exist. Name another.")  # fmt: skip
        named.add(file.resolve())


def _write(file: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    file.write_text(write_csv(heading, rows), encoding="utf-8", newline="")


def write_exceptions(file: Path | None, doubts: Sequence[Doubt]) -> None:
    """Write what waits for a person, where a file is named for it."""
    if file:
        _write(file, ("local_id", "code", "says"), ((each.local_id, each.code, each.says) for each in doubts))


def counted(doubts: Sequence[Doubt]) -> dict[str, int]:
    """How many doubts there are of each kind."""
    codes = [each.code for each in doubts]
    return {each: codes.count(each) for each in sorted(set(codes))}


def _say(answer: dict[str, object], json: bool, says: str, doubts: Sequence[Doubt], file: Path | None) -> None:  # fmt: skip
    if json:
        sys.stdout.write(to_json(answer))
        return
    counts = "".join(f"  {number:>9,}  {code}\n" for code, number in counted(doubts).items())
    where = f"they are in {file}" if file else "name a file for them with --exceptions"
    waits = "1 thing waits" if len(doubts) == 1 else f"{len(doubts):,} things wait"
    sys.stdout.write(f"{says}\n{counts}{waits} for a person{f': {where}' if doubts else ''}.\n")
