"""The commands of a pool's actuals: extracts of ledgers come in, suspense is cleared, forecasts stand beside actual."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.importing_ledgers import (
    clear_suspense_of,
    explain_variance_of,
    forecast_of_officer,
    import_of,
    look,
    reasons_in_words,
    saved_map,
    would_import,
)
from carepool.actions.pools import named
from carepool.basics.findings import blocks
from carepool.basics.money import Pence, pence_from_pounds
from carepool.basics.refusals import Refused, Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.cli.pools import Name, Year
from carepool.cli.workbooks import actor_called
from carepool.journal.commands import Done
from carepool.pool.books import Books
from carepool.pool.entering import last_of_month
from carepool.pool.importing import findings_of
from carepool.pool.maps import ReadMap, read_map
from carepool.pool.variances import last_known
from carepool.render import ledger_answers as answers
from carepool.workbooks.ledgers import grid_of, media_type_of

As = Annotated[str, typer.Option("--as", help="The account in whose name it is done.")]
Map = Annotated[str, typer.Option("--map", metavar="MAP", help="A map as YAML, or the name of one that the pool has kept.")]  # fmt: skip
Why = Annotated[str, typer.Option(help="The reasons, which are kept as a document.")]
Late = Annotated[bool, typer.Option("--late", help="A late adjustment, after March is closed.")]


def add_ledgers(group: typer.Typer, held: Callable[[], House]) -> None:
    """Add ``import``, ``suspense``, ``actuals`` and ``forecast`` to ``carepool pool``."""

    @group.command("import")
    def import_(
        extract: Annotated[Path, typer.Argument(metavar="EXTRACT", help="A ledger's extract: CSV or XLSX.")],
        mapping: Map,
        pool: Annotated[str, typer.Option("--pool", help="The pool; that named in the map without it.")] = "",
        year: Year = "",
        body: Annotated[str, typer.Option(help="Whose ledger it is, where that should be checked against the map.")] = "",
        period: Annotated[str, typer.Option(help="The month, like 2015-06; that of its lines without it.")] = "",
        control: Annotated[str, typer.Option(help="The control total in pounds, as the ledger shows it.")] = "",
        again: Annotated[bool, typer.Option("--again", help="It corrects a month that was imported: the difference is posted.")] = False,
        why: Why = "",
        late: Late = False,
        check: Annotated[bool, typer.Option("--check", help="Only say what it would come to.")] = False,
        handle: As = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Import a month of a body's ledger by a map, or with --check say what it would come to. Exit 1 when something blocks.

        What no rule of the map is for goes to suspense. A month comes in once; nothing is half written.
        """
        house = held()
        by, books = _mapped(house, mapping, pool, year)
        if body not in {"", by.map.body}:
            raise Unusable(
                f"The map is for {by.map.body}'s ledger, not for {body}'s. Use the map of that ledger."
            )
        content = read_file(extract)
        looked = look(books, by, grid_of(extract.name, content, by), period=period, control=_pounds(control))
        blocked = blocks(looked.findings)
        answer: object = None
        refused = ""
        if not blocked and not check:
            if not handle:
                raise Unusable("Who hands it in? Name the account: --as HANDLE; or only look: --check.")
            done = import_of(
                house,
                actor_called(handle),
                looked,
                content,
                media_type_of(content),
                again=again,
                why=why,
                late=late,
            )
            answer, refused = (None, done.says) if isinstance(done, Refused) else (done.answer, "")
        elif not blocked:
            would = would_import(house, looked, content, again=again, late=late)
            refused = would.says if isinstance(would, Refused) else ""
        data = answers.imported(looked.books, looked.extract, looked.findings, answer, refused)
        text = texts.findings(looked.findings) + answers.imported_text(
            looked.books, looked.extract, answer, refused
        )
        say(data if json else text)
        if blocked or refused:
            raise typer.Exit(1)

    @group.command()
    def suspense(
        pool: Name,
        mapping: Map = "",
        year: Year = "",
        why: Why = "",
        late: Late = False,
        handle: As = "",
        json: Json = False,
    ) -> None:
        """Show what is in suspense, or with --map clear what the map knows. Exit 1 when it is refused."""
        house = held()
        books = named(house, pool, year)
        if mapping:
            by, books = _mapped(house, mapping, pool, year)
            _must(clear_suspense_of(house, actor_called(_who(handle)), books, by, why, late=late))
            books = named(house, pool, year)
        say(
            answers.suspense(books)
            if json
            else answers.suspense_text(books) + texts.findings(findings_of(books))
        )

    @group.command()
    def actuals(
        pool: Name,
        year: Year = "",
        through: Annotated[
            str, typer.Option(help="Up to this month, like 2015-06; the last known without it.")
        ] = "",
        scheme: Annotated[str, typer.Option(help="A scheme whose variance is explained.")] = "",
        source: Annotated[str, typer.Option(help="The source that it is of.")] = "",
        why: Why = "",
        handle: As = "",
        json: Json = False,
    ) -> None:
        """Show actual beside budget to date and forecast, or with --scheme, --source and --why say why one is off."""
        house = held()
        books = named(house, pool, year)
        through = _month(through)
        if scheme or why:
            at = through or last_known(books)
            actor = actor_called(_who(handle))
            _must(explain_variance_of(house, actor, pool, books.year, scheme, source, at, why))
            books = named(house, pool, year)

        def words(digest: str) -> str:
            return reasons_in_words(house, digest)

        found = texts.findings(findings_of(books))
        say(
            answers.actuals(books, through, words)
            if json
            else answers.actuals_text(books, through, words) + found
        )

    @group.command()
    def forecast(
        pool: Name,
        scheme: Annotated[str, typer.Option(help="The scheme.")],
        source: Annotated[str, typer.Option(help="The source that pays for it.")],
        pence: Annotated[
            int | None, typer.Option(help="What the year will come to; the straight line without it.")
        ] = None,
        year: Year = "",
        handle: As = "",
        json: Json = False,
    ) -> None:
        """Enter what a scheme will have spent of a source by the end of the year. Exit 1 when it is refused."""
        house = held()
        books = named(house, pool, year)
        actor = actor_called(_who(handle))
        done = _must(forecast_of_officer(house, actor, pool, books.year, scheme, source, pence))
        say(done.answer if json else "Entered.\n")


