"""The command that forecasts monthly series, or says how well its forecasts would have done."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.backtesting import Backtest, backtest
from carepool.actions.house import House
from carepool.basics.findings import Finding
from carepool.basics.refusals import Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.engines.forecasting import forecast
from carepool.measures.monthly import Expected, read_monthly

BACKTEST = "backtest"


def add_forecasts(app: typer.Typer, shipped: Callable[[], House]) -> None:
    """Add ``carepool forecast``; ``shipped`` gives the house that answers from the shipped files."""

    @app.command("forecast")
    def forecast_(
        file: Annotated[str, typer.Argument(metavar="FILE.csv|backtest", help="A file with the columns series,month,value; or the word backtest.")],
        horizon: Annotated[int, typer.Option(help="How many months after the last are forecast, 1 to 60.")] = 12,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Forecast the months after the last of each series, with 80% and 95% intervals; or with “backtest” hold forecasts against years that came.

        Exit 1 when a series was left out: a month missing, twice or hidden is not guessed.
        """
        if file == BACKTEST:
            found = backtest(shipped(), forecast)
            say(_backtest(found) if json else _backtest_text(found))
            return
        series, wrong = read_monthly(read_file(Path(file)), file)
        if not series and not wrong:
            raise Unusable(f"{file} holds no series. Add rows of series,month,value.")
        expected = forecast(series, horizon)
        say([_rounded(each) for each in expected] if json else _csv(expected))
        for each in wrong:
            typer.echo(_words(each), err=True)
        if wrong:
            raise typer.Exit(1)


def _words(finding: Finding) -> str:
    return f"{finding.says} {finding.remedy}"


def _rounded(expected: Expected) -> dict[str, object]:
    """To six significant digits: nobody knows a month to come better."""
    return {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in asdict(expected).items()}  # fmt: skip


def _csv(expected: Sequence[Expected]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, [each.name for each in fields(Expected)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_rounded, expected))
    return out.getvalue()


def _backtest(found: Backtest) -> dict[str, object]:
    return {
        "trials": [
            {
                "about": each.about, "from_month": each.from_month, "months": 12, "series": each.series,
                "forecasts": each.score.forecasts, "coverage_80": round(each.score.covered80, 4),
                "coverage_95": round(each.score.covered95, 4), "mean_absolute_error": round(each.score.error, 2),
                "seasonal_naive_error": round(each.score.naive, 2), "error_ratio": round(each.score.ratio, 4),
            }
            for each in found.trials
        ],
        "left_out": {about: list(boards) for about, boards in found.left_out.items()},
        "says": "Each year was forecast from the months before it alone. An error ratio below 1 is better than saying what was a year before.",
    }  # fmt: skip


def _backtest_text(found: Backtest) -> str:
    heading = ("About", "Year from", "Series", "80% held", "95% held", "Error", "Seasonal naive", "Ratio")
    rows = [
        (
            each.about, each.from_month, str(each.series), f"{each.score.covered80:.1%}", f"{each.score.covered95:.1%}",
            f"{each.score.error:,.1f}", f"{each.score.naive:,.1f}", f"{each.score.ratio:.3f}",
        )
        for each in found.trials
    ]  # fmt: skip
    left = [
        f"Left out of {about}, as their published returns are incomplete: {', '.join(boards)}.\n"
        for about, boards in found.left_out.items()
        if boards
    ]
    return texts.table(heading, rows, range(2, 8)) + "".join(left)
