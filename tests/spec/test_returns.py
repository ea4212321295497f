"""Quarterly returns: asked by the rules of their quarter, prefilled, checked, signed by the board, sent, corrected and closed."""

import copy
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from threading import RLock

import openpyxl
import pytest

from carepool.actions import returning
from carepool.actions.demonstration import Stage, build, decide, go_on, people
from carepool.actions.demonstration_words import read_narrative
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.ports import MemoryDrafts
from carepool.actions.reported import claims_on
from carepool.actions.return_imports import Receipt, bring_back, imports_of, receipt_of
from carepool.actions.return_reminders import returns_ahead
from carepool.actions.returning import (
    ReturnView,
    close_return_of,
    keep_part,
    may_sign,
    pdf_of,
    prefill,
    print_of,
    put_forward_of,
    quarters_of,
    return_of,
    sent_content,
    sign_return_of,
    words_of,
    working_of,
)
from carepool.basics.findings import Severity, blocks
from carepool.basics.periods import Quarter, end_of_day
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import as_data
from carepool.plans.parts import Part
from carepool.render import return_answers
from carepool.render.paper_shape import Table
from carepool.render.return_papers import paper_of_print, pdf_of_print
from carepool.returns import checks
from carepool.returns.document import INCOME, Return, read_return
from carepool.returns.facts import Closed
from carepool.returns.prefill import prefilled
from carepool.rules.rulebook import Rulebook
from carepool.wiring import disk
from carepool.workbooks.maps import parse_map
from carepool.workbooks.reading import read_workbook
from carepool.workbooks.returns import read_return_workbook, sheets_of_return, write_return
from carepool.workbooks.templates import fill

PLAN, JOINT = "carrowby", "thornmere"
FIRST, SECOND, THIRD = (Quarter(2015, number) for number in (1, 2, 3))
ACCOUNTS = {
    "lead": "demo-29", "chair": "demo-34", "assurer": "demo-11", "pool": "demo-71", "chief": "demo-30",
}  # fmt: skip


@dataclass
class Desk:
    """The county, with its people at hand and a clock that is set."""

    house: House
    at: datetime = datetime(2016, 1, 20, 9, tzinfo=UTC)
    keys: int = 0

    def actor(self, who: str) -> Actor:
        """Somebody, with the key of their next request."""
        self.keys += 1
        return Actor(ACCOUNTS[who], f"key-{self.keys}", who)

    def see(self, quarter: Quarter = THIRD) -> ReturnView:
        """The return."""
        return return_of(self.house, PLAN, quarter)

    def working(self, quarter: Quarter = THIRD) -> Return:
        """The return that is being filled in."""
        return working_of(self.house, self.see(quarter)).content

    def codes(self, severity: Severity = Severity.BLOCKER) -> list[str]:
        """The findings of the return that is being filled in."""
        return [each.code for each in working_of(self.house, self.see()).findings if each.severity is severity]  # fmt: skip

    def keep(self, name: str, **change: object) -> Part | Refused | list[object]:
        """The lead changes single answers of a part."""
        data = as_data(self.working().part(name)) | change
        return keep_part(self.house, self.actor("lead"), PLAN, THIRD, name, data, "")  # type: ignore[return-value]

    def row(self, name: str, rows: str, number: int, **change: object) -> object:
        """The lead changes a row of a part."""
        data = as_data(self.working().part(name))
        found = data[rows]
        assert isinstance(found, list)
        found[number] |= change
        return keep_part(self.house, self.actor("lead"), PLAN, THIRD, name, data, "")

    def forward(self, why: str = "", who: str = "lead") -> Done | Refused:
        """Put the return forward."""
        return put_forward_of(self.house, self.actor(who), PLAN, THIRD, why)

    def sign(self, who: str = "chair", digest: str = "") -> Done | Refused:
        """Sign what waits."""
        waiting = self.see().filed.waiting
        return sign_return_of(self.house, self.actor(who), PLAN, THIRD, digest or (waiting.digest if waiting else ""))  # fmt: skip

    def send(self, why: str = "") -> None:
        """Put forward, signed and sent."""
        for done in (self.forward(why), self.sign()):
            assert isinstance(done, Done), done


