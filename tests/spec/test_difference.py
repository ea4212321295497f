"""Difference: two sets of rules compared entry by entry, and what a plan made under the one needs under the other."""

from dataclasses import replace
from decimal import Decimal

from carepool.rules.difference import Difference, What, difference
from carepool.rules.parse import parse
from carepool.rules.rulebook import Rulebook
from tests.spec.test_rules import SET, VALUE

CONDITIONS = b"""says: Conditions
conditions:
  - {id: agreed, title: Agreed, says: All agree., source: a, confidence: published}
  - {id: safe, title: Safe, says: It is safe., source: a, confidence: published}
"""


def compared(before: dict[str, bytes], after: dict[str, bytes]) -> Difference:
    """The difference of two small sets, each with these files besides its set.yaml."""
    files = {f"a/{path}.yaml": content for path, content in before.items()}
    files |= {f"b/{path}.yaml": content for path, content in after.items()}
    later = SET.replace(b"2020", b"2021")
    book, findings = parse({"a/set.yaml": SET, "b/set.yaml": later, **files})
    assert set(book.sets) == {"a", "b"}, findings
    return difference(book.named("a"), book.named("b"))


def test_from_the_statement_to_what_was_operated(rulebook: Rulebook) -> None:
    """From August 2013 to 2014 two of eight conditions are lost, three change, and none is gained."""
    found = difference(rulebook.named("itf-2013-08"), rulebook.named("bcf-2014-08"))
    by_what = {what: [each.key for each in found.of("conditions") if each.what is what] for what in What}
    assert by_what[What.GAINED] == []
    assert by_what[What.LOST] == ["accountable_professional", "risk_and_contingency"]
    assert by_what[What.CHANGED] == ["seven_days", "data_sharing", "joint_assessment"]
    assert len(by_what[What.RECITED]) == 3
    assert found.money == (378_000_000_000, 378_364_100_000)
    assert (
        next(each.key for each in found.of("metrics") if each.what is What.GAINED)
        == "non_elective_admissions"
    )


def test_the_difference_turned_round_mirrors(rulebook: Rulebook) -> None:
    """What one direction gains the other loses, for every two sets; a set has no difference from itself."""
    mirror = {
        What.GAINED: What.LOST,
        What.LOST: What.GAINED,
        What.CHANGED: What.CHANGED,
        What.RECITED: What.RECITED,
    }
    for one in rulebook.in_order:
        assert difference(one, one).changes == ()
        assert difference(one, one).needs == ()
        for other in rulebook.in_order:
            there = {(c.path, c.group, c.key): mirror[c.what] for c in difference(one, other).changes}
            back = {(c.path, c.group, c.key): c.what for c in difference(other, one).changes}
            assert there == back


def test_a_source_alone_is_told_apart() -> None:
    """Where only the source or the confidence differs, nothing that is laid down has changed."""
    other = CONDITIONS.replace(b"It is safe., source: a", b"It is safe., source: b")
    (change,) = [c for c in compared({"conditions": CONDITIONS}, {"conditions": other}).changes if c.path == "conditions"]  # fmt: skip
    assert (change.what, change.key, [each.name for each in change.fields]) == (
        What.RECITED,
        "safe",
        ["source"],
    )


def test_a_plan_needs_what_was_gained_and_not_what_was_only_cited() -> None:
    """A gained condition asks for words, a reworded one for another look, a source for nothing."""
    gained = CONDITIONS + b"  - {id: new, title: New, says: It is new., source: a, confidence: published}\n"
    says = [each.says for each in compared({"conditions": CONDITIONS}, {"conditions": gained}).needs]
    assert says[0] == "It must say how it meets a condition that it has not answered: New."
    reworded = CONDITIONS.replace(b"It is safe.", b"It is very safe.")
    says = [each.says for each in compared({"conditions": CONDITIONS}, {"conditions": reworded}).needs]
    assert "“Safe” must be read again" in says[0]
    cited = CONDITIONS.replace(b"source: a", b"source: b")
    says = [each.says for each in compared({"conditions": CONDITIONS}, {"conditions": cited}).needs]
    assert len(says) == 1
    assert says[0].startswith("Every party decides again")


def test_a_dated_value_that_changes_is_found() -> None:
    """A value of another amount on the same day is changed; one from a later day is gained."""
    found = compared({"payment/rate": VALUE}, {"payment/rate": VALUE.replace(b"3.5", b"4")})
    (change,) = found.of("payment/rate", group="values")
    assert [(each.name, str(each.before), str(each.after)) for each in change.fields] == [
        ("value", "3.5", "4")
    ]


def test_what_a_plan_of_the_statement_needs_in_2014(rulebook: Rulebook) -> None:
    """Targets for the quarters that are paid, the guideline, the new stream, and everybody's decision again."""
    found = difference(rulebook.named("itf-2013-08"), rulebook.named("bcf-2014-08"))
    says = " ".join(each.says for each in found.needs)
    for words in ("2014-15Q4, 2015-16Q1, 2015-16Q2, 2015-16Q3", "3.5% or more", "“Social care capital grant”", "decides again"):  # fmt: skip
        assert words in says
    assert all(each.path in found.after.sections for each in found.needs)


def test_nothing_withheld_in_february_2014(rulebook: Rulebook) -> None:
    """From December 2013 to February 2014 the tranches stay and the withholding goes: a recovery plan instead."""
    found = difference(rulebook.named("bcf-2013-12"), rulebook.named("bcf-2014-02"))
    assert any("Nothing is withheld" in each.says for each in found.needs)
    assert not [each for each in found.of("conditions") if each.what in {What.GAINED, What.LOST}]


def test_other_places_are_told(rulebook: Rulebook) -> None:
    """A plan of 2016-17 has other parties in 2025-26: boards, councils and integrated care boards."""
    found = difference(rulebook.named("bcf-2016-17"), rulebook.named("bcf-2025-26"))
    assert found.needs[0].says.startswith("Its parties change")


def test_who_counts_as_contributing(rulebook: Rulebook) -> None:
    """Where the smallest share that must decide differs, a plan is told that its deciders change."""
    rules = rulebook.named("bcf-2014-08")
    least = rules.decisions.contributing.model_copy(update={"smallest_share": Decimal(5)})
    decisions = rules.decisions.model_copy(update={"contributing": least})
    draft = replace(rules, sections={**rules.sections, "decisions": decisions})
    says = [each.says for each in difference(rules, draft).needs]
    assert "Which NHS commissioners must decide has changed." in says


def test_what_did_not_change_is_not_asked_for(rulebook: Rulebook) -> None:
    """From August 2014 to March 2015 the guideline stays at 3.5%, so nothing is said of it; re-basing is."""
    found = difference(rulebook.named("bcf-2014-08"), rulebook.named("bcf-2015-03"))
    assert not any("3.5%" in each.says for each in found.needs)
    assert any("may be changed" in each.says for each in found.needs)
