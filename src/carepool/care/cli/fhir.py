"""The commands of FHIR R4: a bundle judged entry by entry, and a plan's file written as a bundle."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from carepool.basics.refusals import Unusable, printable
from carepool.care.fhir.reading import LARGEST, Read, read_bundle
from carepool.care.fhir.writing import bundle_of
from carepool.care.people.nhs_number import held as judge
from carepool.care.planning.plan import PlanFile
from carepool.render.answers import to_json

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]


def add_fhir(app: typer.Typer, production: Callable[[], bool]) -> None:
    """Add ``carepool fhir``; ``production`` says whether NHS numbers of the range for demonstration and test are refused."""
    group = typer.Typer(help="A person's plan in and out as FHIR R4, in JSON.", no_args_is_help=True)
    app.add_typer(group, name="fhir")

    @group.callback()
    def fhir() -> None:
        """A person's plan in and out as FHIR R4, in JSON."""

    @group.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="A Bundle of Patient, CarePlan, CareTeam, Goal and Consent, or one of them.")],
        out: Annotated[Path | None, typer.Option(help="Where to write the plan's file, if all of it can be held and it has a plan.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Judge a FHIR R4 file entry by entry: what cannot be held is refused and named by its path. Nothing is stored by this."""
        if out is not None and out.exists():
            raise Unusable(f"{out} exists already. Name another file, or remove it.")
        found = read_bundle(_bytes(file), production=production())
        if out is not None:
            if found.file is None:
                raise Unusable("There is no plan that can be held whole, so none was written. “carepool fhir import FILE --json” says why.")  # fmt: skip
            out.write_text(found.file.model_dump_json(indent=2) + "\n", encoding="utf-8")
        sys.stdout.write(to_json(_answer(found)) if json else _said(found))
        if not found.held:
            raise typer.Exit(1)

    @group.command()
    def export(
        file: Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan's file: person, plan and team, as import writes it.")],
        out: Annotated[Path | None, typer.Option(help="Where to write the Bundle; otherwise it is printed.")] = None,
    ) -> None:  # fmt: skip
        """Write a plan's file as a FHIR R4 Bundle. Reading the Bundle again gives the same file."""
        if out is not None and out.exists():
            raise Unusable(f"{out} exists already. Name another file, or remove it.")
        try:
            held = PlanFile.model_validate_json(_bytes(file))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = "/".join(str(each) for each in first["loc"]) or "the whole"
            raise Unusable(f"{file} is no plan's file: {printable(where)}: {first['msg']}.") from None
        number = held.person.nhs_number
        if number is not None and (wrong := judge(number, production=production()).reason):
            raise Unusable(f"{file} cannot go out: of its NHS number, {wrong[0].lower()}{wrong[1:]}")
        text = to_json(bundle_of(held))
        if out is None:
            sys.stdout.write(text)
        else:
            out.write_text(text, encoding="utf-8")
            sys.stdout.write(f"The Bundle is in {out}.\n")


def _bytes(file: Path) -> bytes:
    """The bytes of a file. Unusable when it cannot be read, or is too large."""
    try:
        if file.stat().st_size > LARGEST:
            raise Unusable(f"{file} has more than {LARGEST:,} bytes. Hand in one plan at a time.")
        return file.read_bytes()
    except FileNotFoundError:
        raise Unusable(f"There is no file {file}. Check the name and the folder.") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}.") from None


def _answer(found: Read) -> dict[str, object]:
    entries = [each.as_data() for each in found.outcomes]
    held = sum(each.held for each in found.outcomes)
    return {
        "entries": entries,
        "held": held,
        "refused": len(entries) - held,
        "file": found.file.model_dump(mode="json") if found.file else None,
    }


def _said(found: Read) -> str:
    lines = []
    for each in found.outcomes:
        where = each.resource if each.entry is None else f"entry {each.entry}, {each.resource or 'nothing'}"
        lines.append(f"{where}: {'can be held' if each.held else 'refused'}")
        lines += [f"  {issue.expression}: {issue.diagnostics}" for issue in each.issues]
    return "\n".join(lines) + "\n"