@pytest.fixture(scope="module")
def county(house: House) -> MemoryJournal:
    """The illustrative county, built once."""
    journal = MemoryJournal()
    build(replace(house, journal=journal, drafts=MemoryDrafts()), disk.county_files())
    return journal


@pytest.fixture
def desk(house: House, county: MemoryJournal) -> Desk:
    """A desk of its own county, on 20 January 2016."""
    found = Desk(house)
    # A lock cannot be copied, and another one is as good.
    journal = copy.deepcopy(county, {id(county._lock): RLock()})
    salts = iter(range(1, 10_000))
    found.house = replace(
        house, journal=journal, drafts=MemoryDrafts(), clock=lambda: found.at,
        salt=lambda: next(salts).to_bytes(32, "big"),
    )  # fmt: skip
    return found


def says(done: object) -> str:
    assert isinstance(done, Refused), done
    return done.says


def test_what_is_asked_is_the_rules_of_the_quarter(rulebook: Rulebook) -> None:
    """A return is of the set of rules that names its quarter, whatever set the plan was made under; a day that is recalled is said to be."""
    assert rulebook.returning(Quarter(2015, 4)).name == "bcf-2015-03"
    assert rulebook.returning(Quarter(2016, 2)).name == "bcf-2016-17"
    due = {str(each.quarter): (each.at.written, each.confidence) for name in ("bcf-2015-03", "bcf-2016-17") for each in rulebook.named(name).returns.due}  # fmt: skip
    assert due["2015-16Q4"] == ("2016-05-27 12:00", "published")
    assert due["2016-17Q2"] == ("2016-11-25 12:00", "published")
    assert due["2016-17Q4"] == ("2017-05-31 12:00", "published")
    assert due["2015-16Q1"] == ("2015-08-28 12:00", "recalled")
    with pytest.raises(NotHere, match="No set of rules asks for a return of 2018-19Q1"):
        rulebook.returning(Quarter(2018, 1))


@pytest.mark.slow
def test_parts_follow_from_the_quarter_and_the_rules(desk: Desk, rulebook: Rulebook) -> None:
    """The year's last return asks how the year went; nothing is asked of performance money where none depends on performance."""
    asked = {str(asking.quarter): asking.names for _, asking, _ in quarters_of(desk.house, PLAN)}
    assert list(asked) == ["2014-15Q4", "2015-16Q1", "2015-16Q2", "2015-16Q3", "2015-16Q4"]
    assert "year_end" in asked["2015-16Q4"]
    assert "year_end" not in asked["2015-16Q3"]
    assert "money" not in asked["2014-15Q4"], "nothing was pooled yet"
    parts = [each.id for each in rulebook.named("bcf-2016-17").returns.asks]
    assert not {"performance", "unreleased"} & set(parts)
    with pytest.raises(NotHere, match="The plan is of 2014-15 and 2015-16"):
        return_of(desk.house, PLAN, Quarter(2016, 1))


@pytest.mark.slow
def test_it_begins_from_last_quarter_and_the_account(desk: Desk) -> None:
    """Answers are last quarter's; income, expenditure and payments are the books' and the computed statement's, to the penny."""
    found = desk.see()
    begun = prefilled(found.asking, found.account, found.last)
    assert found.last is not None
    assert begun.conditions == found.last.conditions
    assert begun.agreement.since == date(2015, 4, 1)
    income = {str(each.quarter): each for each in begun.money.flows if each.way == INCOME}
    assert income["2015-16Q1"].actual == 542_771_164
    assert income["2015-16Q4"].actual is None
    assert [each.suggested for each in begun.performance.payments[:3]] == [14_155_000, 61_537_000, 27_118_000]
    assert all(each.agreed == each.suggested for each in begun.performance.payments[:3])
    planned = [each.planned or 0 for each in begun.money.flows if each.way != INCOME]
    opening = found.agreed.plan.total("spend", "year_2")
    assert sum(planned) == opening


