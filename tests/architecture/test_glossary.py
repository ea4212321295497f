"""The glossary can be looked things up in: its terms are in order, once each, and every one is defined."""

import re
from pathlib import Path

import pytest

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


@pytest.fixture(scope="module")
def terms() -> list[tuple[str, str]]:
    """Each term with its definition, as they stand."""
    _, *entries = re.split(r"^## ", GLOSSARY.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [(term.strip(), says.strip()) for term, _, says in (entry.partition("\n") for entry in entries)]


def order(term: str) -> str:
    """A term as a reader looks it up: capitals and punctuation do not count."""
    return re.sub(r"[^\w ]", "", term.casefold())


def test_the_terms_are_in_order(terms: list[tuple[str, str]]) -> None:
    """A reader finds a term where the alphabet puts it, and only once."""
    names = [order(term) for term, _ in terms]
    assert names == sorted(set(names))


def test_every_term_is_defined(terms: list[tuple[str, str]]) -> None:
    """A definition is one sentence or more."""
    assert len(terms) > 50
    assert [term for term, says in terms if not (says.endswith(".") and len(says) > 20)] == []


def test_what_a_definition_points_to_is_there(terms: list[tuple[str, str]]) -> None:
    """“See x” leads to a term."""
    names = {order(term) for term, _ in terms}
    pointed = [
        term for _, says in terms for term in re.findall(r"\bSee ([\w -]+?)(?: for the figure)?\.", says)
    ]
    assert pointed
    assert [term for term in pointed if order(term) not in names] == []
