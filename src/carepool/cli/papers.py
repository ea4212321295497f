"""The commands that make a plan's papers, check copies of it, and print the plan standard."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.papers import PaperOf, paper_of
from carepool.basics.periods import end_of_day, parse_date
from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, read_file, say
from carepool.cli.files import read_json
from carepool.plans.document import EVERY
from carepool.plans.redaction import REASONS, Verified, Withheld, verify
from carepool.plans.standard import plan_schema
from carepool.plans.withholding import reason_words
from carepool.render import answers, papers
from carepool.render.docx_narrative import docx_narrative
from carepool.render.docx_papers import docx
from carepool.render.narratives import read_headings, shipped_headings
from carepool.render.pdf import pdf

Plan = Annotated[str, typer.Argument(help="A plan's address, like carrowby.")]
Withhold = Annotated[
    list[str] | None,
    typer.Option("--withhold", help=f"SECTION:REASON, or for one field freed/2/provider:REASON (rows from 0), the reason one of {', '.join(REASONS)}. Repeat it for more."),
]  # fmt: skip
AsAt = Annotated[str, typer.Option("--as-at", help="As at the end of a day, like 2015-06-01.")]


def add_papers(group: typer.Typer, held: Callable[[], House]) -> None:
    """Add the commands to those of plans; ``held`` gives the house that answers from the database."""

    @group.command()
    def paper(
        plan: Plan,
        out: Annotated[Path, typer.Argument(help="Where to write: OUT.html, OUT.pdf, OUT.docx or OUT.json.")],
        since: Annotated[
            int | None, typer.Option(help="The number of the version to compare with.", min=1)
        ] = None,
        withhold: Withhold = None,
        as_at: AsAt = "",
    ) -> None:
        """Write the board's paper of a plan; as JSON, the plan's content with what is withheld, which verifies."""
        ending = out.suffix.lower()
        if ending not in _MAKERS:
            raise Unusable(f"{out} ends in none of {', '.join(_MAKERS)}. Choose one of them.")
        found = _paper(held(), plan, since, withhold or [], as_at)
        _write(out, _MAKERS[ending](found))

    @group.command()
    def narrative(
        plan: Plan,
        out: Annotated[Path, typer.Argument(help="Where to write: OUT.docx.")],
        headings: Annotated[
            Path | None, typer.Option(help="A YAML file of another template's headings.")
        ] = None,
        withhold: Withhold = None,
        as_at: AsAt = "",
    ) -> None:
        """Write the narrative part of a plan as DOCX under the template's headings."""
        says, wanted = read_headings(headings.name, read_file(headings)) if headings else shipped_headings()
        found = _paper(held(), plan, None, withhold or [], as_at)
        _write(out, docx_narrative(found, says, wanted))

    @group.command("verify")
    def verify_copy(
        file: Annotated[Path, typer.Argument(help="A whole or redacted copy of a plan, as JSON.")],
        digest: Annotated[str, typer.Option(help="The digest of the plan, from its page or its paper.")],
        json: Json = False,
    ) -> None:
        """Recompute a plan's digest from a copy, and say what was seen of it. Exit 1 when it is not that plan."""
        found = verify(read_json(file), digest, (MARK, f"{MARK}."))
        say(found.as_data() if json else _verified(found))
        if not found.matches:
            raise typer.Exit(1)

    @group.command()
    def schema() -> None:
        """Print the plan standard: the JSON Schema of a plan's file."""
        say(plan_schema())


_MAKERS: dict[str, Callable[[PaperOf], bytes]] = {
    ".html": lambda found: papers.html(papers.paper(found)).encode(),
    ".pdf": lambda found: pdf(papers.paper(found)),
    ".docx": lambda found: docx(papers.paper(found)),
    ".json": lambda found: answers.to_json(answers.marked(found.copy.as_data(), found.area.illustrative)).encode(),
}  # fmt: skip


def _paper(house: House, plan: str, since: int | None, withhold: list[str], as_at: str) -> PaperOf:
    held = reasons_of(withhold)
    day = parse_date(as_at) if as_at else None
    upto = house.journal.as_at(end_of_day(day)) if day else None
    return paper_of(house, plan, since=since, withheld=held, upto=upto, on=day)


def reasons_of(withhold: list[str]) -> dict[str, str]:
    """The reason of each section that is withheld. Unusable for one without."""
    held = {}
    for each in withhold:
        section, _, reason = each.partition(":")
        if not reason:
            raise Unusable(f"“{each}” gives no reason. Write it like freed:commercial.")
        held[section.strip()] = reason.strip()
    return held


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    say(f"Written: {path} ({len(content):,} bytes).\n")


def _verified(found: Verified) -> str:
    copy = found.copy
    lines = [
        "This is a copy of the plan with that digest."
        if found.matches
        else "This is not a copy of the plan with that digest.",
        f"Digest wanted:     {found.wanted}",
        f"Digest recomputed: {copy.digest}",
    ]
    if found.rewritten:
        lines.append(f"Changed since it was given out: {', '.join(found.rewritten)}.")
    lines.append(f"Seen: {', '.join(EVERY[each].title for each in copy.seen) or 'nothing'}.")
    lines += [
        f"Not seen, known by its digest alone: {EVERY[name].title} ({_meant(each)}), {each.digest}."
        for name, each in copy.withheld.items()
    ]
    if found.unproved:
        lines.append(f"What the digest does not prove: {', '.join(found.unproved)}.")
    return "\n".join(lines) + "\n"


def _meant(each: Withheld) -> str:
    """Why a section is not seen: for its own sake, or for that of some of its fields."""
    if each.fields:
        return ", ".join(
            f"for the sake of {where}: {reason_words(reason)}" for where, reason in each.fields.items()
        )
    return reason_words(each.reason)