def test_each_condition_is_answered_with_day_and_reason(desk: Desk) -> None:
    """Met, in progress, or not met; what is not met needs a day and a reason, and a day that is past is questioned."""
    assert desk.codes() == []
    assert desk.codes(Severity.WARNING) == ["return-condition", "return-narrative"], "its day was 31 December"
    desk.row("conditions", "conditions", 0, answer="not_met")
    assert desk.codes() == ["return-condition", "return-condition"]
    desk.row("conditions", "conditions", 0, by="2016-03-31", reason="The council decides in March.")
    assert desk.codes() == []
    desk.row("conditions", "conditions", 1, answer="")
    assert "return-condition" in desk.codes()


def test_a_metric_is_on_track_or_not_or_has_no_data(desk: Desk) -> None:
    """Where there are no data the reason is one of a list, and every status has a narrative."""
    desk.row("metrics", "metrics", 1, status="no_data")
    assert desk.codes() == ["return-metric"]
    desk.row("metrics", "metrics", 1, no_data="A system or its feed failed")
    assert desk.codes() == []
    desk.row("metrics", "metrics", 1, narrative="")
    assert desk.codes() == ["return-metric"]


def test_a_cumulative_figure_that_falls_is_questioned(desk: Desk) -> None:
    """What counts from the start of the year does not fall: it blocks until new words explain it, and is still shown then."""
    desk.row("money", "flows", 0, actual="1,000")
    for number in (1, 2):
        desk.row("money", "flows", number, actual="0")
    assert desk.codes() == ["return-cumulative-falls"]
    assert "Income so far is £1,000, and was" in working_of(desk.house, desk.see()).findings[0].says
    assert "Correct the figure, or say beside it" in says(desk.forward())
    desk.keep("money", comment="A contribution was booked twice, and is taken out.")
    assert desk.codes() == []
    assert "return-cumulative-falls" in desk.codes(Severity.WARNING)


def test_what_is_agreed_may_differ_with_a_reason(desk: Desk) -> None:
    """The suggested payment is computed and cannot be typed; what was agreed locally may be another, and then says why."""
    desk.row("performance", "payments", 2, agreed="200,000", suggested="1")
    assert desk.working().performance.payments[2].suggested == 27_118_000
    assert sorted(desk.codes()) == ["return-cumulative-falls", "return-payment"]
    desk.row("performance", "payments", 2, reason="The board waits for the final revision of September.")
    assert desk.codes() == []


def test_money_not_released_is_used_by_a_decision_on_record(desk: Desk) -> None:
    """What was used is no more than what was not released, says for what, and names a mandate of the joint board in the pool's books."""
    left = desk.working().unreleased
    assert left.suggested == left.agreed == 12_516_000
    desk.keep("unreleased", used="50,000", use="community_care", decision="99")
    assert desk.codes() == ["return-undecided"]
    desk.keep("unreleased", used="5,000,000")
    assert desk.codes() == ["return-unreleased", "return-undecided"]
    found = desk.see()
    known = replace(found.account, decisions=frozenset({"99"}))
    content = desk.working().with_part("unreleased", left.model_copy(update={"used": 5_000_000, "use": "community_care", "decision": "99"}))  # fmt: skip
    assert not blocks(checks.check(found.asking, content, found.last, known, date(2016, 1, 20)))


def test_no_figure_is_larger_than_the_template_takes(desk: Desk) -> None:
    """A figure of a return is at most 100 million pounds, as the template has it."""
    desk.row("money", "flows", 0, planned="100,000,000.01")
    assert desk.codes() == ["return-too-large"]
    desk.row("money", "flows", 0, planned="100,000,000")
    assert desk.codes() == []


def test_a_lead_puts_it_forward_and_the_chair_signs(desk: Desk) -> None:
    """Who filled it in does not sign it; the signature sends what was seen, and says whether it was in time."""
    assert "one must be its plan lead or pool manager" in says(desk.forward(who="chief"))
    assert "Nothing waits for a signature" in says(desk.sign())
    assert isinstance(desk.forward(), Done)
    assert "one must be its board chair" in says(desk.sign("lead"))
    assert "Another return was put forward" in says(desk.sign(digest="0" * 64))
    assert isinstance(desk.sign(), Done)
    (sent,) = desk.see().filed.sent
    assert (sent.late, sent.put_forward_by, sent.signed_by, sent.body) == (False, "demo-29", "demo-34", "board:ZZ6")  # fmt: skip


