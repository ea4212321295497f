"""Every combination that the table of sharing can be asked about, against a second opinion and against what may never be.

The second opinion is written from the law and not from the table: it reads no row, and the two must agree everywhere.
"""

from collections import Counter
from datetime import date
from functools import cache
from itertools import product
from typing import get_args

import pytest

from carepool.care.sharing.deciding import (
    Allow,
    AllowPart,
    Asked,
    Refuse,
    Verdict,
    break_glass,
    case_of,
    decide,
)
from carepool.rules.rulebook import RuleSet
from carepool.rules.sharing import (
    Case,
    ConsentWord,
    ObjectionWord,
    PurposeWord,
    RelationWord,
    RoleWord,
    Sharing,
)
from carepool.wiring import disk

DAYS = {"law_2013": date(2014, 7, 25), "law_2015": date(2016, 1, 4), "law_2018": date(2019, 6, 3), "law_2021": date(2024, 2, 29)}  # fmt: skip
"""A day under each state of the law."""
WITHOUT_NAMES = {"commissioner", "finance_officer", "analyst"}
STAFF = {"practitioner", "support_staff", "governance_lead", "researcher"}
ELSEWHERE = {"organisation", "none"}


@cache
def rules() -> tuple[RuleSet, Sharing]:
    return disk.rulebook().sharing(DAYS["law_2013"])


@cache
def everything() -> tuple[tuple[str, Asked, Verdict], ...]:
    """Every combination with its verdict."""
    return tuple(
        (law, asked, decide(*rules(), asked))
        for law, purpose, role, relation, objection, consent, opted, approved in product(
            DAYS, get_args(PurposeWord), get_args(RoleWord), get_args(RelationWord), get_args(ObjectionWord),
            get_args(ConsentWord), (False, True), (False, True),
        )
        for asked in [Asked(purpose, role, relation, DAYS[law], objection, consent, opted, approved)]
    )  # fmt: skip


def second_opinion(asked: Asked) -> str:
    """What the law says, without the table: the extent that may be seen, “glass” or nothing."""
    if asked.role in WITHOUT_NAMES:
        return "counts" if asked.purpose in {"commissioning", "payment", "audit", "research"} else ""
    if asked.purpose in {"commissioning", "payment"}:
        return "counts" if asked.role in STAFF else ""
    if asked.role in STAFF:
        at_work = asked.relation in {"team", "organisation", "none"}
        return of_staff(asked) if at_work else ""
    at_home = {"person": "self", "representative": "acts_for", "carer": "cares_for"}
    return at_the_kitchen_table(asked) if asked.relation == at_home[asked.role] else ""


def at_the_kitchen_table(asked: Asked) -> str:
    """The person, who acts for them, and who cares for them unpaid."""
    if asked.role == "carer":
        if asked.purpose == "carers_assessment":
            return "carers_own"
        agreed = asked.consent in {"given", "no_capacity"} and asked.objection != "care"
        return "carers_share" if asked.purpose == "direct_care" and agreed else ""
    if asked.role == "representative" and asked.consent not in {"given", "no_capacity"}:
        return ""
    return {"subject_access": "own_record", "direct_care": "own_plan", "oversight": "own_log"}.get(
        asked.purpose, ""
    )


def of_staff(asked: Asked) -> str:  # noqa: C901 - a purpose a branch, as the law has it
    """Whoever works in care, watches over records or studies them."""
    practitioner, mine = asked.role == "practitioner", asked.relation == "team"
    unwilling = asked.objection == "care" or asked.consent == "refused"
    out = asked.opted_out and asked.on >= date(2018, 5, 25)
    match asked.purpose:
        case "court_order":
            return "ordered" if asked.role == "governance_lead" else ""
        case "safeguarding":
            if practitioner or asked.role == "governance_lead":
                return "safeguarding"
            return "appointment" if asked.role == "support_staff" and mine else ""
        case "vital_interests":
            if practitioner:
                return "emergency" if mine else "glass"
            return "appointment" if asked.role == "support_staff" and mine else ""
        case "direct_care":
            if unwilling or asked.role in {"governance_lead", "researcher"}:
                return ""
            if practitioner:
                return "care" if mine else "emergency" if asked.consent == "given" else "glass"
            return "appointment" if mine else ""
        case "carers_assessment":
            if not (practitioner and mine):
                return ""
            return "carers_own" if unwilling else "carers_assessment"
        case "subject_access" | "oversight":
            if asked.role != "governance_lead" or asked.relation == "none":
                return ""
            return "watching" if asked.purpose == "oversight" else "copy_to_prepare"
        case "matching":
            return "" if asked.role == "researcher" or asked.relation == "none" else "matching"
        case "audit":
            if asked.objection == "beyond_care" or asked.role not in {"practitioner", "governance_lead"}:
                return ""
            return "without_name" if mine or (asked.relation == "organisation" and not out) else ""
        case "research":
            if asked.role != "researcher" or asked.objection == "beyond_care" or asked.consent == "refused":
                return ""
            studied = asked.consent == "given" or (asked.approved and not out)
            return "without_name" if studied else ""
    raise AssertionError(asked)


