"""Links by NHS number: the same number on both sides, and a second demographic that agrees.

A number alone links nobody: it passes its check with one pair of wrong digits in ten, and may have been copied from another's record.
"""

# ruff: noqa: S608  (what is put into the SQL are tables and columns of ours; every value is a parameter)

from typing import TYPE_CHECKING

from carepool.care.linkage.records import LEFT, NUMBER, RIGHT

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SETTLED = "links_by_number"
ALIKE = 0.92
"""How alike by Jaro and Winkler two spellings of a name are."""
NEARLY = 0.75
"""How alike they are when both names must be."""


def _alike(field: str, least: float = ALIKE) -> str:
    return f"jaro_winkler_similarity(l.{field}, r.{field}) >= {least}"


_PLACES = ((1, 4), (5, 2), (7, 2))
_PARTS = [
    f"(substr(l.date_of_birth, {at}, {length}) = substr(r.date_of_birth, {at}, {length}))::INT"
    for at, length in _PLACES
]
AGREEING = (
    ("date_of_birth", "l.date_of_birth = r.date_of_birth"),
    ("given_name", _alike("given_name")),
    ("names changed places", "l.given_name = r.family_name OR l.family_name = r.given_name"),
    ("date_of_birth nearly", f"damerau_levenshtein(l.date_of_birth, r.date_of_birth) <= 1 OR {' + '.join(_PARTS)} >= 2"),
    ("both names nearly", f"{_alike('family_name', NEARLY)} AND {_alike('given_name', NEARLY)}"),
    ("names nearly changed places", f"jaro_winkler_similarity(l.family_name, r.given_name) >= {NEARLY} AND jaro_winkler_similarity(l.given_name, r.family_name) >= {NEARLY}"),
    ("given_name nearly+postcode", f"{_alike('given_name', NEARLY)} AND damerau_levenshtein(l.postcode, r.postcode) <= 1"),
    ("family_name", f"{_alike('family_name')} AND (l.date_of_birth IS NULL OR r.date_of_birth IS NULL) AND (l.given_name IS NULL OR r.given_name IS NULL)"),
)  # fmt: skip
"""What agrees beside the number, tried in this order.

A family shares its name and its postcode, and a baby's record is given its mother's number: those two say nothing of which of
them it is, so the family name counts only where neither a date of birth nor a given name says otherwise.
"""
ALONE, DIFFER = f"{NUMBER} alone", f"{NUMBER} differs"
"""Why a pair is read by a person: nothing else agrees, or all else does and the numbers are two."""


def link_by_number(connection: "DuckDBPyConnection") -> None:
    """Write the pairs that numbers settle to a table: unique ids, the rule, and whether a person must read it."""
    cases = " ".join(f"WHEN {condition} THEN '{NUMBER}+{name}'" for name, condition in AGREEING)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {SETTLED} AS
        WITH same AS (SELECT l.unique_id AS l, r.unique_id AS r, CASE {cases} END AS rule FROM {LEFT} l JOIN {RIGHT} r USING ({NUMBER}))
        SELECT l, r, coalesce(rule, '{ALONE}') AS rule, rule IS NULL AS doubtful FROM same
        UNION ALL
        SELECT l.unique_id, r.unique_id, '{DIFFER}', true FROM {LEFT} l JOIN {RIGHT} r USING (date_of_birth, family_name, given_name)
        WHERE l.{NUMBER} != r.{NUMBER}"""
    )