def test_it_is_late_after_midday(desk: Desk) -> None:
    """Due at 12:00 on 26 February 2016: a minute later it is sent all the same, and is late."""
    for minute, late in ((0, False), (1, True)):
        desk.at = datetime(2016, 2, 26, 12, minute, tzinfo=UTC)
        assert desk.see().asking.late(desk.at) is late
    desk.send()
    assert desk.see().filed.sent[0].late


def test_nobody_reports_a_quarter_that_is_not_over(desk: Desk) -> None:
    """A return is of what has happened."""
    done = put_forward_of(desk.house, desk.actor("lead"), PLAN, Quarter(2015, 4))
    assert "2015-16Q4 is not over. Put its return forward from 1 April 2016 on." in says(done)


def test_a_correction_keeps_what_was_sent(desk: Desk) -> None:
    """What was sent first is read as at then, with its figures and digest; a correction has reasons, and what it replaces is named."""
    desk.send()
    before = desk.see().filed.current
    assert before is not None
    first = print_of(desk.house, desk.see())
    assert "This is what was sent already" in says(desk.forward("Nothing"))
    desk.at = datetime(2016, 2, 1, 9, tzinfo=UTC)
    desk.keep("narrative", progress="A ward closed in December, which was left out.")
    assert "is corrected with reasons" in says(desk.forward())
    desk.send("The ward was left out.")
    now = desk.see().filed
    assert now.sent[0].digest == before.digest
    assert words_of(desk.house, now.sent[1].reasons) == "The ward was left out."
    fact = desk.house.journal.read(f"return/{PLAN}/{THIRD}")[-1]
    assert (fact.kind, fact.body["replaces"]) == ("ReturnCorrected", before.digest)
    upto = desk.house.journal.as_at(end_of_day(date(2016, 1, 25)))
    then = return_of(desk.house, PLAN, THIRD, upto, date(2016, 1, 25))
    assert then.filed.current == before
    assert print_of(desk.house, then) == first
    assert b"A ward closed" not in first
    assert b"A ward closed" in print_of(desk.house, desk.see())


def test_a_return_whose_words_were_withdrawn_still_stands(desk: Desk) -> None:
    """Its digest, days and signature stay; it is shown as withdrawn, and neither it nor the next quarter's begins from it."""
    sent = desk.see(SECOND).filed.current
    assert sent is not None
    desk.house.journal.withdraw(sent.document)
    found = desk.see(SECOND)
    assert found.filed.current == sent
    with pytest.raises(Unusable, match="The content of this return was withdrawn"):
        print_of(desk.house, found)
    assert working_of(desk.house, found).content.narrative.progress.startswith("Reablement takes"), (
        "the first quarter's"
    )
    assert desk.see(THIRD).last is None


def test_last_quarter_is_what_was_sent_last(desk: Desk) -> None:
    """Beside each answer stands that of the quarter before, as it was corrected."""
    found = desk.see(SECOND)
    content = sent_content(desk.house, found.filed.current)
    assert content is not None
    cells = list(return_answers.cells(found.asking, content, found.last))
    budgets = next(each for each in cells if each.where == "measures/counts/0/value")
    assert (budgets.now, budgets.last) == ("14", "13")
    assert len(desk.see(FIRST).filed.sent) == 2
    text = return_answers.as_csv(found, content)
    assert "answer in 2015-16Q1" in text
    assert "Illustrative county" in text


