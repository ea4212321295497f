"""The shapes in which answers leave as JSON: commands with ``--json`` and pages with ``.json`` share them.

Money is whole pence in keys that end in ``_pence``; dates are ISO 8601; a count is a number; what is not yet
known is null.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from pydantic import BaseModel

from carepool.actions.areas import MARK
from carepool.actions.boards import BoardPage, Members
from carepool.actions.nation import BoardYear, Nation, Totals
from carepool.actions.simulating import Side, Simulation
from carepool.allocation.indicative import Allocation, held_against
from carepool.allocation.official import OfficialPounds
from carepool.basics.periods import Quarter
from carepool.basics.workings import Working
from carepool.measures.admissions import Flag, Observation
from carepool.payment.release import Figures, Statement
from carepool.render import difference_words
from carepool.rules.difference import Change, Difference
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import Moment

Data = dict[str, object]


def to_json(data: object) -> str:
    """One document, readable, with a line feed at its end."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Enum():
            return value.value
        case Quarter():
            return str(value)
        case date() | datetime():
            return value.isoformat()
        case tuple() | set() | frozenset():
            return list(value)
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def marked(data: Data, illustrative: bool) -> Data:
    """An answer with the mark first, where it is of the illustrative county."""
    return {"mark": f"{MARK}."} | data if illustrative else data


def members(found: Members) -> Data:
    """A board with its councils and CCGs on a day."""
    return {
        "board": found.board.code,
        "name": found.board.name,
        "councils": [{"council": council.code, "name": council.name} for council in found.board.councils],
        "ccgs": [
            {"ccg": ccg.code, "name": ccg.name, "share_of_ccg": round(share.people / share.of_ccg, 6)}
            for ccg, share in found.ccgs
        ],
        "on": found.on,
    }


def board(found: Members) -> Data:
    """A board with everything in the registers."""
    return members(found) | {
        "region": {"region": found.board.region, "name": found.board.region_name},
        "people": found.board.people,
        "districts": [name for council in found.board.councils for name in council.districts],
        "note": "Shares are of resident people, mid-2017 on 2015 boundaries: derived, not the official map of registered patients.",
    }


def allocation(found: Allocation, rules: RuleSet, board: str | None = None) -> Data:
    """The pot shared out. With a board, ``boards`` and ``ccgs`` hold that board and what is contributed to it."""
    composition = rules.composition
    stated = next((each for each in composition.stated if each.name == "fund"), None)
    return {
        "rules": rules.name,
        "indicative": found.indicative,
        "source": found.source or None,
        "held_against": [
            {
                "says": each.says,
                "published_pence": each.published,
                "ours_pence": each.ours,
                "error_percent": round(each.error, 2),
                "source": each.source,
            }
            for each in (held_against(rules, found) if found.indicative else ())
        ],
        "rests_on": list(rules.recalled_streams()),
        "total_pence": found.total,
        "stated_total_pence": stated.pence if stated else None,
        "of_which": [
            {"name": part.name, "within": part.within, "total_pence": part.pence}
            for part in composition.of_which
        ],
        "streams": [
            {
                "stream": stream.name,
                "received_by": stream.received_by,
                "total_pence": sum(found.streams[stream.name].values()),
            }
            for stream in composition.streams
        ],
        "ccgs": [
            {"ccg": ccg, "contribution_pence": pence} for ccg, pence in found.contributions(board).items()
        ],
        "boards": [
            {"board": code, "total_pence": sum(parts.values()), "streams": parts}
            for code, parts in found.by_board().items()
            if board in {None, code}
        ],
    }


def reconciled(read: OfficialPounds, *, recorded: bool) -> Data:
    """A file of official pounds beside the national sums."""
    return {
        "recorded": recorded,
        "streams": [
            {
                "stream": each.stream, "rows": each.rows, "found_pence": each.found,
                "national_pence": each.national, "difference_pence": each.difference,
            }
            for each in read.reconciled
        ],
        "findings": [each.as_data() for each in read.findings],
    }  # fmt: skip


def observation(seen: Observation) -> Data:
    """A board's admissions in a quarter."""
    return {"quarter": seen.quarter, "count": seen.count, "flag": seen.flag}


def figures(money: Figures) -> Data:
    """The money of a statement."""
    return {
        "fund_pence": money.fund,
        "paid_pence": money.paid,
        "withheld_pence": money.withheld,
        "at_stake_pence": money.at_stake,
        "unreleased_pence": money.unreleased,
    }


def statement(found: Statement) -> Data:
    """A board's payment statement."""
    return {
        "board": found.board,
        **figures(found.money),
        "quarters": [
            {
                "quarter": each.quarter,
                "planned_cumulative": each.planned_cumulative,
                "achieved_cumulative": each.achieved_cumulative,
                "maximum_payment_pence": each.maximum_payment,
                "payment_pence": each.payment,
            }
            for each in found.quarters
        ],
        "ccgs": [{"ccg": ccg, **figures(part)} for ccg, part in found.by_ccg.items()],
    }


def working(found: Working) -> Data:
    """A working with its steps; a step in pence has its value under ``value`` with ``unit`` pence."""
    return {
        "of": found.of,
        "value": found.value,
        "unit": found.unit,
        "steps": [step._asdict() for step in found.steps],
        "rests_on": found.rests_on,
    }


