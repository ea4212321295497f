"""The open book: what releases say of money, schemes, metrics and decisions, row by row, and nothing else."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carepool.actions.house import House
from carepool.actions.publishing import every_release
from carepool.journal.documents import Document
from carepool.places.bodies import BodyKind, body_id
from carepool.publication.releases import Release

Row = dict[str, Any]
"""A line of the open book, its names those of the columns that are given out."""


@dataclass(frozen=True, slots=True)
class Book:
    """A release, and the documents that it publishes."""

    release: Release
    about: Mapping[str, Any]
    """The document that lists what is published."""
    documents: Mapping[str, Mapping[str, Any]]
    """By path."""

    @property
    def boards(self) -> tuple[str, ...]:
        """The boards of its plan; none where that section is withheld."""
        return tuple(self.documents["plan.json"].get("parties", {}).get("boards", ()))

    def row(self, **more: object) -> Row:
        """A line that says first of which release it is, and at the end that it is illustrative, where it is."""
        return {"release": self.release.name, **more, "mark": str(self.about.get("mark", ""))}


def books(house: House) -> tuple[Book, ...]:
    """Every release with its documents, the latest first; one whose document was withdrawn is left out, as its page says so."""
    releases = every_release(house)
    lists = house.journal.kept(each.digest for each in releases)
    about = {each: json.loads(held.content) for each, held in lists.items() if isinstance(held, Document)}
    wanted = {each["digest"] for one in about.values() for each in one["documents"]}
    kept = house.journal.kept(wanted)
    content = {each: json.loads(held.content) for each, held in kept.items() if isinstance(held, Document)}
    return tuple(
        Book(each, about[each.digest], {one["path"]: content[one["digest"]] for one in about[each.digest]["documents"]})
        for each in releases
        if each.digest in about and all(one["digest"] in content for one in about[each.digest]["documents"])
    )  # fmt: skip


def standing(found: Iterable[Book]) -> tuple[Book, ...]:
    """Of each plan the release that was published last: what is right now."""
    last: dict[str, Book] = {}
    for each in found:
        last.setdefault(each.release.plan, each)
    return tuple(last.values())


def published_of(house: House, boards: Collection[str]) -> tuple[tuple[str, Release], ...]:
    """The last release of each plan that one of these boards agreed to, with the plan's title, from the lists of releases alone."""
    last: dict[str, Release] = {}
    for each in every_release(house):
        last.setdefault(each.plan, each)
    bodies = {body_id(BodyKind.BOARD, each) for each in boards}
    found = []
    for digest, held in house.journal.kept(each.digest for each in last.values()).items():
        about = json.loads(held.content) if isinstance(held, Document) else {"parties": ()}
        if bodies & {each["body"] for each in about["parties"]}:
            found.append((str(about["title"]), next(each for each in last.values() if each.digest == digest)))
    return tuple(found)


def releases_in(found: Iterable[Book]) -> Iterator[Row]:
    """A row a release."""
    for each in found:
        corrects = each.about["corrects"]
        yield each.row(
            title=each.about["title"], published_on=each.release.on.isoformat(), digest=each.release.digest, plan_digest=each.release.of,
            rules=each.about["rules"]["name"], boards=" ".join(each.boards), by=each.about["by"]["body"],
            log_size=each.release.checkpoint.size, log_root=each.release.checkpoint.root,
            corrects=corrects["release"] if corrects else None, says=corrects["says"] if corrects else "",
        )  # fmt: skip


def schemes_in(found: Iterable[Book]) -> Iterator[Row]:
    """A row a scheme: what it is, and what was promised to it and spent on it by then."""
    for each in found:
        money = each.documents["money.json"]
        for scheme in money.get("schemes", ()):
            yield each.row(
                plan=each.about["title"], scheme=scheme["id"], name=scheme["name"], what=scheme["what"], who_for=scheme["who_for"],
                year=money["year"], promised_pence=scheme["promised_pence"], spent_pence=scheme["spent_pence"],
            )  # fmt: skip


def money_in(found: Iterable[Book]) -> Iterator[Row]:
    """A row a release: promised, spent on schemes, depending on results, earned by them and released by then, in pence."""
    for each in found:
        money = each.documents["money.json"]
        spent = [one["spent_pence"] for one in money.get("schemes", ()) if one["spent_pence"] is not None]
        results = money.get("results") or {}
        yield each.row(
            plan=each.about["title"], boards=" ".join(each.boards), year=money["year"], promised_pence=money.get("promised_pence"),
            spent_pence=sum(spent) if spent else None, depends_on_results_pence=results.get("fund_pence"),
            earned_pence=results.get("earned_pence"), released_pence=results.get("released_pence"), left_out=" ".join(money["left_out"]),
        )  # fmt: skip


def results_in(found: Iterable[Book]) -> Iterator[Row]:
    """A row a quarter: fewer admissions promised and achieved, added up, and what they earned."""
    for each in found:
        for one in (each.documents["money.json"].get("results") or {}).get("quarters", ()):
            yield each.row(
                plan=each.about["title"], quarter=one["quarter"], fewer_planned=_number(one["fewer_planned"]),
                fewer_achieved=_number(one["fewer_achieved"]), earned_pence=one["earned_pence"],
            )  # fmt: skip


def metrics_in(found: Iterable[Book]) -> Iterator[Row]:
    """A row a metric: from which baseline to which target."""
    for each in found:
        for one in each.documents["plan.json"].get("metrics", {}).get("metrics", ()):
            yield each.row(
                plan=each.about["title"], boards=" ".join(each.boards), metric=one["metric"], baseline=one.get("baseline", ""),
                year_1=one.get("year_1", ""), year_2=one.get("year_2", ""), how=one.get("how", ""),
            )  # fmt: skip


def decisions_in(found: Iterable[Book]) -> Iterator[Row]:
    """A row a body: who agreed, and who approved and signed off."""
    for each in found:
        for one in each.about["parties"]:
            yield each.row(body=one["body"], name=one["name"], decision="agreed", at=one["at"])
        for one in each.about["stages"]:
            yield each.row(body=one["body"], name=one["name"], decision=one["stage"], at=one["at"])


def withheld_in(found: Iterable[Book]) -> Iterator[Row]:
    """A row a section or field that is withheld, with the reason."""
    for each in found:
        for one in each.about["withheld"]:
            yield each.row(place=one["where"], section=one["section"], reason=one["reason"], says=one["says"], section_digest=one["digest"])  # fmt: skip


def counts_in(found: Iterable[Book]) -> Iterator[Row]:
    """A row a count of people, as the rules of disclosure let it be seen."""
    for each in found:
        for one in each.documents.get("people.json", {}).get("counts", ()):
            yield each.row(
                measure=one["measure"], board=one["board"], period=one["period"],
                **{name: _number(one[name]["value"]) for name in ("part", "rest", "whole")},
                **{f"{name}_status": one[name]["status"] for name in ("part", "rest", "whole")},
            )  # fmt: skip


def _number(written: str | None) -> Decimal | None:
    """A number as a release has it, which is a text."""
    return None if written is None else Decimal(written)
