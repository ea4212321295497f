"""A plan's dossier as one zip: the pages that people read, beside the files that a program checks."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from carepool.actions.dossiers import DossierOf
from carepool.basics.findings import Finding
from carepool.journal.facts import Fact
from carepool.publication.authority import OWN
from carepool.publication.dossier import Entry, Kept, Told, archive, entries, manifest_of
from carepool.render import papers
from carepool.render.pdf import pdf
from carepool.render.words import day

SCRIPT = "verify.py"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as it is handed on."""

    content: bytes
    """The zip."""
    manifest: str
    """The SHA-256 of its manifest, which names it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done about the plan, as a line of the page."""

    at: str
    what: str
    body: str
    by: str
    version: str
    document: str
    """The file of what was signed; empty where it is left out."""
    reasons: str


def dossier(found: DossierOf) -> Dossier:
    """The zip. Unusable when it would be too large, or the machine cannot make a PDF."""
    paper, told = papers.paper(found.paper), found.told
    made = (
        *entries(told),
        Entry(
            "plan/paper.html", papers.html(paper).encode(), "The paper of the plan for its board, as a page"
        ),
        Entry("plan/paper.pdf", pdf(paper), "The same as tagged PDF"),
        Entry(SCRIPT, script(), "The script that checks this dossier: python3 verify.py"),
    )
    readme = Entry("README.txt", _text("dossier_readme.jinja", told).encode(), "Where to begin")
    whole = (readme, *made)
    page = Entry("index.html", _page(found, whole).encode(), "The dossier to read, without a network")
    held = (readme, page, *made)
    return Dossier(archive(held), sha256(manifest_of(held)).hexdigest())


@lru_cache(maxsize=1)
def script() -> bytes:
    """The script that goes into every dossier. Here it is data: it runs where there is no carepool."""
    return files("carepool").joinpath("publication", "verify_dossier.py").read_bytes()


def _text(template: str, told: Told) -> str:
    from carepool.render.environment import standalone

    # Plain text: what is typed is written as it is.
    made = standalone().overlay(autoescape=False).get_template(f"render/{template}")
    return f"{made.render(told=told, day=day(told.day)).strip()}\n"


def _page(found: DossierOf, files_of: Iterable[Entry]) -> str:
    from carepool.render.environment import standalone

    told, numbers = found.told, _numbers(found.told)
    return (
        standalone()
        .get_template("render/dossier.jinja")
        .render(
            told=told,
            paper=found.paper,
            deeds=[_deed(found, fact, numbers) for fact in found.facts if fact.stream != f"plan/{told.plan}"],
            saved=[(each.body["plan"], number, each.at) for number, each in _versions(found)],
            offices=[_office(found, each.entry.fact) for each in told.offices],
            findings=_by_severity(found.paper.findings),
            unsaid=sum(found.paper.unsaid.values()),
            entries=list(files_of),
            hidden=[each for shown in told.streams.values() for each in shown if each.left_out],
        )
    )


def _versions(found: DossierOf) -> list[tuple[int, Fact]]:
    saved = [fact for fact in found.facts if fact.kind == "PlanVersionSaved"]
    return list(enumerate(saved, 1))


def _numbers(told: Told) -> dict[str, str]:
    """The number of each version by its digest, the latest of those that have the same."""
    saved = [
        each.entry.fact.body["plan"]
        for each in told.streams[f"plan/{told.plan}"]
        if each.entry.row.kind == "PlanVersionSaved"
    ]
    return {str(digest): str(number) for number, digest in enumerate(saved, 1)}


def _deed(found: DossierOf, fact: Fact, numbers: dict[str, str]) -> Deed:
    """A fact as people say it; who did it and why stand in what they signed."""
    kept = _signed(found.told, fact)
    said = json.loads(kept.document.content) if kept else {}
    name, office = said.get("name", ""), str(said.get("office", "")).lower()
    return Deed(
        f"{day(fact.at)}",
        _HUMP.sub(" ", fact.kind).capitalize(),
        found.names.get(fact.on_behalf_of or "", ""),
        ", ".join(each for each in (name, office) if each) or f"account {fact.by}",
        numbers.get(str(fact.body.get("plan")), ""),
        kept.path if kept else "",
        str(said.get("reasons") or said.get("words") or ""),
    )


def _signed(told: Told, fact: Fact) -> Kept | None:
    """The document of JSON that a fact was signed by, where it is in the dossier."""
    own = next((fact.body[name] for name in OWN if name in fact.body), None)
    return next((each for each in told.documents if each.document.digest == own), None)


def _office(found: DossierOf, fact: Fact) -> tuple[str, str, str, str, str]:
    """What, in which body, which office or for whom, from when to when."""
    body = fact.body
    office = str(body.get("office", "")).replace("_", " ")
    return (
        _HUMP.sub(" ", fact.kind).capitalize(),
        found.names.get(fact.stream.removeprefix("office/"), fact.stream),
        f"{office}, account {body['account']}"
        if "account" in body
        else f"by {office}, to account {body['to']}",
        str(body.get("first") or ""),
        str(body.get("last") or ""),
    )


def _by_severity(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    held: dict[str, list[Finding]] = {}
    for each in findings:
        held.setdefault(str(each.severity), []).append(each)
    return list(held.items())
