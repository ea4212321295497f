"""The counts of people in a release: each as the rules of disclosure let it be seen, audited together with what was published before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.actions.disclosing import DATA_SETS, rule_of
from carepool.actions.house import House
from carepool.actions.measuring import ask, definitions
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import round_half_up
from carepool.disclosure.audit import Evidence, Output, hold_together
from carepool.disclosure.cells import HIDDEN, Cell, Shown
from carepool.disclosure.reach import TOTAL, Key
from carepool.disclosure.tables import protect
from carepool.measures.values import HELD
from carepool.rules.schema import Suppression

RULE = "docs/adr/0055"
PART, REST, ALL = ("all", "part"), ("all", "rest"), ("all", TOTAL)


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is to publish, each table protected by itself."""

    vintage: str
    tables: tuple[tuple[str, Output], ...]
    """Each with the data set whose rule it is under; its subject is measure, board, period and vintage."""
    rules: Mapping[str, Suppression]


@dataclass(frozen=True, slots=True)
class People:
    """The counts of a release, and by data set what the audit of them found."""

    content: Mapping[str, object]
    evidence: tuple[Evidence, ...]


def counted(house: House, boards: Iterable[str]) -> Counted:
    """Every measure of boards that is a part of some people, period by period."""
    tables: list[tuple[str, Output]] = []
    rules: dict[str, Suppression] = {}
    vintage = house.england.digest
    for definition in definitions(house):
        rule = rule_of(house, definition)
        if rule is None or definition.interval != "proportion":
            continue
        name = DATA_SETS[definition.series]
        rules[name] = rule
        for board in boards:
            for value in ask(house, definition.id, board).measured.values:
                if value.status not in HELD or value.numerator is None or value.denominator is None:
                    continue
                part, whole = int(round_half_up(value.numerator)), int(round_half_up(value.denominator))
                counts = {PART: part, REST: whole - part}
                cells = protect(rule, counts, totals_of_columns=False).cells
                subject = f"{definition.id}/{board}/{value.period}/{vintage}"
                tables.append((name, Output("this release", subject, counts, cells)))
    return Counted(vintage, tuple(tables), rules)


def people_of(found: Counted, earlier: Mapping[str, Mapping[str, object]]) -> People:
    """The counts as they may be seen together with what was published before, and the bounds of each that is hidden.

    ``earlier`` holds the counts of each earlier release by its name. Those of another vintage are of other figures.
    """
    seen: dict[str, Output] = {}
    evidence = []
    for name, rule in found.rules.items():
        ours = [each for data_set, each in found.tables if data_set == name]
        before = [each for release, content in earlier.items() for each in _before(release, content, ours)]
        together = hold_together(rule, ours, before)
        evidence.append(together.evidence)
        seen |= {each.subject: each for each in together.outputs}
    rows = [_row(seen[each.subject]) for _, each in found.tables]
    return People({"vintage": found.vintage, "counts": rows}, tuple(evidence))


def _row(output: Output) -> dict[str, object]:
    measure, board, period, _ = output.subject.split("/")
    return {
        "measure": measure, "board": board, "period": period,
        "part": output.cells[PART].as_data(), "rest": output.cells[REST].as_data(), "whole": output.cells[ALL].as_data(),
    }  # fmt: skip


def _before(release: str, content: Mapping[str, object], outputs: Iterable[Output]) -> Iterator[Output]:
    """The tables of an earlier release that share their counts with those of this one."""
    ours = {each.subject: each for each in outputs}
    rows = content["counts"]
    assert isinstance(rows, list)  # noqa: S101  (written so by people_of)
    for row in rows:
        subject = f"{row['measure']}/{row['board']}/{row['period']}/{content['vintage']}"
        if subject in ours:
            cells: dict[Key, Cell] = {PART: _cell(row["part"]), REST: _cell(row["rest"]), ALL: _cell(row["whole"])}  # fmt: skip
            yield Output(release, subject, ours[subject].counts, cells)


def _cell(data: Mapping[str, str | None]) -> Cell:
    value = data["value"]
    return HIDDEN if value is None else Cell(Decimal(value), Shown.SHOWN)


def too_narrow(evidence: Iterable[Evidence]) -> Iterator[Finding]:
    """A blocking finding for each hidden count that could be worked out."""
    for each in evidence:
        for interval in each.narrow:
            subject, row, column = interval.count
            where = subject.rpartition("/")[0]
            says = f"The hidden count {where}, {row or 'all'}, {column or 'all'}, can only be from {interval.least} to {interval.greatest} for who reads all that is published."
            yield Finding("count-disclosed", Severity.BLOCKER, f"people.json/{where}", says, "Hide more of the same table, or publish less of it.", RULE)  # fmt: skip
