"""Who may see what of a person, for what and on which day: each look and share is judged by a reviewed table and leaves a record.

The table is `rulebook/information-sharing/sharing.yaml`, each row with its source. Every combination is held against a second
opinion in `tests/property/test_sharing_properties.py`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest

from carepool.basics.canonical import Digest
from carepool.basics.refusals import Unusable
from carepool.care.sharing.deciding import (
    Allow,
    AllowPart,
    Asked,
    Broken,
    Refuse,
    Verdict,
    break_glass,
    decide,
)
from carepool.care.sharing.facts import broken, looked, refused, reviewed, shared, shown, stream_of, withheld
from carepool.care.sharing.log import AccessLog, log_of, why_not_withheld, words
from carepool.journal.facts import NewFact
from carepool.journal.memory import MemoryJournal
from carepool.rules.parse import parse
from carepool.rules.rulebook import RuleSet
from carepool.rules.sharing import RoleWord, Sharing
from carepool.wiring import disk

Table = tuple[RuleSet, Sharing]
Judge = Callable[[Asked], Verdict]
DAY = date(2015, 3, 2)
AT = datetime(2015, 7, 1, 13, 30, tzinfo=UTC)
CARE = Asked("direct_care", "practitioner", "team", DAY)
NAMES = {"account-7": "Jo Farrow", "trust": "Merrow Community Trust", "council": "Merrow Council"}
PERSON = "p-41"


@pytest.fixture(scope="module")
def table() -> Table:
    return disk.rulebook().sharing(DAY)


@pytest.fixture(scope="module")
def judge(table: Table) -> Judge:
    return lambda asked: decide(*table, asked)


def ids(verdict: Verdict) -> set[str]:
    """The bases that a verdict rests on."""
    return set() if isinstance(verdict, Refuse) else {each.id for each in verdict.basis}


def recorded(*steps: tuple[NewFact, ...]) -> AccessLog:
    """The log that facts come to, written in this order by one account."""
    journal, stream = MemoryJournal(), stream_of(PERSON)
    for version, step in enumerate(steps):
        journal.append(list(step), expecting={stream: version}, by="account-7", at=AT)
    return log_of(journal.read(stream))


def test_who_cares_for_somebody_sees_what_care_needs(judge: Judge) -> None:
    """A practitioner of the team, whichever organisation employs them: all that care needs, on implied consent, and nothing on safeguarding or who looked."""
    verdict = judge(CARE)
    assert isinstance(verdict, Allow)
    assert not isinstance(verdict, AllowPart)
    assert {"plan", "needs", "nhs_number"} <= verdict.shown
    assert not {"safeguarding", "log", "carers_needs"} & verdict.shown
    assert {"implied_consent", "principle_7", "care_1998"} <= ids(verdict)
    assert verdict.reason.rule == "information-sharing/sharing, care_team: Caldicott 2 (2013), chapter 3 and principle 7"  # fmt: skip


def test_the_law_is_that_of_the_day(judge: Judge, table: Table) -> None:
    """In March 2015 there is no duty to share; from 1 October 2015 there is, with the number; from 25 May 2018 other Acts are cited. A day whose law is not held is refused."""
    before, last, first = judge(CARE), judge(replace(CARE, on=date(2015, 9, 30))), judge(replace(CARE, on=date(2015, 10, 1)))  # fmt: skip
    assert (before.duty, last.duty) == ((), ())
    assert [each.id for each in first.duty] == ["duty_to_number", "duty_to_share"]
    later = judge(replace(CARE, on=date(2018, 5, 25)))
    assert "care_2018" in ids(later)
    assert "care_1998" not in ids(later)
    assert [judge(replace(CARE, on=day)).reason.law for day in (date(2015, 9, 30), date(2015, 10, 1), date(2018, 5, 24), date(2018, 5, 25), date(2021, 1, 1))] == ["law_2013", "law_2015", "law_2015", "law_2018", "law_2021"]  # fmt: skip
    for day in (date(2013, 3, 31), date(2028, 1, 1)):
        with pytest.raises(
            Unusable, match="The law of sharing is held from 1 April 2013 to 31 December 2027"
        ):
            judge(replace(CARE, on=day))


def test_an_objection_is_honoured_and_gives_way_to_danger(judge: Judge) -> None:
    """For care nothing is seen, with or without glass; for safeguarding the least that protecting needs is."""
    verdict = judge(replace(CARE, objection="care"))
    assert isinstance(verdict, Refuse)
    assert not verdict.glass
    assert verdict.says == "The person has asked that your organisation does not see this. Speak with them about what it means for their care. If a life or somebody's safety is at risk, say so and choose that purpose."  # fmt: skip
    danger = judge(replace(CARE, objection="care", consent="refused", purpose="safeguarding"))
    assert "safeguarding" in danger.shown
    assert ids(danger) == {"public_interest", "no_secrets", "care_1998"}
    assert "safeguarding_2015" in ids(
        judge(replace(CARE, objection="care", purpose="safeguarding", on=date(2015, 4, 1)))
    )


@pytest.mark.parametrize("role", ["commissioner", "finance_officer", "analyst"])
def test_who_commissions_or_pays_sees_counts(judge: Judge, role: RoleWord) -> None:
    """Whatever else is true; nothing is recorded in anybody's log, because nobody's record was seen."""
    verdict = judge(Asked("commissioning", role, "team", DAY, consent="given", approved=True))
    assert isinstance(verdict, AllowPart)
    assert (verdict.shown, verdict.identifies, verdict.of_one) == ({"counts"}, False, False)
    assert looked(PERSON, verdict, "council") == ()
    assert shared(PERSON, verdict, "council", "trust") == ()
    assert isinstance(judge(replace(verdict.asked, purpose="direct_care")), Refuse)


def test_a_carer_has_an_assessment_of_their_own(judge: Judge) -> None:
    """Whatever the person says, and with nothing of the person's in it; the plan they are told of if the person agrees."""
    own = judge(Asked("carers_assessment", "carer", "cares_for", DAY, objection="care", consent="refused"))
    assert own.shown == {"carers_needs"}
    told = judge(Asked("direct_care", "carer", "cares_for", DAY, consent="given"))
    assert told.shown == {"name", "accountable", "plan", "carer"}
    assert "own needs all the same" in judge(Asked("direct_care", "carer", "cares_for", DAY)).says


