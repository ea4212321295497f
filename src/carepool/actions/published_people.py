"""The counts of people in a release: each as the rules of disclosure let it be seen, audited together with what was published before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.actions.disclosing import DATA_SETS, rule_of
from carepool.actions.house import House
from carepool.actions.measuring import ask, definitions
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import round_half_up
from carepool.disclosure.audit import Evidence, Output, audit
from carepool.disclosure.cells import HIDDEN, Cell, Shown
from carepool.disclosure.reach import TOTAL, Key
from carepool.disclosure.tables import protect
from carepool.measures.values import HELD
from carepool.rules.schema import Suppression

RULE = "docs/adr/0055"
PART, REST = ("all", "part"), ("all", "rest")


@dataclass(frozen=True, slots=True)
class People:
    """The counts of a release, and what of them is audited."""

    content: Mapping[str, object]
    outputs: Mapping[str, tuple[Output, ...]]
    """By data set, each under its own rule."""
    rules: Mapping[str, Suppression]


def people_of(house: House, boards: Iterable[str]) -> People:
    """Every measure of boards that is a part of some people, period by period, as it may be seen."""
    rows: list[dict[str, object]] = []
    outputs: dict[str, list[Output]] = {}
    rules: dict[str, Suppression] = {}
    vintage = house.england.digest
    for definition in definitions(house):
        rule = rule_of(house, definition)
        if rule is None or definition.interval != "proportion":
            continue
        rules[DATA_SETS[definition.series]] = rule
        for board in boards:
            for value in ask(house, definition.id, board).measured.values:
                if value.status not in HELD or value.numerator is None or value.denominator is None:
                    continue
                part, whole = int(round_half_up(value.numerator)), int(round_half_up(value.denominator))
                counts = {PART: part, REST: whole - part}
                cells = protect(rule, counts, totals_of_columns=False).cells
                subject = f"{definition.id}/{board}/{value.period}/{vintage}"
                outputs.setdefault(DATA_SETS[definition.series], []).append(Output("this release", subject, counts, cells))  # fmt: skip
                rows.append({
                    "measure": definition.id, "board": board, "period": value.period,
                    "part": cells[PART].as_data(), "rest": cells[REST].as_data(), "whole": cells["all", TOTAL].as_data(),
                })  # fmt: skip
    return People({"vintage": vintage, "counts": rows}, {name: tuple(each) for name, each in outputs.items()}, rules)  # fmt: skip


def evidence_of(people: People, earlier: Mapping[str, Mapping[str, object]]) -> tuple[Evidence, ...]:
    """The bounds of every hidden count for who has read this release and the earlier ones, by data set.

    ``earlier`` holds the counts of each earlier release by its name. Those of another vintage are of other figures.
    """
    found = []
    for name, outputs in people.outputs.items():
        before = [each for release, content in earlier.items() for each in _before(release, content, outputs)]
        found.append(audit(people.rules[name], (*outputs, *before)))
    return tuple(found)


def _before(release: str, content: Mapping[str, object], outputs: Iterable[Output]) -> Iterator[Output]:
    """The tables of an earlier release that share their counts with those of this one."""
    ours = {each.subject: each for each in outputs}
    rows = content["counts"]
    assert isinstance(rows, list)  # noqa: S101  (written so by people_of)
    for row in rows:
        subject = f"{row['measure']}/{row['board']}/{row['period']}/{content['vintage']}"
        if subject in ours:
            cells: dict[Key, Cell] = {PART: _cell(row["part"]), REST: _cell(row["rest"]), ("all", TOTAL): _cell(row["whole"])}  # fmt: skip
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