@pytest.mark.slow
def test_a_closed_return_reprints_byte_for_byte(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once closed, nothing is corrected, and what is printed is what was kept, however printing changes later."""
    desk.send()
    printed = print_of(desk.house, desk.see())
    assert "in the name of" in says(
        close_return_of(desk.house, desk.actor("lead"), PLAN, THIRD, pdf_of_print)
    )
    assert isinstance(close_return_of(desk.house, desk.actor("assurer"), PLAN, THIRD, pdf_of_print), Done)
    monkeypatch.setattr("carepool.returns.printing.WIDTH", 40)
    monkeypatch.setattr("carepool.actions.returning.printed", lambda *_: b"something else")
    assert print_of(desk.house, desk.see()) == printed
    assert "The return was closed on 20 January 2016." in says(desk.forward("Again"))
    assert "closed" in says(desk.keep("narrative", progress="Again"))
    assert "closed" in says(close_return_of(desk.house, desk.actor("assurer"), PLAN, THIRD, pdf_of_print))


@pytest.mark.slow
def test_the_pdf_of_a_closed_return_is_the_one_that_was_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The paper has every line of the print, and the PDF that was set when the return was closed is printed whatever sets type later."""
    desk.send()
    text = print_of(desk.house, desk.see())
    paper = paper_of_print(text, desk.see().mark)
    said = " ".join(
        [paper.title, *(line for _, line in paper.about)]
        + [f"{each.title} {table.caption} {' '.join(cell for row in table.rows for cell in row)}" for each in paper.chapters for table in each.items if isinstance(table, Table)]
    )  # fmt: skip
    words = [each.strip("?:=.") for each in text.decode().replace(desk.see().mark, "").split()]
    assert [each for each in words if each and each != "-" and each not in said] == []
    done = close_return_of(desk.house, desk.actor("assurer"), PLAN, THIRD, pdf_of_print)
    assert isinstance(done, Done), done
    kept = pdf_of(desk.house, desk.see(), pdf_of_print)
    assert kept == pdf_of_print(text, desk.see().mark)
    assert kept.startswith(b"%PDF")
    closed = desk.see().filed.closed
    assert closed is not None
    # Another program sets type another day: what was kept is printed all the same.
    monkeypatch.setattr("carepool.actions.returning.printed", lambda *_: b"otherwise")
    assert pdf_of(desk.house, desk.see(), lambda *_: b"another program") == kept
    desk.house.journal.withdraw(closed.pdf)
    with pytest.raises(NotHere, match="withdrawn"):
        pdf_of(desk.house, desk.see(), pdf_of_print)


def test_a_return_is_not_closed_where_no_type_is_set(desk: Desk) -> None:
    """A machine without the libraries says what it lacks, and the return stays open; one closed before PDFs were kept is set anew."""
    desk.send()

    def lacks(content: bytes, mark: str) -> bytes:
        raise Unusable("This machine cannot make a PDF.")

    with pytest.raises(Unusable, match="cannot make a PDF"):
        close_return_of(desk.house, desk.actor("assurer"), PLAN, THIRD, lacks)
    assert "in the name of" in says(close_return_of(desk.house, desk.actor("lead"), PLAN, THIRD, lacks))
    filed = desk.see().filed
    assert (filed.closed, filed.current is None) == (None, False)
    before = replace(desk.see(), filed=replace(filed, closed=Closed("", desk.house.journal.put(b"kept", kind="return-print", media_type="text/plain"), "", "", desk.at)))  # fmt: skip
    assert pdf_of(desk.house, before, lambda content, _: content + b" as PDF") == b"kept as PDF"


def test_those_whom_a_return_waits_for_are_reminded(desk: Desk) -> None:
    """From fourteen days before it is due the leads are told once at each step; once it is put forward its signer; then nobody."""

    def told(day: date) -> list[tuple[str, str]]:
        desk.at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        return [
            (each.account, each.about)
            for each in returns_ahead(desk.house, day)
            if f"plan {PLAN}" in each.about
        ]

    assert told(date(2016, 2, 1)) == []
    first = told(date(2016, 2, 13))
    assert ACCOUNTS["lead"] in {account for account, _ in first}
    assert ACCOUNTS["chair"] not in {account for account, _ in first}
    assert told(date(2016, 2, 15)) == first
    assert {about for _, about in told(date(2016, 2, 20))} != {about for _, about in first}
    assert isinstance(desk.forward(), Done)
    assert {account for account, _ in told(date(2016, 2, 25))} == {ACCOUNTS["chair"]}
    (notice,) = [
        each for each in returns_ahead(desk.house, date(2016, 2, 25)) if each.account == ACCOUNTS["chair"]
    ]
    assert "due in 1 day" in notice.subject
    assert notice.link == f"/plans/{PLAN}/returns/2015-16Q3"
    assert isinstance(desk.sign(), Done)
    assert told(date(2016, 2, 25)) == []


@pytest.fixture
def joint(house: House) -> Stage:
    """Thornmere's plan of two boards, seen through to the ministers' signature by its seven bodies; September 2015."""
    files = disk.county_files()
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(files), read_narrative(files))  # fmt: skip
    build(made.house, files)
    made.count = 10_000
    made.on(2015, 2, 20)
    decide(made, JOINT, "thornmere.chief", "aldersea.chief", "thornmere.officer", "aldersea.officer")
    decide(made, JOINT, "aldersea.officer", body="ccg:Z8B")
    decide(made, JOINT, "thornmere.chair", "aldersea.chair")
    go_on(made, JOINT, "approved", "nhs.assurer")
    go_on(made, JOINT, "signed_off", "minister.office")
    made.on(2015, 8, 20)
    return made


