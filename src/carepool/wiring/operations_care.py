"""The commands of the person wing's service: care prepare, serve, take-in, account and verify."""

import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Annotated

import typer

from carepool.basics.findings import blocks
from carepool.basics.refusals import Unusable
from carepool.care.cli.taking_in import add_taking_in
from carepool.cli.commands import Json, say
from carepool.wiring.config_care import care_config
from carepool.wiring.operations import DATABASE, check_port
from carepool.wiring.people_care import add_people_care

if TYPE_CHECKING:
    from carepool.care.actions.house import CareHouse


def start_care(*, prepared: bool = False) -> None:
    """Bring up Django with the wing's settings, whatever else the environment names: never with the fund's.

    Unusable, where the database should be ``prepared`` already, when the embedded one is not there.
    """
    config = care_config()
    if prepared and not (config.database or (config.home / DATABASE).is_file()):
        raise Unusable(f"There is no database in {config.home}. Run: carepool care prepare.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "carepool.wiring.settings_care"
    import django

    django.setup()


def prepare_care() -> "CareHouse":
    """Bring the wing's database to this version's tables and guards, with the demonstration in an empty one outside production.

    What was erased is erased again first: a database that was put back from a backup may hold it still. In production,
    Unusable where anybody in it is invented.
    """
    from django.conf import settings

    from carepool.care.actions.erasing import settle
    from carepool.care.store.people import SqlPeople
    from carepool.store.guard import check_database, migrate
    from carepool.wiring.demonstration_care import build_people
    from carepool.wiring.house_care import current_wing

    settings.CONFIG.home.mkdir(parents=True, exist_ok=True)
    settings.CONFIG.home.chmod(0o700)
    migrate("default")
    check_database("default")
    house = current_wing()
    people = SqlPeople()
    if settings.CONFIG.production and people.invented():
        raise Unusable(
            "This database holds invented people of the demonstration, whom production refuses. Use one that never held any."
        )
    settle(house)
    if not settings.CONFIG.production and not people.count() and not house.vault.destroyed():
        build_people(house, people)
    house.journal.seal()
    return house


def end_with(parent: int) -> None:
    """End this process when the one that started it is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def add_care(app: typer.Typer) -> typer.Typer:
    """Add ``carepool care``, and answer with it, so that others add their commands."""
    care = typer.Typer(
        help="The person wing: a service of its own, with its own database, keys and accounts.",
        no_args_is_help=True,
    )
    app.add_typer(care, name="care")

    @care.command("prepare")
    def prepare() -> None:
        """Make or renew the wing's database and its keys; safe to repeat."""
        start_care()
        house = prepare_care()
        count = house.people.count()
        say(f"The wing’s database is ready; it holds {count:,} {'person' if count == 1 else 'people'}.\n")

    @care.command("serve")
    def serve(
        port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8001,
        host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
        workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
        beside: Annotated[int, typer.Option(help="End when this process, which started it, is gone.", hidden=True)] = 0,
    ) -> None:  # fmt: skip
        """Prepare the wing's database where it is embedded, and serve its pages until stopped."""
        check_port(host, port)
        start_care()
        from carepool.store.guard import check_guards
        from carepool.wiring.demonstration_care import accounts_in_words
        from carepool.wiring.house_care import current_wing
        from carepool.wiring.serving import run

        prepare_care()
        check_guards("default")
        say(accounts_in_words())
        if beside:
            end_with(beside)
        run(host, port, workers, current_wing, what="carepool care", public=False)

    def wing() -> "CareHouse":
        start_care(prepared=True)
        from carepool.wiring.house_care import current_wing

        return current_wing()

    add_taking_in(care, wing)
    add_people_care(care, wing)

    @care.command("verify")
    def verify(json: Json = False) -> None:
        """Check every chain and seal of the wing's journal, without any key. Exit 1 names the first bad entry."""
        start_care(prepared=True)
        from carepool.care.actions.recording import KINDS
        from carepool.cli import texts
        from carepool.journal import epochs
        from carepool.journal.folding import Kinds
        from carepool.journal.verify import verify as verify_journal
        from carepool.store.guard import check_guards
        from carepool.store.journal import SqlJournal

        check_guards("default")
        result = verify_journal(SqlJournal(), kinds=Kinds([*KINDS, *epochs.KINDS]))
        say(result.as_data() if json else texts.verification(result))
        if blocks(result.findings):
            raise typer.Exit(1)

    return care
