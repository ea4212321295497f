"""The commands of patient-level activity: a synthetic England, and monthly cells of counts."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.refusals import Unusable, unknown
from carepool.render.answers import to_json
from carepool.rules.schema import Suppression

Engine = Annotated[str, typer.Option(help="duckdb, or spark where it is installed with Java.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds episodes/MONTH.parquet, and delays/ and reablement/ where they are kept.")]  # fmt: skip
Totals = Mapping[tuple[str, str], int]
LARGEST_SEED = 2**31


def add_activity(
    app: typer.Typer, published: Callable[[], Totals], suppressions: Callable[[], Mapping[str, Suppression]]
) -> None:
    """Add ``carepool activity``; ``published`` gives the admissions of each board and month, ``suppressions`` the rules for small numbers."""
    group = typer.Typer(help="Count patient-level activity. Only counts come out.", no_args_is_help=True)
    app.add_typer(group, name="activity")

    @group.callback()
    def activity() -> None:
        """Count patient-level activity. Only counts come out."""

    @group.command()
    def generate(
        out: Annotated[Path, typer.Option(help="The folder to write; it must not exist.")],
        seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED)] = 1,
        months: Annotated[int, typer.Option(min=1, max=36, help="How many of the months held, the last ones.")] = 36,
        boards: Annotated[int, typer.Option(min=1, max=150, help="How many boards, in the order of their codes.")] = 150,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Write a synthetic England: people who do not exist, and in each board and month as many first episodes as were published."""
        if out.exists():
            raise Unusable(f"{out} exists already. Name another folder, or remove it.")
        from carepool.care.activity.generator import generate as generate_

        totals = published()
        kept_boards = sorted({board for board, _ in totals})[:boards]
        kept_months = sorted({month for _, month in totals})[-months:]
        chosen = {
            (board, month): totals[board, month] for board in kept_boards for month in kept_months
        }  # fmt: skip
        written = generate_(out, chosen, seed)
        data = {"folder": str(out), "seed": seed, "months": kept_months, "boards": len(kept_boards), "first_episodes": sum(chosen.values()), "episodes": written}  # fmt: skip
        _say(data if json else f"{written:,} episodes of nobody in {len(kept_months)} months are in {out}.\n")

    @group.command()
    def cells(
        folder: Folder,
        out: Annotated[Path, typer.Option(help="Where a file of counts a month is written.")],
        month: Annotated[str, typer.Option(help="A month that has come or been corrected: it and the month before it are written.")] = "",
        engine: Engine = "duckdb",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Write the cells of all months, or of one and the month before it: counts by metric, board, month, age band and sex.

        Cells are small numbers: they stay in the wing, and leave it by the rules for small numbers alone.
        """
        from carepool.care.activity.engine import connect

        connection = connect(engine)
        from carepool.care.activity.cells import build, refresh

        written = refresh(connection, folder, out, month) if month else build(connection, folder, out)
        _say({"months": list(written), "folder": str(out)} if json else f"{len(written)} months of counts are in {out}.\n")  # fmt: skip

    @group.command()
    def counts(
        folder: Annotated[Path, typer.Argument(metavar="CELLS", help="The folder that “carepool activity cells” wrote.")],
        metric: Annotated[str, typer.Option(help="What was counted, like non_elective_admissions.")],
        out: Annotated[Path, typer.Option(help="The file to write: board,month,numerator,status and of a share its denominator.")],
        data: Annotated[str, typer.Option(help="The kind of data, whose rule for small numbers is kept.")] = "hospital_episodes",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Write what may leave the wing: counts by board and month, small ones hidden, and with them what would give them away."""
        from carepool.care.activity.leaving import leaving

        rules = suppressions()
        if data not in rules:
            raise unknown("kind of data", data, rules, f"Kinds are {', '.join(rules)}.")
        if out.exists():
            raise Unusable(f"{out} exists already. Name another file, or remove it.")
        text, shown, hidden = leaving(folder, metric, rules[data])
        out.write_text(text, encoding="utf-8")
        answer = {"file": str(out), "metric": metric, "rule": data, "shown": shown, "hidden": hidden}
        _say(answer if json else f"{shown:,} counts are in {out}, and {hidden:,} are hidden there.\n")


def _say(data: object) -> None:
    sys.stdout.write(data if isinstance(data, str) else to_json(data))