def answered(stage: Stage) -> None:
    """Every question of the joint plan's first return is answered."""
    content = prefill(stage.house, stage.actor("thornmere.lead"), JOINT, FIRST)
    assert isinstance(content, Return), content
    answers: dict[str, dict[str, object]] = {
        "agreement": {"in_place": "yes", "since": "2015-04-01"},
        "conditions": {"conditions": {"answer": "met"}},
        "money": {"flows": {"planned": 100}},
        "metrics": {
            "metrics": {
                "status": "no_data",
                "no_data": "not_published",
                "narrative": "The council waits for the year.",
            }
        },
        "measures": {"counts": {"value": "3"}},
        "narrative": {"progress": "Both boards have met."},
    }
    for name, given in answers.items():
        data = as_data(content.part(name))
        for key, value in given.items():
            rows = data[key]
            if isinstance(rows, list) and isinstance(value, dict):
                data[key] = [{**row, **value} for row in rows]
            else:
                data[key] = value
        if name == "money":
            data["flows"] = [{**row, "actual" if row["quarter"] == str(FIRST) else "forecast": 100} for row in data["flows"]]  # type: ignore[attr-defined]  # fmt: skip
        kept = keep_part(stage.house, stage.actor("thornmere.lead"), JOINT, FIRST, name, data, "")
        assert isinstance(kept, Part), kept


@pytest.mark.slow
def test_a_plan_of_two_boards_is_signed_by_both(joint: Stage) -> None:
    """The first chair's signature is recorded and the return still waits, for the other board by name; the second sends it; both claim its money."""
    answered(joint)
    house, cast = joint.house, joint.cast

    def see() -> ReturnView:
        return return_of(house, JOINT, FIRST)

    def sign(handle: str) -> Done | Refused:
        waiting = see().filed.waiting
        return sign_return_of(house, joint.actor(handle), JOINT, FIRST, waiting.digest if waiting else "")

    found = working_of(house, see()).findings
    assert not blocks(found), [each.says for each in found]
    assert isinstance(put_forward_of(house, joint.actor("thornmere.lead"), JOINT, FIRST), Done)
    assert returning.unsigned(house, see()) == ("board:ZZ7", "board:ZZ8")
    assert "board chair" in says(sign("aldersea.chief"))
    done = sign("aldersea.chair")
    assert isinstance(done, Done), done
    assert done.answer["missing"] == ["board:ZZ7"]  # type: ignore[call-overload,index]
    assert (returning.unsigned(house, see()), see().filed.current) == (("board:ZZ7",), None)
    assert "You have signed it for your board" in says(may_sign(house, see(), cast["aldersea.chair"].account))
    assert "This board has signed it" in says(sign("aldersea.chair"))
    done = sign("thornmere.chair")
    assert isinstance(done, Done), done
    sent = see().filed.current
    assert sent is not None
    assert (dict(sent.signed_before), sent.body) == ({"board:ZZ8": cast["aldersea.chair"].account}, "board:ZZ7")  # fmt: skip
    printed = print_of(house, see())
    assert b"Signed for Aldersea" in printed
    assert b" and Thornmere" in printed
    claims = claims_on(house, JOINT, FIRST)
    assert {each for each in claims if "sign_return" in claims[each]} == {
        cast["aldersea.chair"].account, cast["thornmere.chair"].account
    }  # fmt: skip


