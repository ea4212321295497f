"""The commands of FHIR R4: a bundle judged entry by entry and held, and what is held, or a plan's file, written as a bundle."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from carepool.basics.refusals import Refused, Unusable, printable
from carepool.care.actions.finding import Wanted, find
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role
from carepool.care.actions.sending import Sent, send
from carepool.care.cli.whoever import As, named, role_called
from carepool.care.fhir.holding import Stored, hold
from carepool.care.fhir.reading import LARGEST, Read, read_bundle
from carepool.care.fhir.writing import bundle_of, bundle_of_person
from carepool.care.people.nhs_number import held as judge
from carepool.care.planning.plan import PlanFile
from carepool.care.sharing.log import PURPOSES
from carepool.render.answers import to_json

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]
WHOSE = "Name whose account asks with --as: every look at a person stands in their log."
FIRST = "The option --as says by whom it is held in the wing’s store; without it the file is only judged."


def add_fhir(app: typer.Typer, production: Callable[[], bool], wing: Callable[[], CareHouse]) -> None:
    """Add ``carepool fhir``; ``production`` says whether NHS numbers of the range for demonstration and test are refused.

    ``wing`` opens the wing's own database, for the account that is named.
    """
    group = typer.Typer(help="A person's plan in and out as FHIR R4, in JSON.", no_args_is_help=True)
    app.add_typer(group, name="fhir")

    @group.callback()
    def fhir() -> None:
        """A person's plan in and out as FHIR R4, in JSON."""

    @group.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="A Bundle of Patient, CarePlan, CareTeam, Goal and Consent, or one of them.")],
        by: As = "",
        out: Annotated[Path | None, typer.Option(help="Where to write the plan's file, if all of it can be held and it has a plan.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Judge a FHIR R4 file entry by entry, and hold it in the wing's store where an account is named.

        What cannot be held is refused and named by its path, and then nothing is held. The same file again changes nothing.
        """
        _fresh(out)
        found = read_bundle(_bytes(file), production=production())
        stored: Stored | None = None
        if by:
            house = wing()
            stored = hold(house, role_called(house, by), found)
            found = stored.read
        if out is not None:
            if found.file is None:
                raise Unusable("There is no plan that can be held whole, so none was written. “carepool fhir import FILE --json” says why.")  # fmt: skip
            out.write_text(found.file.model_dump_json(indent=2) + "\n", encoding="utf-8")
        sys.stdout.write(to_json(_answer(found, stored)) if json else _said(found, stored))
        if not found.held or (stored and not stored.held):
            raise typer.Exit(1)

    @group.command()
    def export(
        person: Annotated[str, typer.Argument(metavar="PERSON", help="The wing's reference of a person, their NHS number, or a plan's file as import writes it.")],
        by: As = "",
        purpose: Annotated[str, typer.Option(help=f"What for: {', '.join(PURPOSES)}.")] = "direct_care",
        born: Annotated[str, typer.Option(help="With an NHS number: the date of birth, year-month-day.")] = "",
        given: Annotated[str, typer.Option(help="With an NHS number: the given name.")] = "",
        family: Annotated[str, typer.Option(help="With an NHS number: the family name.")] = "",
        to: Annotated[str, typer.Option(help="The organisation that it is given to; it stands in the person's log.")] = "",
        out: Annotated[Path | None, typer.Option(help="Where to write the Bundle; otherwise it is printed.")] = None,
    ) -> None:  # fmt: skip
        """Write what is held of a person, or a plan's file, as a FHIR R4 Bundle. Reading the Bundle again gives the same."""
        _fresh(out)
        left_out: tuple[str, ...] = ()
        if Path(person).is_file() or person.lower().endswith(".json"):
            bundle = bundle_of(_file(Path(person), production()))
        else:
            bundle, left_out = _held(wing, by, person, Wanted(person, given, family, born), purpose, to)
        text = to_json(bundle)
        if out is None:
            sys.stdout.write(text)
        else:
            out.write_text(text, encoding="utf-8")
            sys.stdout.write(f"The Bundle is in {out}.\n")
        for each in left_out:
            sys.stderr.write(f"Not in it, because this purpose does not show it: {each}\n")


def _held(
    wing: Callable[[], CareHouse], by: str, person: str, wanted: Wanted, purpose: str, to: str
) -> tuple[dict[str, object], tuple[str, ...]]:
    """The Bundle of somebody in the wing's store, and what is left out of it. Unusable where it may not be seen."""
    if not by:
        raise Unusable(WHOSE)
    word = next((each for each in PURPOSES if each == purpose), None)
    if word is None:
        raise Unusable(f"“{printable(purpose)}” is no purpose. Purposes are {', '.join(PURPOSES)}.")
    house = wing()
    role = role_called(house, by)
    ref = _reference(house, role, person, wanted)
    sent = send(house, role, ref, word, named(house.people.team(ref)), to)
    if not isinstance(sent, Sent):
        raise Unusable(sent.says)
    if sent.person.nhs_number and (
        wrong := judge(sent.person.nhs_number, production=house.production).reason
    ):
        raise Unusable(f"This cannot go out: of the NHS number, {wrong[0].lower()}{wrong[1:]}")
    return bundle_of(sent.file) if sent.file else bundle_of_person(sent.person), sent.left_out


def _reference(house: CareHouse, role: Role, person: str, wanted: Wanted) -> str:
    """The wing's reference of whoever was named. Unusable where it is nobody, or one of several."""
    if not any(each.isdigit() for each in person[:1]):
        return person
    found = find(house, role.account, wanted)
    if isinstance(found, Refused):
        raise Unusable(found.says)
    if len(found) > 1:
        raise Unusable(f"{len(found)} records agree: {', '.join(each.person for each in found)}. Name one by its reference.")  # fmt: skip
    return found[0].person


def _fresh(out: Path | None) -> None:
    if out is not None and out.exists():
        raise Unusable(f"{out} exists already. Name another file, or remove it.")


def _file(file: Path, production: bool) -> PlanFile:
    try:
        held = PlanFile.model_validate_json(_bytes(file))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = "/".join(str(each) for each in first["loc"]) or "the whole"
        raise Unusable(f"{file} is no plan's file: {printable(where)}: {first['msg']}.") from None
    number = held.person.nhs_number
    if number is not None and (wrong := judge(number, production=production).reason):
        raise Unusable(f"{file} cannot go out: of its NHS number, {wrong[0].lower()}{wrong[1:]}")
    return held


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


def _answer(found: Read, stored: Stored | None) -> dict[str, object]:
    held = sum(each.held for each in found.outcomes)
    answer: dict[str, object] = {
        "entries": [
            each.as_data()
            if stored is None
            else each.as_data(stored.did(each), "held" if stored.held else "left out")
            for each in found.outcomes
        ],
        "held": held if stored is None or stored.held else 0,
        "refused": len(found.outcomes) - held,
        "file": found.file.model_dump(mode="json") if found.file else None,
    }
    if stored is not None:
        came = stored.received
        answer["stored"] = came and {"person": came.person, "did": came.did, "alike": list(came.alike)}
    return answer


def _said(found: Read, stored: Stored | None) -> str:
    lines = []
    for each in found.outcomes:
        where = each.resource if each.entry is None else f"entry {each.entry}, {each.resource or 'nothing'}"
        if not each.held:
            lines.append(f"{where}: refused")
            lines += [f"  {issue.expression}: {issue.diagnostics}" for issue in each.issues]
        elif stored is None:
            lines.append(f"{where}: can be held")
        else:
            lines.append(f"{where}: {stored.did(each)}")
    if stored is None:
        lines.append(FIRST)
    elif stored.received:
        lines.append(f"The person’s reference is {stored.received.person}.")
        lines += [f"{each} has the same name and date of birth: have the two looked at." for each in stored.received.alike]  # fmt: skip
    else:
        lines.append("Nothing was held.")
    return "\n".join(lines) + "\n"
