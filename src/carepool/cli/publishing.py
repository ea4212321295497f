"""The commands of the open book: a plan's release is audited and published, and anybody checks one that they downloaded."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.publishing import Prepared, bundle_bytes, one_release, prepare, publish, shown
from carepool.actions.waiving import every_waiver, grant_waiver
from carepool.basics.periods import parse_date
from carepool.basics.refusals import Refused, Unusable, printable
from carepool.cli.commands import Json, read_file, say
from carepool.cli.files import json_in
from carepool.cli.papers import Plan, Withhold, reasons_of
from carepool.cli.workbooks import actor_called
from carepool.publication.bundle import Checked, check_bundle

INSIDE = "release.json"
"""The file of a zip that is the release."""
LARGEST = 20_000_000


def add_publishing(app: typer.Typer, held: Callable[[], House]) -> None:
    """Add ``carepool publish`` and ``carepool verify``; ``held`` gives the house that answers from the database."""

    @app.command("publish")
    def publish_plan(
        plan: Plan,
        correct: Annotated[
            int | None, typer.Option(help="The number of the release that this one puts right.", min=1)
        ] = None,
        says: Annotated[str, typer.Option(help="What a correction puts right, in words.")] = "",
        withhold: Withhold = None,
        handle: Annotated[
            str, typer.Option("--as", help="The account that publishes; without it the audit is shown.")
        ] = "",
        audit: Annotated[
            str, typer.Option(help="The digest of the audit that they were shown.")
        ] = "",
        out: Annotated[Path | None, typer.Option(help="Where to write the release's file as well.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Show the audit of a plan's release; with --as and --audit, publish it. Exit 1 when it is blocked or refused."""
        house = held()
        found = prepare(house, plan, withheld=reasons_of(withhold or []), correct=correct, says=says)
        if not handle:
            say(shown(found) if json else _shown(found))
            if shown(found)["blocked"]:
                raise typer.Exit(1)
            return
        done = publish(house, actor_called(handle), found, audit)
        if isinstance(done, Refused):
            say({"refused": done.says} if json else f"{done.says}\n")
            raise typer.Exit(1)
        number = int(str(found.content["number"]))
        if out:
            out.write_bytes(bundle_bytes(house, one_release(house, plan, number)))
        name = str(found.content["release"])
        data = {"release": name, "digest": done.answer, "checkpoint": found.checkpoint.as_data()}
        say(data if json else f"Published: release {name}.\nIts digest: {done.answer}\n")

    _add_waivers(app, held)

    @app.command("verify")
    def verify_release(
        file: Annotated[Path, typer.Argument(help="A release as downloaded: JSON, or a zip that holds it.")],
        earlier: Annotated[
            Path | None, typer.Argument(help="An earlier release, whose log this one must go on from.")
        ] = None,
        digest: Annotated[str, typer.Option(help="The digest of the release, as you were told it.")] = "",
        json: Json = False,
    ) -> None:
        """Check that a release is the plan that its parties signed, and that no history was cut. Exit 1 when it is not."""
        found = check_bundle(_release_in(file), _release_in(earlier) if earlier else None, digest)
        say(found.as_data() if json else _checked(found, told=bool(earlier or digest)))
        if not found.verifies:
            raise typer.Exit(1)


def _add_waivers(app: typer.Typer, held: Callable[[], House]) -> None:
    group = typer.Typer(help="Exceptions from the rules, which are public.", no_args_is_help=True)
    app.add_typer(group, name="exception")

    @group.command("list")
    def list_all(json: Json = False) -> None:
        """Every exception, the latest first: of which rule, for whom, why, by whom and until when."""
        found = every_waiver(held())
        lines = [f"{each.waiver.number}. {each.waiver.rule} for {each.body}, until {each.waiver.until}: {each.reason} ({each.granter})\n" for each in found]  # fmt: skip
        say({"exceptions": [each.as_data() for each in found]} if json else "".join(lines) or "None has been granted.\n")  # fmt: skip

    @group.command("grant")
    def grant(
        rule: Annotated[str, typer.Argument(help="The set and file of the rule, like decision-making/procedure.")],
        body: Annotated[str, typer.Argument(help="Whom it is for, like council:ZZ6.")],
        reason: Annotated[str, typer.Option(help="Why; everybody reads it.")],
        until: Annotated[str, typer.Option(help="Its last day, like 2016-05-05.")],
        handle: Annotated[str, typer.Option("--as", help="The account that grants it.")],
        rules: Annotated[str, typer.Option(help="The set of rules that says who grants exceptions.")] = RULES,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Grant an exception from a rule. Exit 1 when it is refused."""
        done = grant_waiver(held(), actor_called(handle), rules, rule, body, reason, parse_date(until))
        if isinstance(done, Refused):
            say({"refused": done.says} if json else f"{done.says}\n")
            raise typer.Exit(1)
        say({"exception": done.answer} if json else f"Granted: exception {done.answer}. It is public.\n")


def _release_in(path: Path) -> object:
    content = read_file(path)
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if archive.getinfo(INSIDE).file_size > LARGEST:
                    raise Unusable(f"{path} holds a {INSIDE} that is far too large to be a release.")
                content = archive.read(INSIDE)
        except (KeyError, zipfile.BadZipFile):
            raise Unusable(f"{path} holds no {INSIDE}. Give the file as it was downloaded.") from None
    return json_in(path, content)


def _shown(found: Prepared) -> str:
    lines = [f"Version {found.version.number} of {found.plan}, as it would be published on {found.day}:"]
    lines += [f"  {each.path}: {each.what}" for each in found.documents]
    lines += [f"{str(each.severity).capitalize()}: {each.says} {each.remedy}" for each in found.findings]
    lines += ["The audit finds nothing."] if not found.findings else []
    return "\n".join(
        [*lines, f"To publish it: carepool publish {found.plan} --as HANDLE --audit {found.audit_digest}", ""]
    )


def _checked(found: Checked, *, told: bool) -> str:
    if not found.verifies:
        wrong = found.findings[0]
        return f"This release does NOT verify. {printable(wrong.where)}: {printable(wrong.says)} {wrong.remedy}\n"
    lines = [f"Release {printable(found.release)} verifies: it is the plan that was signed by"]
    lines += [f"  {printable(each)}" for each in found.signed]
    lines += (
        [f"Withheld, and shown by digest: {printable(', '.join(found.withheld))}"] if found.withheld else []
    )
    if found.extends is not None:
        lines.append(
            f"Its log of {found.size} entries begins with the {found.extends} of the earlier release."
        )
    if not told:
        lines.append("It is held against nothing outside: whoever remakes the whole file can invent all of it. Give an earlier release, or --digest.")  # fmt: skip
    return "\n".join([*lines, f"Its digest: {found.digest}", ""])
