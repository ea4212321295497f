"""The command that links the records of two files."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.refusals import Unusable, unknown
from carepool.render.answers import to_json

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]
File = Annotated[Path, typer.Argument(help="CSV or Parquet with id and any of nhs_number, given_name, family_name, date_of_birth, sex, postcode.")]  # fmt: skip

ENGINES = ("duckdb", "spark")


def add_linking(app: typer.Typer, production: Callable[[], bool]) -> None:
    """Add ``carepool link``; ``production`` says whether numbers for demonstration and test count as none."""

    @app.command("link")
    def link_(
        left: File,
        right: File,
        out: Annotated[Path, typer.Option(help="Where the links are written: left_id,right_id,probability,rule.")],
        review: Annotated[Path | None, typer.Option(help="Where the pairs are written that a person must read.")] = None,
        map_: Annotated[str, typer.Option("--map", help="The columns that fields stand in, like id=rec_id,family_name=surname.")] = "",
        engine: Annotated[str, typer.Option(help="Where pairs are weighed: duckdb or spark, with the same links.")] = "duckdb",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Link the records of two files: the same NHS number and another demographic first, then weights learned from the rest.

        Nothing is joined that a person must read first: that goes to --review. Both files are left as they are.
        """
        from carepool.care.linkage.links import link_files
        from carepool.care.linkage.records import mapping_of

        if engine not in ENGINES:
            raise unknown("engine", engine, ENGINES, f"Name one of {', '.join(ENGINES)}.")
        for file in filter(None, (out, review)):
            if file.resolve() in {left.resolve(), right.resolve()} or not file.parent.is_dir():
                raise Unusable(f"{file} cannot be written: it is one of the files to link, or its folder does not exist. Name another.")  # fmt: skip
        linked = link_files(
            left,
            right,
            out,
            mapping_of(map_),
            review=review,
            production=production(),
            spark=engine == "spark",
        )
        links, doubtful = sum(linked.links.values()), sum(linked.review.values())
        if json:
            data = {"links": links, "by_rule": linked.links, "review": doubtful, "review_by_rule": linked.review, "out": str(out), "review_out": str(review) if review else None}  # fmt: skip
            weighing = asdict(linked.weighing) if linked.weighing else None
            sys.stdout.write(to_json({**data, "left": asdict(linked.left), "right": asdict(linked.right), "weighing": weighing}))  # fmt: skip
            return
        rules = "".join(f"  {number:>9,}  {rule}\n" for rule, number in linked.links.items())
        where = f"they are in {review}" if review else "name a file for them with --review"
        sys.stdout.write(f"{links:,} links are in {out}.\n{rules}{doubtful:,} pairs are for a person to read: {where}.\n")  # fmt: skip
