"""The command that fits laws to lengths of stay, whose answer can stand in a scenario of beds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.refusals import Unusable
from carepool.capacity.stays import Fitted, Fitter, Law, read_stays
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say


def add_stay(app: typer.Typer) -> None:
    """Add ``carepool stay``."""

    @app.command()
    def stay(
        file: Annotated[Path, typer.Argument(metavar="STAYS.csv", help="Column days or hours; and any of to_days or to_hours, count, censored (yes where a stay has not ended).")],
        law: Annotated[Law | None, typer.Option(help="Fit this law, instead of the best of all.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Fit lengths of stay by maximum likelihood: one stay a row or counts by length, some not ended yet; and how well it fits.

        `stay` of the answer is a scenario's stay. Or name the file in the scenario: `stay: {file: STAYS.csv}`.
        """
        from carepool.engines.fitting import fit

        found = fit(read_stays(file.name, read_file(file)), law)
        say(of_fitted(found) if json else _text(found))


def fitter(folder: Path) -> Fitter:
    """What fits a file of stays that is named in a scenario, from the folder that the scenario lies in."""

    def fitted(name: str, law: Law | None) -> Fitted:
        from carepool.engines.fitting import fit

        if "\0" in name:
            raise Unusable(
                "The file of stays has no name that a file can have. Name a CSV beside the scenario."
            )
        path = folder / name
        return fit(read_stays(path.name, read_file(path)), law)

    return fitted


def of_fitted(found: Fitted) -> Mapping[str, object]:
    """Every law fitted, the one that is used as a scenario has it, and what is said of it."""
    return {
        "file": found.stays.name, "stays": found.stays.number, "censored": found.stays.censored, "unit": found.stays.unit,
        "stay": {key: value if key == "distribution" else float(value) for key, value in found.stay.items()},
        "says": found.says, "gap": found.best.gap, "chance": found.chance, "test": found.test,
        "laws": [
            {"distribution": each.law, "mean_days": each.mean_days, "cv": each.cv, "log_likelihood": each.log_likelihood, "aic": each.aic, "gap": each.gap}
            for each in found.fits
        ],
        "findings": [each.as_data() for each in found.stays.findings],
    }  # fmt: skip


def _text(found: Fitted) -> str:
    rows = [
        (each.law, f"{each.mean_days:.4g}", f"{each.cv:.3g}", f"{each.gap * 100:.2g}", f"{each.aic:,.1f}")
        for each in found.fits
    ]
    keys = ", ".join(f"{key}: {value}" for key, value in found.stay.items())
    return (
        texts.findings(list(found.stays.findings))
        + f"{found.says}\n\n"
        + texts.table(
            ("Law", "Mean, days", "Spread / mean", "Furthest off, in 100", "AIC"), rows, (1, 2, 3, 4)
        )
        + f"\nIn a scenario:\nstay: {{{keys}}}\n"
    )
