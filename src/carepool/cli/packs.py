"""The command that writes a board's pack, or every board's, taking up where it was stopped."""

import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.packing import Everything, gather, own_digest, pack_of
from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, say
from carepool.engines.forecasting import forecast_of_england, installed
from carepool.render.packs import ASKED, MANIFEST, Options, files, is_whole, made_from

WIDTH = 30
"""Signs in a whole bar of progress."""


def add_packs(app: typer.Typer, latest: Callable[[], House]) -> None:
    """Add ``carepool pack``; ``latest`` gives the house of the database where there is one, else of the shipped files."""

    @app.command()
    def pack(
        out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder; each board has its own in it.")],
        board: Annotated[str, typer.Argument(metavar="BOARD", help="A board's code, like E10000016.")] = "",
        all_: Annotated[bool, typer.Option("--all", help="Every board of England. What is whole already is left.")] = False,
        pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Whether a tagged PDF is made.")] = True,
        xlsx: Annotated[bool, typer.Option("--xlsx/--no-xlsx", help="Whether a workbook is made.")] = True,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Write a board's benchmarking pack: page, PDF, workbook, JSON, and a CSV for each chart."""
        if all_ == bool(board):
            raise Unusable("Name one board, like E10000016, or ask for --all of them.")
        house = latest()
        every = gather(house, forecast_of_england if installed() else None)
        codes = list(every.held.places.boards) if all_ else [house.areas.of_board(board).england.places.board(board).code]  # fmt: skip
        options = Options(pdf, xlsx)
        made, whole = _write(every, codes, out, options, bar=all_)
        data = {
            "out": str(out),
            "made": made,
            "whole_already": whole,
            "vintage": every.vintage,
            "rules": every.rules,
        }
        say(data if json else _told(out, made, whole))


def _write(
    every: Everything, codes: list[str], out: Path, options: Options, *, bar: bool
) -> tuple[list[str], list[str]]:
    """Write the packs that are not whole yet; gives those made, and those that were left."""
    made, whole = [], []
    by = f"carepool {version('carepool')}"
    for number, code in enumerate(codes, 1):
        folder = out / code
        wanted = made_from(
            code,
            every.vintage,
            every.rules,
            options,
            by,
            own_digest(every.house, code),
            forecasts=every.forecaster is not None,
        )
        if _is_whole(folder, wanted):
            whole.append(code)
        else:
            _keep(folder, files(pack_of(every, code), options, by))
            made.append(code)
        if bar:
            _progress(number, len(codes), code)
    return made, whole


def _is_whole(folder: Path, wanted: Mapping[str, object]) -> bool:
    def read(path: str) -> bytes | None:
        try:
            return (folder / path).read_bytes()
        except OSError:
            return None

    manifest = read(MANIFEST)
    return manifest is not None and is_whole(manifest, wanted, read)


def _keep(folder: Path, made: Mapping[str, bytes]) -> None:
    """Write a pack. Its manifest goes first and comes last, so that one that was cut short is never taken for whole."""
    for path in (MANIFEST, *(set(ASKED) - made.keys())):
        (folder / path).unlink(missing_ok=True)
    (folder / "csv").mkdir(parents=True, exist_ok=True)
    for path, content in made.items():
        (folder / path).write_bytes(content)


def _progress(number: int, of: int, code: str) -> None:
    """How far it has come, on one line where somebody looks on, else every tenth board."""
    done = WIDTH * number // of
    line = f"[{'#' * done}{'.' * (WIDTH - done)}] {number} of {of} ({code})"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}\033[K{chr(10) if number == of else ''}")
        sys.stderr.flush()
    elif number % 10 == 0 or number == of:
        sys.stderr.write(f"{line}\n")


def _told(out: Path, made: list[str], whole: list[str]) -> str:
    left = f" {len(whole)} were whole already." if whole else ""
    return f"Made {len(made)} {'pack' if len(made) == 1 else 'packs'} in {out}.{left}\n"