def test_staff_do_not_open_their_own_or_their_familys_record(judge: Judge) -> None:
    """A nurse who cares for her mother at home signs in as herself for that."""
    for relation in ("self", "acts_for", "cares_for"):
        verdict = judge(replace(CARE, relation=relation))
        assert isinstance(verdict, Refuse)
        assert "Sign in as yourself" in verdict.says


def test_the_opt_out_is_for_uses_beyond_care(judge: Judge) -> None:
    """From 25 May 2018 it keeps a record out of a supported study; consent to a study stands above it; care does not know it."""
    study = Asked("research", "researcher", "none", date(2018, 5, 24), opted_out=True, approved=True)
    assert judge(study).shown == {"pseudonym", "care_without_name"}
    assert "national data opt-out" in judge(replace(study, on=date(2018, 5, 25))).says
    assert judge(replace(study, on=date(2018, 5, 25), consent="given")).shown == {"pseudonym", "care_without_name"}  # fmt: skip
    assert judge(replace(CARE, on=date(2019, 1, 1), opted_out=True)) == replace(
        judge(replace(CARE, on=date(2019, 1, 1))),
        asked=replace(CARE, on=date(2019, 1, 1), opted_out=True),
    )


def test_breaking_the_glass_needs_a_reason_and_tells_two(table: Table) -> None:
    """Who is not in the team may see what is needed at once, with a reason; the person reads it and the governance lead has a notice until it is looked at."""
    stranger = replace(CARE, relation="none")
    verdict = decide(*table, stranger)
    assert isinstance(verdict, Refuse)
    assert verdict.glass
    short = break_glass(*table, stranger, "  urgent   ")
    assert isinstance(short, Refuse)
    assert short.says == "Say in at least 15 characters why you must see it now: the person and the governance lead read it."  # fmt: skip
    glass = break_glass(*table, stranger, "Found on the floor,\n cannot speak")
    assert isinstance(glass, Broken)
    assert glass.why == "Found on the floor, cannot speak"
    assert "plan" not in glass.allowed.shown
    assert "risks" in glass.allowed.shown
    why = Digest("a" * 64)
    fact = broken(PERSON, glass, "trust", why)
    assert "floor" not in str(fact)
    log = recorded(fact)
    assert [each.why for each in log.notices] == [why]
    seen = words(log.looks[0], table[1], NAMES, glass.why)
    assert seen.startswith("1 July 2015 at 14:30: Jo Farrow, a practitioner, of Merrow Community Trust, looked at your name, your date of birth")  # fmt: skip
    assert seen.endswith("They said why: “Found on the floor, cannot speak”. The governance lead has been told and has still to look at it.")  # fmt: skip
    for justified, says in ((True, "found that it was right to"), (False, "found that it was not right to")):
        log = recorded(fact, reviewed(PERSON, 1, justified, "trust", Digest("b" * 64)))
        assert log.notices == ()
        assert says in words(log.looks[0], table[1], NAMES)


def test_no_glass_where_none_is_needed_or_the_person_objects(table: Table) -> None:
    """Who may see it anyhow is told so; an objection, a commissioner or a relative cannot be broken through."""
    usual = break_glass(*table, CARE, "I am in the team and in a hurry")
    assert isinstance(usual, Refuse)
    assert usual.says.startswith("There is no glass to break")
    for asked in (
        replace(CARE, relation="none", objection="care"),
        replace(CARE, role="commissioner", relation="none"),
        replace(CARE, relation="cares_for"),
    ):
        assert break_glass(*table, asked, "It is urgent, believe me") == decide(*table, asked)