def came_to(verdict: Verdict) -> str:
    """A verdict in the words of the second opinion."""
    if isinstance(verdict, Refuse):
        return "glass" if verdict.glass else ""
    (extent,) = (each.id for each in rules()[1].extents if set(each.fields) == verdict.shown)
    return extent


@pytest.mark.slow
def test_every_combination_has_its_answer() -> None:
    """12 purposes, 10 roles, 6 relations, 3 objections, 4 consents, opt-out, support and 4 states of the law."""
    assert len(everything()) == 12 * 10 * 6 * 3 * 4 * 2 * 2 * 4


@pytest.mark.slow
def test_table_and_second_opinion_agree_everywhere() -> None:
    """The first difference is shown."""
    differ = [(asked, came_to(verdict), said) for _, asked, verdict in everything() if came_to(verdict) != (said := second_opinion(asked))]  # fmt: skip
    assert differ[:1] == []


@pytest.mark.slow
def test_no_identifiable_row_for_whoever_commissions_pays_or_counts() -> None:
    """Whatever else is true, and for nobody where the purpose is commissioning or payment."""
    asks = [verdict for _, asked, verdict in everything() if asked.role in WITHOUT_NAMES or asked.purpose in {"commissioning", "payment"}]  # fmt: skip
    assert len(asks) > 40_000
    for verdict in asks:
        assert isinstance(verdict, Refuse) or not (verdict.identifies or verdict.of_one)
        assert not (isinstance(verdict, Refuse) and verdict.glass)
        assert isinstance(break_glass(*rules(), verdict.asked, "A life is at risk in this very minute"), Refuse)  # fmt: skip


def test_an_objection_to_sharing_for_care_is_honoured() -> None:
    """By everybody who gives care, glass or no glass; but not where a life, somebody's safety or a court asks."""
    objected = [(asked, verdict) for _, asked, verdict in everything() if asked.objection == "care"]
    for asked, verdict in objected:
        if asked.purpose == "direct_care" and asked.role not in {"person", "representative"}:
            assert isinstance(verdict, Refuse)
            assert not verdict.glass
    for purpose in ("safeguarding", "vital_interests", "court_order"):
        without = {(law, a.role, a.relation, a.consent): came_to(v) for law, a, v in everything() if a.purpose == purpose and a.objection == "none"}  # fmt: skip
        assert any(without.values())
        for law, asked, verdict in everything():
            if asked.purpose == purpose:
                assert came_to(verdict) == without[law, asked.role, asked.relation, asked.consent]


@pytest.mark.parametrize("purpose", ["direct_care", "carers_assessment", "safeguarding", "vital_interests", "court_order", "subject_access", "oversight", "matching"])  # fmt: skip
def test_the_opt_out_never_touches_care(purpose: str) -> None:
    """Nor protection, the law, or a person's own rights; and before it existed it touches nothing."""
    said: dict[object, str] = {}
    for law, asked, verdict in everything():
        if asked.purpose == purpose or law in {"law_2013", "law_2015"}:
            key = (law, asked.purpose, asked.role, asked.relation, asked.objection, asked.consent, asked.approved)  # fmt: skip
            assert said.setdefault(key, verdict.reason.case) == verdict.reason.case


def test_nothing_is_seen_without_a_basis_in_force() -> None:
    """Each verdict cites what is in force on its day, and says something to whoever asks."""
    for _, asked, verdict in everything():
        assert verdict.reason.say
        assert verdict.reason.because
        if not isinstance(verdict, Refuse):
            assert verdict.basis
            assert all(each.holds(asked.on) for each in verdict.basis)


def test_every_row_decides_something() -> None:
    """A row that an earlier one hides would say what nobody is told."""
    sharing = rules()[1]
    decided = Counter(case_of(sharing, asked, law).id for law, asked, _ in everything())
    assert {each.id for each in sharing.cases} == set(decided)


def test_most_is_refused() -> None:
    """What nobody thought of is refused: of all combinations less than a third lets anything be seen."""
    seen = sum(isinstance(verdict, Allow | AllowPart) for *_, verdict in everything())
    assert 0.1 < seen / len(everything()) < 0.34


@pytest.mark.slow
@pytest.mark.parametrize("case", [each for each in rules()[1].cases if each.extent or each.answer == "glass"], ids=lambda each: each.id)  # fmt: skip
def test_a_row_taken_out_is_noticed(case: Case) -> None:
    """Without any row that lets somebody see, or break the glass, table and second opinion differ somewhere."""
    found, sharing = rules()
    rest = tuple(each for each in sharing.cases if each is not case)
    left = sharing.model_copy(update={"cases": rest})
    left.__dict__.pop("by_purpose", None)  # what was worked out of the whole table
    asks = (asked for _, asked, _ in everything() if (not case.purpose or asked.purpose in case.purpose) and (not case.role or asked.role in case.role))  # fmt: skip
    assert any(came_to(decide(found, left, asked)) != second_opinion(asked) for asked in asks)
