"""Links by weights that Splink learns from the files: how much agreement in each field says, and disagreement."""

# ruff: noqa: S608  (what is put into the SQL are tables and columns of ours; every value is a parameter)

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carepool.care.linkage.numbers import SETTLED
from carepool.care.linkage.records import LEFT, NUMBER, RIGHT
from carepool.care.linkage.spark import folder, predict

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WEIGHED = "links_by_weight"
FEWEST = 500
"""Records of the two files together below which nothing is learned: the starting weights are used, and said to be."""
MOST_PAIRS = 1e6
"""Pairs that a stage of learning looks at."""
LEAST_SETTLED, MOST_SETTLED = 1_000, 100_000
"""How many pairs settled by numbers it takes to learn from them, and how many are looked at."""
SEED = 2013

BLOCKS = (
    ("date_of_birth", "family_name"),
    ("date_of_birth", "given_name"),
    ("date_of_birth", "postcode"),
    ("given_name", "family_name"),
    ("family_name", "postcode"),
    ("given_name", "postcode"),
)
"""A pair is weighed when it agrees in both fields of one of these, or in one field of ``BROAD``."""
BROAD = (NUMBER, "date_of_birth", "family_name", "given_name", "postcode")
"""Agreement in one of these is enough where it makes few pairs, as in small files and with rare names."""
FEW_PAIRS = 3_000_000
_TRAINING = (("date_of_birth",), ("given_name", "family_name"), ("family_name", "postcode"))


@dataclass(frozen=True, slots=True)
class Weight:
    """How many doublings of the odds a level of agreement adds."""

    field: str
    agreement: str
    weight: float


@dataclass(frozen=True, slots=True)
class Weighing:
    """How pairs were weighed: whether weights were learned, what they are, and how likely two records at random match."""

    learned: bool
    prior: float
    weights: tuple[Weight, ...]


def weigh(connection: "DuckDBPyConnection", fields: Sequence[str], prior: float, least: float, *, numbers_settled: bool, spark: bool = False) -> Weighing:  # fmt: skip
    """Write the pairs that are at least so probable to a table, with their weight.

    Where numbers are settled, pairs that both have one are left to them: the same person has one number, and two people two.
    With ``spark`` the weights are learned here, from the few pairs that it takes, and all others are weighed there.
    """
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    rules = _rules(_blocks(connection, fields, numbers_settled), numbers_settled)
    settings = _settings(fields, rules, prior)
    api = DuckDBAPI(connection)
    tables = [api.register(table, dataset_display_name=table) for table in (LEFT, RIGHT)]
    linker = Linker(tables, settings, log_level=None)
    records = sum(connection.table(table).count("*").fetchall()[0][0] for table in (LEFT, RIGHT))
    if learned := records >= FEWEST:
        _learn(linker, api, fields, _settled(connection) if numbers_settled else None)
    with folder() as place:
        if spark:
            model = linker.misc.save_model_to_json()
            pairs = predict(connection, _settings(fields, rules, prior, model), least, Path(place))
        else:
            pairs = linker.inference.predict(threshold_match_probability=least, warning_mode="never").physical_name  # fmt: skip
        _keep(connection, pairs)
    return Weighing(learned, prior, tuple(_weights(linker)))