def test_what_others_changed_meanwhile_is_not_typed_over(desk: Desk) -> None:
    """A part is kept over what was seen; where a colleague changed it since, nothing is kept and it is said."""
    seen = working_of(desk.house, desk.see()).seen("narrative")
    assert isinstance(desk.keep("narrative", progress="Mine"), Part)
    data = as_data(desk.working().narrative) | {"progress": "Theirs"}
    done = keep_part(desk.house, desk.actor("pool"), PLAN, THIRD, "narrative", data, seen)
    assert "Somebody changed this part after you saw it" in says(done)
    assert desk.working().narrative.progress == "Mine"
    assert isinstance(prefill(desk.house, desk.actor("lead"), PLAN, THIRD), Return)
    assert desk.working().narrative.progress != "Mine"


@pytest.mark.slow
def test_a_return_goes_out_and_comes_back_as_a_workbook(desk: Desk, change: Callable[[bytes, str, str], bytes]) -> None:  # fmt: skip
    """The workbook has every answer and last quarter's on a sheet of their own; what is computed is not read back."""
    found = desk.see()
    made = write_return(found.rules, found.asking, desk.working(), found.last, found.title, found.mark)
    assert made == write_return(found.rules, found.asking, desk.working(), found.last, found.title, found.mark)  # fmt: skip
    read = read_return_workbook(read_workbook(made), found.rules, found.asking)
    assert (read.plan, read.quarter, read.faults) == (PLAN, "2015-16Q3", ())
    before = desk.working()
    assert bring_back(desk.house, desk.actor("lead"), PLAN, THIRD, read.brought(made, "r.xlsx")).parts == ()  # type: ignore[union-attr]
    assert desk.working() == before
    changed = change(made, "Narrative", "By workbook")
    read = read_return_workbook(read_workbook(changed), found.rules, found.asking)
    assert bring_back(desk.house, desk.actor("lead"), PLAN, THIRD, read.brought(changed, "r.xlsx")).parts == (
        "narrative",
    )  # type: ignore[union-attr]
    assert desk.working().narrative.progress == "By workbook"


@pytest.mark.slow
def test_a_workbook_that_comes_back_leaves_a_receipt(desk: Desk) -> None:
    """Its bytes, and what became of every cell with its place in the return, are kept under a fact; bringing it twice by one key counts once."""
    found = desk.see()
    made = write_return(found.rules, found.asking, desk.working(), found.last, found.title, found.mark)
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book["Income and expenditure"]
    (at, *_) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Actual"]
    good, bad = (sheet.cell(at.row + n, at.column) for n in (1, 2))
    good.value, bad.value = 1234, "a lot"
    held = io.BytesIO()
    book.save(held)
    read = read_return_workbook(read_workbook(held.getvalue()), found.rules, found.asking)
    actor = desk.actor("lead")
    assert "must be its" in says(
        bring_back(desk.house, desk.actor("chair"), PLAN, THIRD, read.brought(b"", ""))
    )
    done = bring_back(desk.house, actor, PLAN, THIRD, read.brought(held.getvalue(), "third.xlsx"))
    assert isinstance(done, Receipt)
    (told,) = imports_of(desk.house, PLAN, THIRD)
    assert (told.parts, told.by, told.counts["rejected"]) == (("money",), ACCOUNTS["lead"], 1)
    receipt = receipt_of(desk.house, told)
    assert receipt is not None
    assert (receipt["file"], receipt["workbook"]) == ("third.xlsx", told.workbook)
    kept = desk.house.journal.document(told.workbook)
    assert isinstance(kept, Document)
    assert kept.content == held.getvalue()
    cells = {(each["sheet"], each["cell"]): each for each in receipt["cells"]}  # type: ignore[attr-defined]
    assert (
        sum(told.counts.values())
        == len(cells)
        == sum(1 for page in read_workbook(held.getvalue()).sheets for _ in page.cells)
    )
    taken, refused = (cells[sheet.title, each.coordinate] for each in (good, bad))
    assert (taken["outcome"], taken["where"]) == ("accepted", "money/flows/0/actual")
    assert (desk.working().money.flows[0].actual, refused["outcome"]) == (123_400, "rejected")
    assert "is not an amount" in refused["why"]
    again = bring_back(desk.house, actor, PLAN, THIRD, read.brought(held.getvalue(), "third.xlsx"))
    assert isinstance(again, Receipt)
    assert again.recorded == done.recorded
    assert len(imports_of(desk.house, PLAN, THIRD)) == 1
    desk.house.journal.withdraw(told.receipt)
    assert receipt_of(desk.house, told) is None