def test_the_person_reads_who_looked_and_why(table: Table) -> None:
    """Looks, shares and refusals alike, each with who, of which organisation, for what, and what was seen; names come from outside, so that a fact holds none."""
    verdict, no = decide(*table, replace(CARE, role="support_staff")), decide(*table, replace(CARE, objection="care"))  # fmt: skip
    assert isinstance(verdict, AllowPart)
    assert isinstance(no, Refuse)
    own = decide(*table, Asked("oversight", "person", "self", DAY))
    assert isinstance(own, Allow)
    log = recorded(
        looked(PERSON, verdict, "trust"),
        shared(PERSON, verdict, "trust", "council"),
        refused(PERSON, no, "council"),
        looked(PERSON, own, "trust"),
    )
    said = [words(each, table[1], NAMES) for each in log.looks]
    seen = "your name, your date of birth, your address, how to reach you, your NHS number and who is responsible for your care"  # fmt: skip
    assert said == [
        f"1 July 2015 at 14:30: Jo Farrow, who arranges care, of Merrow Community Trust, looked at {seen}, to give you care. They are in your team.",
        f"1 July 2015 at 14:30: Jo Farrow, who arranges care, of Merrow Community Trust, shared {seen} with Merrow Council, to give you care. They are in your team.",
        "1 July 2015 at 14:30: Jo Farrow, a practitioner, of Merrow Council, asked to look at your record, to give you care, and was refused. They are in your team.",
        "1 July 2015 at 14:30: You looked at who looked at your record, to see who had looked.",
    ]
    assert "somebody whose name is no longer held" in words(log.looks[0], table[1], {})


def test_a_look_that_would_endanger_the_person_is_kept_from_their_page(table: Table) -> None:
    """By the governance lead, for safety or a court alone, with a day on which it is looked at again; until somebody has, it stays kept back."""
    danger = decide(*table, replace(CARE, purpose="safeguarding"))
    assert isinstance(danger, Allow)
    usual = decide(*table, CARE)
    assert isinstance(usual, Allow)
    steps = [looked(PERSON, danger, "trust"), looked(PERSON, usual, "trust")]
    log, may = recorded(*steps), partial(why_not_withheld, sharing=table[1], on=DAY)
    assert may(log, 1, again=date(2015, 5, 31)) is None
    for version, again, says in (
        (1, DAY, "no later than 31 May 2015"),
        (1, date(2015, 6, 1), "no later than 31 May 2015"),
        (2, date(2015, 5, 31), "Leave this one on their page"),
        (3, date(2015, 5, 31), "There is no look number 3"),
    ):
        refusal = may(log, version, again=again)
        assert refusal
        assert says in refusal.says
    steps.append(withheld(PERSON, 1, date(2015, 5, 31), "trust", Digest("c" * 64)))
    log = recorded(*steps)
    assert [each.version for each in log.for_person] == [2]
    assert [each.version for each in log.looks] == [1, 2]
    assert (log.due(date(2015, 5, 30)), [each.version for each in log.due(date(2015, 5, 31))]) == ((), [1])
    assert [each.version for each in log.due(date(2019, 1, 1))] == [1]
    log = recorded(*steps, shown(PERSON, 1, "trust"))
    assert [each.version for each in log.for_person] == [1, 2]
    assert log.due(date(2019, 1, 1)) == ()


def test_a_record_tells_what_was_decided_and_by_which_rules(table: Table) -> None:
    """All that the table was asked, the row, the state of the law and the digest of the rules; so any look can be judged again."""
    (fact,) = looked(PERSON, decide(*table, CARE), "trust")
    assert fact.body["case"] == "care_team"
    assert fact.body["law"] == "law_2013"
    assert fact.body["rules"] == table[0].digest
    again = Asked(**{name: fact.body[name] for name in ("purpose", "role", "relation", "on", "objection", "consent", "opted_out", "approved")})  # fmt: skip
    assert decide(*table, again).reason.case == fact.body["case"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("basis: [guardian], because: \"Who looked", "basis: [nobody], because: \"Who looked", "the basis “nobody” is named in it and not laid down"),
        ("extent: watching, ", "extent: seeing, ", "the extent “seeing” is named in it and not laid down"),
        ("fields: [log]", "fields: [logs]", "the field “logs” is named in it and not laid down"),
        ("from: 2015-10-01, to: 2018-05-24", "from: 2015-10-02, to: 2018-05-24", "“law_2015” must begin the day after “law_2013” ends"),
        ("extent: watching, basis: [guardian], ", "", "“watching_over” must name an extent and a basis"),
        ("purpose: [oversight], role: [person]", "purpose: [nosiness], role: [person]", "“nosiness” is not known here"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_hold_together_is_refused(old: str, new: str, says: str) -> None:
    """A row that rests on nothing, sees nothing or speaks of a purpose that nobody knows."""
    files = {path: content for path, content in disk.shipped("rulebook").items() if path.startswith("information-sharing/")}  # fmt: skip
    text = files["information-sharing/sharing.yaml"].decode()
    assert old in text
    files["information-sharing/sharing.yaml"] = text.replace(old, new, 1).encode()
    book, findings = parse(files)
    assert book.sets == {}
    assert says in " ".join(each.says for each in findings)
