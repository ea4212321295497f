"""The command that hands a plan on to people who never sign in."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.dossiers import dossier_of
from carepool.actions.house import House
from carepool.basics.periods import parse_as_at
from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, say
from carepool.cli.papers import Plan, Withhold, reasons_of
from carepool.cli.plans import AsAt
from carepool.render.dossiers import dossier as made_of


def add_dossier(app: typer.Typer, held: Callable[[], House]) -> None:
    """Add ``carepool dossier``; ``held`` gives the house that answers from the database."""

    @app.command()
    def dossier(
        plan: Plan,
        out: Annotated[Path, typer.Argument(help="Where to write: OUT.zip.")],
        version: Annotated[
            int | None,
            typer.Option(help="The number of a version, told as it stood when the next was saved.", min=1),
        ] = None,
        withhold: Withhold = None,
        as_at: AsAt = "",
        uploads: Annotated[
            bool,
            typer.Option("--uploads/--without-uploads", help="Whether minutes and signed pages go along."),
        ] = True,
        json: Json = False,
    ) -> None:
        """Write one zip of a plan, its checks and its decisions, with a script that checks it without carepool."""
        if out.suffix.lower() != ".zip":
            raise Unusable(f"{out} does not end in .zip. Name the file like carrowby.zip.")
        found = dossier_of(
            held(), plan, version=version, withheld=reasons_of(withhold or []),
            as_at=parse_as_at(as_at) if as_at else None, uploads=uploads,
        )  # fmt: skip
        made, told = made_of(found), found.told
        out.write_bytes(made.content)
        data = {
            "plan": told.plan, "version": told.version, "digest": told.digest, "day": told.day,
            "checkpoint": told.checkpoint.as_data(), "manifest": made.manifest, "bytes": len(made.content),
        }  # fmt: skip
        text = (
            f"Written: {out} ({len(made.content):,} bytes), version {told.version} of {told.plan}.\n"
            f"Digest of the manifest: {made.manifest}\n"
            "Whoever receives it runs “python3 verify.py --head DIGEST” in it. Tell them the digest by another way.\n"
        )
        say(data if json else text)
