"""The commands that keep a service from being lost: a backup in one file, and a restore to an instant."""

from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.periods import parse_as_at
from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, say
from carepool.wiring.config import Config
from carepool.wiring.operations import DATABASE, start_django


def add_backing_up(app: typer.Typer) -> None:
    """Add ``backup`` and ``restore``."""

    @app.command()
    def backup(
        file: Annotated[
            Path, typer.Argument(metavar="FILE.zip", help="The file to write; it must not exist.")
        ],
        json: Json = False,
    ) -> None:
        """Write the whole database into one file, while the service runs: facts, documents, drafts and accounts.

        Keys are not in it. Keep a copy of the home's secrets elsewhere, or second factors cannot be read again.
        """
        start_django(prepared=True)
        from carepool.wiring.backup import write_backup

        held = write_backup(file)
        data = {"file": str(file), "bytes": file.stat().st_size, "recorded": held.at, "checkpoint": held.checkpoint.as_data(), "rows": dict(held.rows)}  # fmt: skip
        text = f"{file} holds {held.checkpoint.size:,} facts, the last recorded {held.at}. Checkpoint: {held.checkpoint.root}\nKeep the secrets of the home apart from it.\n"
        say(data if json else text)

    @app.command()
    def restore(
        file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What “carepool backup” wrote.")],
        to: Annotated[str, typer.Option(help="The journal as it stood then, like 2015-06-30 or 2015-06-30T09:00; all of it without.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Restore a backup into an empty database. The log goes on with a fact that names the checkpoint it forks from.

        Accounts and drafts are those of the backup. Where the journal is cut, requests that were answered after the
        instant are forgotten with what they did.
        """
        moment = parse_as_at(to)[1] if to else None
        config = Config.from_environment()
        if not file.is_file():
            raise Unusable(f"There is no file {file}. Name what “carepool backup” wrote.")
        if not config.database and (config.home / DATABASE).exists():
            raise Unusable(f"{config.home} has a database already, and a restore replaces nothing. Move it away, or use another home.")  # fmt: skip
        start_django()
        from django.conf import settings

        from carepool.store.guard import check_database, migrate
        from carepool.wiring.backup import read_backup
        from carepool.wiring.backup import restore as restore_
        from carepool.wiring.house import now

        read_backup(file)  # what is damaged leaves no database behind
        settings.CONFIG.home.mkdir(parents=True, exist_ok=True)
        migrate("default")
        check_database("default")
        done = restore_(file, now(), to=moment)
        data = {
            "forks_from": done.kept.as_data(), "backed_up": done.backed_up.as_data(), "facts_cut": done.facts_cut,
            "requests_forgotten": done.requests_forgotten,
        }  # fmt: skip
        cut = f" {done.facts_cut:,} later ones are not in it." if done.facts_cut else ""
        say(
            data
            if json
            else f"{done.kept.size:,} facts are restored.{cut} The log goes on from {done.kept.root}.\n"
        )