MAP = b"""
rules: bcf-2015-03
cells:
  - {field: agreement/in_place, sheet: Budget, cell: C5}
  - {field: narrative/progress, sheet: Words, cell: B2}
tables:
  - {list: conditions/conditions, sheet: Budget, first: 8, last: 13, columns: {id: {column: B, words: {jointly_agreed: "1) Plans agreed"}}, answer: {column: C, words: {met: "Yes", not_met: "No", in_progress: "No - In Progress"}}, by: D, reason: E}}
  - {list: money/flows, sheet: Budget, first: 16, last: 23, columns: {way: B, quarter: C, planned: D, forecast: E, actual: {column: F, unit: thousands}}}
"""


@pytest.mark.slow
def test_an_issued_template_is_filled_and_read_by_a_map(desk: Desk) -> None:
    """The template's cells hold the answers in its own words and units, the rest of it stays, and what is written there comes back."""
    issued = openpyxl.Workbook()
    issued.active.title = "Budget"  # type: ignore[union-attr]
    issued["Budget"]["B5"] = "Have the funds been pooled via a s.75 pooled budget?"
    issued.create_sheet("Words")["A2"] = "Progress"
    held = io.BytesIO()
    issued.save(held)
    mapped, findings = parse_map("map.yaml", MAP, desk.house.rulebook, sheets_of_return)
    assert (findings, mapped is None) == ([], False)
    assert mapped is not None
    filled = fill(held.getvalue(), desk.working(), mapped)
    sheet = openpyxl.load_workbook(io.BytesIO(filled))["Budget"]
    assert sheet["B5"].value == "Have the funds been pooled via a s.75 pooled budget?"
    assert (sheet["C5"].value, sheet["B8"].value, sheet["C8"].value, sheet["C10"].value) == ("Yes", "1) Plans agreed", "Yes", "No - In Progress")  # fmt: skip
    assert sheet["F16"].value == 5_427.71164
    book = openpyxl.load_workbook(io.BytesIO(filled))
    book["Budget"]["C8"], book["Budget"]["E8"], book["Words"]["B2"] = "No", "Not yet.", "From the template"
    out = io.BytesIO()
    book.save(out)
    found = desk.see()
    read = read_return_workbook(read_workbook(out.getvalue()), found.rules, found.asking, mapped)
    assert read.faults == ()
    done = bring_back(
        desk.house, desk.actor("lead"), PLAN, THIRD, read.brought(out.getvalue(), "t.xlsx", "m")
    )
    assert isinstance(done, Receipt)
    assert done.findings == ()
    now = desk.working()
    assert (now.conditions.conditions[0].answer, now.conditions.conditions[0].reason) == (
        "not_met",
        "Not yet.",
    )
    assert (now.narrative.progress, now.money.flows[0].actual) == ("From the template", 542_771_164)
    assert now.metrics == found.last.metrics if found.last else False


def test_a_map_names_what_a_return_does_not_have(desk: Desk) -> None:
    """A field that no return has is named with its line, and with the nearest."""
    wrong = MAP.replace(b"narrative/progress", b"narrative/progres")
    mapped, findings = parse_map("map.yaml", wrong, desk.house.rulebook, sheets_of_return)
    assert mapped is None
    assert "line 5" in findings[0].says
    assert findings[0].remedy == "Did you mean narrative/progress?"


@pytest.fixture
def change() -> Callable[[bytes, str, str], bytes]:
    """Writes the first answer of a sheet anew."""

    def changed(content: bytes, sheet: str, text: str) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        for row in book[sheet].iter_rows():
            if row[0].value == "field:progress":
                row[2].value = text
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return changed


def test_a_return_as_data_reads_back_the_same(desk: Desk) -> None:
    """What is kept is JSON in whole pence, and reads back as what was sent."""
    content = desk.working()
    assert read_return(as_data(content)) == content
    data = return_answers.whole(desk.see(SECOND), sent_content(desk.house, desk.see(SECOND).filed.current))
    assert data["state"] == "Sent"
    so_far = data["so_far"]
    assert isinstance(so_far, dict)
    assert so_far["performance/agreed"]["value"] == 102_810_000