def _mapped(house: House, mapping: str, pool: str, year: str) -> tuple[ReadMap, Books]:
    """A map from its file, or kept under its name; and the books of the pool. Unusable with everything that is wrong in it."""
    path = Path(mapping)
    if path.suffix not in {".yaml", ".yml"} and not path.exists():
        if not pool:
            raise Unusable("Which pool has kept the map? Name it: --pool POOL.")
        books = named(house, pool, year)
        return saved_map(house, books, mapping), books
    by, findings = read_map(path.name, read_file(path))
    if by is None:
        raise Unusable(" ".join(f"{each.says} {each.remedy}" for each in findings))
    if not pool and not by.map.pool:
        raise Unusable("Which pool is it for? Name it: --pool POOL, or pool: in the map.")
    return by, named(house, pool or by.map.pool, year)


def _who(handle: str) -> str:
    if not handle:
        raise Unusable("Who does it? Name the account: --as HANDLE.")
    return handle


def _must(done: Done | Refused) -> Done:
    if isinstance(done, Refused):
        say(f"{done.says}\n")
        raise typer.Exit(1)
    return done


def _pounds(text: str) -> Pence | None:
    if not text:
        return None
    try:
        return pence_from_pounds(Decimal(text.replace(",", "")))
    except (ValueError, InvalidOperation):
        raise Unusable(f"“{text}” is no amount of pounds. Write it like 1234.50.") from None


def _month(text: str) -> str:
    try:
        return f"{last_of_month(text):%Y-%m}" if text else ""
    except ValueError:
        raise Unusable(f"“{text}” is no month. Write it like 2015-06.") from None