def _keep(connection: "DuckDBPyConnection", pairs: str) -> None:
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {WEIGHED} AS
        SELECT CASE WHEN source_dataset_l = '{LEFT}' THEN unique_id_l ELSE unique_id_r END AS l,
               CASE WHEN source_dataset_l = '{LEFT}' THEN unique_id_r ELSE unique_id_l END AS r,
               match_probability AS probability, match_weight AS weight
        FROM {pairs}"""
    )


def _settings(fields: Sequence[str], rules: list[Any], prior: float, model: dict[str, Any] | None = None) -> Any:  # fmt: skip
    """What is compared and how, with the weights of a model that has learned where one is given."""
    from splink import SettingsCreator

    comparisons = [_COMPARISONS[field]() for field in fields if field in _COMPARISONS]
    for comparison, learned in zip(comparisons, model["comparisons"] if model else (), strict=False):
        for level, known in zip(comparison.create_comparison_levels(), learned["comparison_levels"], strict=True):  # fmt: skip
            if "m_probability" in known:
                level.configure(m_probability=known["m_probability"], u_probability=known["u_probability"])
    return SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        probability_two_random_records_match=model["probability_two_random_records_match"]
        if model
        else prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _settled(connection: "DuckDBPyConnection") -> str | None:
    """A table of pairs of one person, from those that numbers settled, or None where there are too few."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE settled_pairs AS
        SELECT '{LEFT}' AS source_dataset_l, l AS unique_id_l, '{RIGHT}' AS source_dataset_r, r AS unique_id_r
        FROM {SETTLED} WHERE NOT doubtful ORDER BY hash(l, r) LIMIT {MOST_SETTLED}"""
    )
    number = connection.execute("SELECT count(*) FROM settled_pairs").fetchall()[0][0]
    return "settled_pairs" if number >= LEAST_SETTLED else None


def _blocks(
    connection: "DuckDBPyConnection", fields: Sequence[str], numbers_settled: bool
) -> list[tuple[str, ...]]:
    broad: list[tuple[str, ...]] = [
        (each,)
        for each in BROAD
        if each in fields
        and (each != NUMBER or not numbers_settled)
        and _pairs_by(connection, each) <= FEW_PAIRS
    ]
    narrow = [
        block
        for block in BLOCKS
        if set(block) <= set(fields) and not any({*each} <= {*block} for each in broad)
    ]
    return broad + narrow


def _pairs_by(connection: "DuckDBPyConnection", field: str) -> int:
    sides = (f"(SELECT {field}, count(*) AS n FROM {table} WHERE {field} IS NOT NULL GROUP BY {field})" for table in (LEFT, RIGHT))  # fmt: skip
    return int(connection.execute(f"SELECT coalesce(sum(a.n * b.n), 0) FROM {next(sides)} a JOIN {next(sides)} b USING ({field})").fetchall()[0][0])  # fmt: skip


def _rules(blocks: Sequence[tuple[str, ...]], numbers_settled: bool) -> list[Any]:
    from splink.blocking_rule_library import CustomRule

    rules = []
    for block in blocks:
        same = " AND ".join(f"l.{field} = r.{field}" for field in block)
        # Two rules, each with a condition on one side, so that the database throws records out before it joins them.
        sides = (f" AND l.{NUMBER} IS NULL", f" AND r.{NUMBER} IS NULL AND l.{NUMBER} IS NOT NULL") if numbers_settled else ("",)  # fmt: skip
        rules += [CustomRule(same + side) for side in sides]
    return rules


def _learn(linker: Any, api: Any, fields: Sequence[str], settled: str | None) -> None:
    """How often fields agree by chance from random pairs; how often of one person from pairs that numbers settled, else by expectation and maximisation."""
    from splink import block_on

    linker.training.estimate_u_using_random_sampling(max_pairs=MOST_PAIRS, seed=SEED)
    if settled:
        linker.training.estimate_m_from_pairwise_labels(api.register(settled, dataset_display_name=settled))
        return
    for block in _TRAINING:
        if set(block) <= set(fields):
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*block), estimate_without_term_frequencies=True, max_pairs=MOST_PAIRS
            )


def _weights(linker: Any) -> list[Weight]:
    from math import log2

    return [
        Weight(comparison["output_column_name"], level["label_for_charts"], round(log2(level["m_probability"] / level["u_probability"]), 2))
        for comparison in linker.misc.save_model_to_json()["comparisons"]
        for level in comparison["comparison_levels"]
        if level.get("m_probability") and level.get("u_probability")
    ]  # fmt: skip


def _name(field: str, other: str) -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    return comparisons.CustomComparison(
        [
            levels.NullLevel(field),
            levels.ExactMatchLevel(field, term_frequency_adjustments=True).configure(m_probability=0.8, u_probability=0.005),
            levels.CustomLevel(f"{field}_l = {other}_r", "names changed places").configure(m_probability=0.02, u_probability=0.0005),
            levels.JaroWinklerLevel(field, 0.92).configure(m_probability=0.08, u_probability=0.003),
            levels.JaroWinklerLevel(field, 0.8).configure(m_probability=0.04, u_probability=0.02),
            levels.ElseLevel().configure(m_probability=0.06, u_probability=0.9715),
        ],
        output_column_name=field,
    )  # fmt: skip


def _birth() -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    field = "date_of_birth"
    year, month, day = (
        f"substr({field}_{{side}}, {at}, {length})" for at, length in ((1, 4), (5, 2), (7, 2))
    )
    same = [f"{part.format(side='l')} = {part.format(side='r')}" for part in (year, month, day)]
    swapped = f"{same[0]} AND {month.format(side='l')} = {day.format(side='r')} AND {day.format(side='l')} = {month.format(side='r')}"
    parts = " OR ".join(f"({one} AND {two})" for one, two in ((same[0], same[1]), (same[0], same[2]), (same[1], same[2])))  # fmt: skip
    return comparisons.CustomComparison(
        [
            levels.NullLevel(field),
            levels.ExactMatchLevel(field).configure(m_probability=0.9, u_probability=0.00004),
            levels.DamerauLevenshteinLevel(field, 1).configure(m_probability=0.05, u_probability=0.001),
            levels.CustomLevel(f"({swapped}) OR {parts}", "two of day, month and year, or day and month changed places").configure(m_probability=0.03, u_probability=0.003),
            levels.ElseLevel().configure(m_probability=0.02, u_probability=0.99596),
        ],
        output_column_name=field,
    )  # fmt: skip


def _sex() -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    return comparisons.CustomComparison(
        [
            levels.NullLevel("sex"),
            levels.ExactMatchLevel("sex").configure(m_probability=0.99, u_probability=0.5),
            levels.ElseLevel().configure(m_probability=0.01, u_probability=0.5),
        ],
        output_column_name="sex",
    )


def _postcode() -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    outward = "substr({0}, 1, length({0}) - 3)"
    return comparisons.CustomComparison(
        [
            levels.NullLevel("postcode"),
            levels.ExactMatchLevel("postcode").configure(m_probability=0.75, u_probability=0.0001),
            levels.DamerauLevenshteinLevel("postcode", 1).configure(m_probability=0.05, u_probability=0.001),
            levels.CustomLevel(f"{outward.format('postcode_l')} = {outward.format('postcode_r')}", "the same outward part").configure(m_probability=0.08, u_probability=0.01),
            levels.ElseLevel().configure(m_probability=0.12, u_probability=0.9889),
        ],
        output_column_name="postcode",
    )  # fmt: skip


def _number() -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    return comparisons.CustomComparison(
        [
            levels.NullLevel(NUMBER),
            levels.ExactMatchLevel(NUMBER).configure(m_probability=0.98, u_probability=0.000001),
            levels.ElseLevel().configure(m_probability=0.02, u_probability=0.999999),
        ],
        output_column_name=NUMBER,
    )


_COMPARISONS = {
    NUMBER: _number,
    "given_name": lambda: _name("given_name", "family_name"),
    "family_name": lambda: _name("family_name", "given_name"),
    "date_of_birth": _birth,
    "sex": _sex,
    "postcode": _postcode,
}
