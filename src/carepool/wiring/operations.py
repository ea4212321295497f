"""The commands that need a database: prepare, serve, journal verify."""

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.findings import blocks
from carepool.basics.refusals import Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, say
from carepool.cli.files import read_json
from carepool.wiring.config import Config

DATABASE = "carepool.sqlite3"
LOADER = "carepool"
"""The account under which carepool itself loads what ships with it."""


def is_prepared() -> bool:
    """Whether there is a database to answer from."""
    config = Config.from_environment()
    return bool(config.database) or (config.home / DATABASE).is_file()


def start_django(*, prepared: bool = False) -> None:
    """Bring up Django with the fund's settings.

    Unusable when the environment sets what carepool does not know and, where the database should be
    ``prepared`` already, when the embedded one is not there: a question makes no files.
    """
    config = Config.from_environment()
    if prepared and not is_prepared():
        raise Unusable(f"There is no database in {config.home}. Run: carepool prepare.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carepool.wiring.settings_fund")
    import django

    django.setup()


def prepare_database() -> tuple[str, ...]:
    """Bring the database to this version's tables and guards, load England, and return the files newly loaded.

    An empty journal gets the illustrative county first, outside production: its facts bear instants of 2014
    and 2015, and what is recorded is in the order of time.
    """
    from django.conf import settings

    from carepool.actions.series import load_england
    from carepool.store.guard import check_database, migrate
    from carepool.store.journal import SqlJournal
    from carepool.wiring import disk
    from carepool.wiring.county import build_county
    from carepool.wiring.house import now

    settings.CONFIG.home.mkdir(parents=True, exist_ok=True)
    migrate("default")
    check_database("default")
    journal = SqlJournal()
    if not settings.CONFIG.production and journal.seal() == 0:
        build_county(journal)
    loaded = load_england(journal, disk.england_files(), by=LOADER, clock=now)
    journal.seal()  # else the first page asked as at a day would write, and a GET writes nothing
    return loaded


def refuse_real_plans() -> None:
    """Unusable when the database holds a plan of real boards, which a rebuilding would destroy."""
    from django.db import connections

    from carepool.actions.planning import all_plans, area_of
    from carepool.wiring.house import current_house

    house = current_house()
    real = [each.id for each in all_plans(house) if not area_of(house, each).illustrative]
    connections.close_all()
    if real:
        raise Unusable(
            f"This database holds plans of real boards ({', '.join(real)}), which rebuilding the county would destroy. "
            "Keep them, and use another home: CAREPOOL_HOME=elsewhere carepool demo."
        )


def add_operations(app: typer.Typer) -> None:
    """Add the commands."""
    journal = typer.Typer(help="Look after the journal.", no_args_is_help=True)
    app.add_typer(journal, name="journal")
    database = typer.Typer(help="Look after the database.", no_args_is_help=True)
    app.add_typer(database, name="database")

    @database.command()
    def grant(role: Annotated[str, typer.Argument(help="A role of PostgreSQL that may sign in.")]) -> None:
        """Let a PostgreSQL role serve, and do no more than that: it may add to the journal and never change it.

        Run as the owner of the tables, after “carepool prepare”.
        """
        start_django(prepared=True)
        from carepool.store.guard import grant_application

        grant_application("default", role)
        say(
            f"{role} may run “carepool serve”: read everything, add to the journal, and change nothing in it.\n"
        )

    @app.command()
    def prepare() -> None:
        """Make or renew the database and load England into it; safe to repeat."""
        start_django()
        loaded = prepare_database()
        say(f"The database is ready; {len(loaded)} files of England were newly loaded.\n")

    @app.command()
    def demo() -> None:
        """Rebuild the illustrative county, the same each time. What visitors did in it is gone."""
        config = Config.from_environment()
        if config.database or config.production:
            raise Unusable("The county is rebuilt only in the embedded database, outside production.")
        if (config.home / DATABASE).is_file():
            start_django(prepared=True)
            refuse_real_plans()
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (config.home / name).unlink(missing_ok=True)
        start_django()
        prepare_database()
        from carepool.wiring.county import demonstration_accounts

        say(f"The illustrative county is as it was at first.\n{demonstration_accounts()}")

    @app.command()
    def serve(
        port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
        host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
        workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 2,
        notices: Annotated[bool, typer.Option(help="Make and deliver notices beside.")] = True,
        care: Annotated[
            int, typer.Option(help="Serve the person wing beside, on this port; 0 for not.", min=0, max=65535)
        ] = 0,
    ) -> None:
        """Prepare the embedded database and serve the pages until stopped."""
        check_port(host, port)
        start_django()
        from django.conf import settings

        from carepool.engines.forecasting import get_ready
        from carepool.store.guard import check_guards
        from carepool.wiring.county import demonstration_accounts
        from carepool.wiring.house import current_house
        from carepool.wiring.serving import run
        from carepool.wiring.state import check_production

        if not settings.CONFIG.database:
            prepare_database()
        check_guards("default")
        check_production(settings.CONFIG)
        say(demonstration_accounts())

        def warm() -> None:
            current_house()
            if settings.CONFIG.production:  # who tries it out would rather have the first page sooner
                get_ready()

        run(host, port, workers, warm, notices=notices, care=care)

    @journal.command()
    def verify(
        checkpoint: Annotated[
            Path | None,
            typer.Option(
                help="A file with an earlier checkpoint, as --json printed it, that the log must still continue."
            ),
        ] = None,
        json: Json = False,
    ) -> None:
        """Check every chain, seal and document, and print a checkpoint. Exit 1 names the first bad entry."""
        start_django(prepared=True)
        from carepool.journal.verify import Checkpoint
        from carepool.journal.verify import verify as verify_journal
        from carepool.store.guard import check_guards
        from carepool.store.journal import SqlJournal
        from carepool.wiring.kinds import KINDS

        earlier = Checkpoint.from_data(read_checkpoint(checkpoint)) if checkpoint else None
        check_guards("default")
        result = verify_journal(SqlJournal(), checkpoint=earlier, kinds=KINDS)
        say(result.as_data() if json else texts.verification(result))
        if blocks(result.findings):
            raise typer.Exit(1)


def read_checkpoint(path: Path) -> dict[str, object]:
    """The checkpoint in a file that ``journal verify --json`` wrote: the whole answer, or its head alone."""
    data = read_json(path)
    head = data.get("head", data) if isinstance(data, dict) else None
    if not isinstance(head, dict):
        raise Unusable(f"{path} holds no checkpoint. Give the file that journal verify --json wrote.")
    return head


def check_port(host: str, port: int) -> None:
    """Unusable when nothing can listen there, before anything else is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unusable(
                f"{host}:{port} cannot be listened on ({error.strerror}). "
                "Stop what uses it, or choose another port: make run PORT=8080."
            ) from None