def totals(found: Totals) -> Data:
    """Some boards added up."""
    return {
        "says": found.says,
        "boards": found.boards,
        "baseline_admissions": found.baseline,
        "outturn_admissions": found.outturn,
        "change_percent": _two(found.change),
        "boards_that_fell": found.fell,
        "fund_pence": found.fund,
        "paid_pence": found.paid,
        "withheld_pence": found.withheld,
        "at_stake_pence": found.at_stake,
        "unreleased_pence": found.unreleased,
    }


def board_year(year: BoardYear) -> Data:
    """One board's what-if year."""
    return {
        "board": year.board.code,
        "name": year.board.name,
        "baseline_admissions": year.baseline,
        "planned_admissions": year.planned,
        "outturn_admissions": year.outturn,
        "change_percent": _two(year.change),
        "flags": year.flags,
        **figures(year.statement.money),
    }


def nation(found: Nation) -> Data:
    """The nation at an ambition."""
    return {
        "rules": found.rules.name,
        "what_if": "a uniform cut, not the boards' own plans",
        "ambition_percent": found.ambition,
        "as_at": found.as_at,
        "quarters": found.quarters,
        "quarters_known": found.known,
        "totals": [totals(each) for each in found.totals],
        "boards": [board_year(year) for year in found.boards],
        "rests_on": found.rests_on,
    }


def board_page(page: BoardPage, explained: Working) -> Data:
    """A board's page."""
    return {
        **board(page.members),
        "rules": page.nation.rules.name,
        "ambition_percent": page.nation.ambition,
        "as_at": page.nation.as_at,
        "allocation": {
            "indicative": not page.official,
            "source": page.official or None,
            "likely_error": page.likely_error or None,
            "total_pence": sum(page.streams.values()),
            "streams": page.streams,
            "ccgs": [{"ccg": ccg, "contribution_pence": pence} for ccg, pence in page.contributions.items()],
        },
        "admissions": [observation(each) for each in page.observations],
        "flags": page.year.flags,
        "statement": statement(page.year.statement),
        "working": working(explained),
    }


def flagged(quarters: Iterable[tuple[tuple[str, Quarter], tuple[Flag, ...]]]) -> list[Mapping[str, object]]:
    """Commissioner-quarters that ask for care."""
    return [{"commissioner": ccg, "quarter": quarter, "flags": flags} for (ccg, quarter), flags in quarters]


def _two(number: Decimal | None) -> Decimal | None:
    return None if number is None else round(number, 2)


def simulation(found: Simulation) -> Data:
    """What a draft of rules would do, nation and boards; null where a set gives no figure."""

    def side(each: Side) -> Data:
        return {"rules": each.rules.name, "digest": each.rules.digest, "cannot": list(each.why)}

    names = (
        "before",
        "after",
        "moved",
        "fund_before",
        "fund_after",
        "paid_before",
        "paid_after",
        "paid_moved",
    )
    return {
        "question": found.digest,
        "draft": side(found.draft),
        "against": side(found.against),
        "ambition_percent": found.ambition,
        "rests_on": list(found.rests_on),
        "gain": found.gain,
        "lose": found.lose,
        "totals": {f"{name}_pence": found.total(name) for name in names},
        "totals_without_incomplete_returns": {
            f"{name}_pence": found.total(name, sound=True) for name in names
        },
        "boards": [
            {"board": each.board.code, "name": each.board.name}
            | {f"{name}_pence": getattr(each, name) for name in names}
            | {"flags": list(each.flags)}
            for each in found.boards
        ],
    }


def rule_data(value: object) -> object:
    """What stands in a rule file, in JSON's shapes: quarters and moments as they are written, money in pence."""
    match value:
        case Moment():
            return {"written": value.written, "instant": value.instant, "day": value.day}
        case BaseModel():
            return {name: rule_data(getattr(value, name)) for name in type(value).model_fields}
        case tuple():
            return [rule_data(each) for each in value]
        case Quarter():
            return str(value)
    return value


def difference(found: Difference) -> Data:
    """What differs from one set of rules to another, and what a plan made under the first needs under the second."""

    def side(rules: RuleSet) -> Data:
        return {"rules": rules.name, "title": rules.about.title, "digest": rules.digest}

    def amounts(rows: list[tuple[str, str, int | None, int | None]]) -> list[Data]:
        return [
            {
                "name": name, "says": says, "before_pence": before, "after_pence": after,
                "moved_pence": (after or 0) - (before or 0),
            }
            for name, says, before, after in rows
        ]  # fmt: skip

    before, after = found.money
    return {
        "before": side(found.before),
        "after": side(found.after),
        "same": not found.changes,
        "says": difference_words.sentence(found),
        "money": {
            "before_pence": before,
            "after_pence": after,
            "moved_pence": None if before is None or after is None else after - before,
            "streams": amounts(difference_words.money_rows(found)),
            "of_which": amounts(difference_words.inside_rows(found)),
            "stated": amounts(difference_words.stated_rows(found)),
        },
        "changes": [rule_change(each) for each in found.changes],
        "needs": [{"says": each.says, "path": each.path, "key": each.key} for each in found.needs],
    }


def rule_change(change: Change) -> Data:
    """One entry that differs; ``before`` or ``after`` is null where a set has nothing of it."""
    return {
        "path": change.path,
        "list": change.group,
        "key": change.key,
        "title": change.title,
        "what": change.what,
        "before": rule_data(change.before),
        "after": rule_data(change.after),
        "fields": [
            {"field": each.name, "before": rule_data(each.before), "after": rule_data(each.after)}
            for each in change.fields
        ],
    }
