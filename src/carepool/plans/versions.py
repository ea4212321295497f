"""Versions of a plan: saved on purpose, each a document under its digest, and compared field by field."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from carepool.basics.canonical import Digest, canonical
from carepool.basics.refusals import Unusable
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.plans.document import Plan, as_data, filled, plan_digest, read_plan, section_digests

KINDS = Kinds(
    [
        Kind("PlanStarted", 1),
        Kind("PlanVersionSaved", 1, cites=("document",)),
        Kind("PlanCarried", 1, cites=("report",)),
    ]
)
DOCUMENT_KIND = "plan"


@dataclass(frozen=True, slots=True)
class Version:
    """One saved version."""

    number: int
    """From 1, as people count them."""
    digest: Digest
    """Of the plan, a tree over its sections: what a decision names."""
    document: Digest
    """Under which its bytes are kept."""
    sections: Mapping[str, Digest]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanHistory:
    """What is known of a plan: who started it, for which boards, under which rules, and its versions."""

    id: str
    rules: str
    boards: tuple[str, ...]
    title: str
    started_by: str
    started_at: datetime
    versions: tuple[Version, ...] = ()
    carried_from: str = ""
    """The plan under earlier rules whose answers it began with."""
    report: Digest | None = None
    """What became of each of those answers."""

    @property
    def current(self) -> Version | None:
        """The latest version, or None before the first."""
        return self.versions[-1] if self.versions else None

    def with_digest(self, digest: str) -> Version | None:
        """The latest version of that digest."""
        return next((each for each in reversed(self.versions) if each.digest == digest), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions; a side is None where the thing is not there."""

    where: str
    before: object
    after: object


def stream_of(plan: str) -> str:
    """The stream of a plan."""
    return f"plan/{plan}"


def history(facts: Iterable[Fact]) -> PlanHistory | None:
    """The plan that the facts of its stream come to; None when it was not started."""

    def apply(held: PlanHistory | None, fact: Fact) -> PlanHistory | None:
        body = fact.body
        if fact.kind == "PlanStarted":
            boards = body["boards"]
            assert isinstance(boards, list)  # noqa: S101 (written so by start)
            return PlanHistory(
                fact.stream.removeprefix("plan/"),
                str(body["rules"]),
                tuple(str(each) for each in boards),
                str(body["title"]),
                fact.by,
                fact.at,
            )
        assert held is not None  # noqa: S101 (a version is saved only of a plan that was started)
        if fact.kind == "PlanCarried":
            return replace(held, carried_from=str(body["from"]), report=Digest(str(body["report"])))
        sections = body["sections"]
        assert isinstance(sections, Mapping)  # noqa: S101 (written so by save)
        version = Version(
            len(held.versions) + 1,
            Digest(str(body["plan"])),
            Digest(str(body["document"])),
            {str(name): Digest(str(digest)) for name, digest in sections.items()},
            fact.by,
            fact.at,
        )
        return replace(held, versions=(*held.versions, version))

    none: PlanHistory | None = None
    return fold(facts, none, apply, KINDS)


def start(plan: str, rules: str, boards: Iterable[str], title: str) -> NewFact:
    """The fact that a plan is started."""
    return NewFact(
        stream_of(plan), "PlanStarted", 1, {"rules": rules, "boards": list(boards), "title": title}
    )


def carry(plan: str, earlier: str, version: Digest, report: Digest) -> NewFact:
    """The fact that a plan began with the answers of a version of an earlier one."""
    body = {"from": earlier, "version": version, "report": report}
    return NewFact(stream_of(plan), "PlanCarried", 1, body)


def document_of(plan: Plan) -> Document:
    """The plan's bytes, to be kept."""
    return Document(DOCUMENT_KIND, "application/json", canonical(filled(plan)))


def save(id: str, plan: Plan) -> NewFact:
    """The fact that a version is saved: by digest, with the digest of each section."""
    return NewFact(
        stream_of(id),
        "PlanVersionSaved",
        1,
        {
            "plan": plan_digest(plan),
            "document": document_of(plan).digest,
            "sections": section_digests(plan),
        },
    )


@lru_cache(maxsize=32)
def read_document(content: bytes) -> Plan:
    """The plan in the bytes of a version. Unusable when they are not one.

    A page reads the versions of its plan and of its neighbours again and again: the last few are kept as they were read.
    A plan cannot be changed, and whoever has no bytes, since they were withdrawn, gets nothing here.
    """
    plan, findings = read_plan(json.loads(content))
    if plan is None:
        raise Unusable(f"The plan's document cannot be read. {findings[0].says}")
    return plan


def compare(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Every difference between two plans, field by field, rows matched by what names them."""
    return tuple(_compare("", _named(as_data(before)), _named(as_data(after))))


_NAMES = ("id", "quarter", "contributor", "source", "scheme", "commissioner", "provider")


def _named(value: object) -> object:
    """Lists of rows as mappings from what names each row, so that a row added on top does not change all below it."""
    if isinstance(value, Mapping):
        return {name: _named(each) for name, each in value.items()}
    if isinstance(value, list):
        named: dict[str, object] = {}
        for row in value:
            if not isinstance(row, Mapping):
                named[str(row)] = row
                continue
            label = ", ".join(str(row[name]) for name in _NAMES if row.get(name))
            key, number = label, 2
            while key in named:
                key, number = f"{label} ({number})", number + 1
            named[key] = _named(row)
        return named
    return value


def _compare(where: str, before: object, after: object) -> Iterable[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(each for each in after if each not in before)]:
            yield from _compare(f"{where}/{name}".lstrip("/"), before.get(name), after.get(name))
    elif before != after:
        yield Change(where, before, after)
