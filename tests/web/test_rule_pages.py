"""The rulebook's pages: every value with its source, its history, what computes with it, and what differs between sets."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise

import pytest
import yaml
from django.test import Client, RequestFactory
from django.urls import resolve

from carepool.actions import delivering, settling, simulating
from carepool.actions.allocations import load_allocations
from carepool.actions.boards import board_page
from carepool.actions.calendar import agenda_for
from carepool.actions.care_counts import evidence
from carepool.actions.demonstration import Stage, go_on, people
from carepool.actions.editing import editing
from carepool.actions.hospitals import Given, about_trust
from carepool.actions.house import House
from carepool.actions.measuring import ask, chart_of
from carepool.actions.nation import RULES, guideline
from carepool.actions.payments import pay
from carepool.actions.permits import Actor
from carepool.actions.planning import begun, view, why_no_plan
from carepool.actions.releasing import agreed_plan, money_of, open_pool_of, pool_books
from carepool.actions.replaying import replay
from carepool.actions.simulating import simulate
from carepool.actions.standings import standing_of
from carepool.actions.uses import READINGS, uses_of
from carepool.basics.money import in_pounds
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.care.planning.eligibility import Judgement, judge_eligibility
from carepool.care.sharing.deciding import Asked, decide
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.partnership import regulations
from carepool.partnership.reading import read_agreement
from carepool.pool.approving import Side
from carepool.pool.settled import of_release
from carepool.render import difference_words, rule_words
from carepool.render.answers import difference as difference_data
from carepool.render.answers import to_json
from carepool.rules.consistency import lists_of
from carepool.rules.difference import Difference, What, difference
from carepool.rules.parse import parse
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.scalars import Moment
from carepool.rules.schema import KINDS, Composition, Section
from carepool.signoff.standing import Status
from carepool.web.rule_links import link_of
from carepool.wiring import disk
from carepool.wiring.house import current_house
from tests.spec.test_money import county
from tests.web.addresses import KENT
from tests.web.conftest import State
from tests.web.reading import Page, Reader

SETS = (
    "itf-2013-08", "bcf-2013-12", "bcf-2014-02", "bcf-2014-08", "bcf-2015-03", "bcf-2016-17", "bcf-2025-26",
)  # fmt: skip
EACH_SET = pytest.mark.parametrize("name", SETS)
LIMIT = 150_000


@pytest.fixture(scope="session")
def book(loaded: State) -> Rulebook:
    """The rulebook of the running service."""
    return current_house().rulebook


def cited(thing: object) -> Iterator[dict[str, str]]:
    """Everything with a source in a file as it is written, read without the house's own reader."""
    if isinstance(thing, dict):
        if "source" in thing:
            yield thing
        for each in thing.values():
            yield from cited(each)
    elif isinstance(thing, list):
        for each in thing:
            yield from cited(each)


def written(rules: RuleSet, path: str = "") -> list[dict[str, str]]:
    """Everything with a source in the files of a set."""
    return [
        each
        for name, content in rules.files.items()
        if path in {"", name}
        for each in cited(yaml.load(content, Loader=yaml.BaseLoader))
    ]


def said(text: str) -> str:
    """A text as a page has it, on one line."""
    return " ".join(text.split())


# The list


@pytest.mark.slow
def test_the_sets_stand_in_the_order_of_their_days(read: Reader, book: Rulebook) -> None:
    """Each with its standing, days, number of conditions and metrics, the fund and its recalled values, as the files say."""
    page = read("/rules")
    rows = list(page.tables["sets-table"])
    assert [row["Set"] for row in rows] == [book.sets[name].about.title for name in SETS]
    for row, rules in zip(rows, book.in_order, strict=True):
        assert row["Standing"].lower() == rules.about.status
        assert int(row["Conditions"]) == len(rules.conditions.conditions)
        metrics = rules.files.get("metrics", b"")
        assert int(row["Metrics"]) == len(re.findall(rb"\bid:", metrics))
        assert row["The fund"] == in_pounds(rules.composition.total)
        found = written(rules)
        recalled = sum(each["confidence"] == "recalled" for each in found)
        assert row["Recalled values"] == f"{recalled} of {len(found)}"
    assert [row["How it pays for performance"] for row in rows] == [
        "In 2 tranches; the measures are left open",
        "In 3 tranches, by conditions and metrics",
        "In 3 tranches; nothing is withheld",
        "By quarters: Non-elective admissions, all ages",
        "By quarters: Non-elective admissions, all ages",
        "Not by performance: £1.0bn goes out of hospital",
        "Nothing is paid by performance",
    ]
    for before, after in pairwise(SETS):
        assert page.find("a", href=f"/rules/{before}..{after}")


# A set


@EACH_SET
def test_a_set_shows_every_value_with_its_source(read: Reader, book: Rulebook, name: str) -> None:
    """Every source stands on the page behind its tag, how many are recalled stands first, and the page is light enough."""
    page, rules = read(f"/rules/{name}"), book.sets[name]
    assert page.problems == []
    assert len(page.html.encode()) < LIMIT
    found = written(rules)
    for each in found:
        assert said(f"{each['confidence'].capitalize()} {each['source']}") in page.text, each
    recalled = sum(each["confidence"] == "recalled" for each in found)
    assert f"{recalled} of its {len(found)} value" in page.text[: page.text.index("Contents")]


@EACH_SET
def test_every_file_and_entry_leads_to_its_own_page(read: Reader, book: Rulebook, name: str) -> None:
    """The contents name every file, in the order in which a reader meets them, and each entry is a link to a place that exists."""
    page, rules = read(f"/rules/{name}"), book.sets[name]
    paths = [path for path in rules.sections if path != "set"]
    contents = [
        each["href"]
        for each in page.find("a")
        if each["href"].startswith("#") and each["href"] != "#maincontent"
    ]
    assert sorted(contents) == sorted(f"#{path.replace('/', '-')}" for path in paths)
    known = [f"#{path.replace('/', '-')}" for path in KINDS]
    assert [each for each in contents if each in known] == [each for each in known if each in contents]
    for path, section in rules.sections.items():
        assert (f"/rules/{name}/{path}", "") in page.links
        for entries in lists_of(section).values() if path != "set" else ():
            leads = {fragment for to, fragment in page.links if to == f"/rules/{name}/{path}"}
            assert {str(each.key) for each in entries} <= leads  # type: ignore[attr-defined]


def test_what_must_be_told_stands_first(read: Reader, book: Rulebook) -> None:
    """That a set was proposed, computes no payment and why, and how many values are recalled, before the contents."""
    page = read("/rules/itf-2013-08")
    top = page.text[: page.text.index("Contents")]
    assert "These rules were proposed. They are not what was operated." in top
    assert "without measures and weights of your own" in top
    assert re.search(r"[1-9]\d* of its \d+ values (is|are) recalled", top)
    for name in SETS:
        words = read(f"/rules/{name}").text
        try:
            _ = book.sets[name].release
        except Unusable as error:
            assert str(error) in words[: words.index("Contents")]
        else:
            assert "lay down no computation" not in words


def test_the_totals_are_those_of_the_rulebook(read: Reader, book: Rulebook) -> None:
    """Each stream, the parts added, and each total as it was stated with its difference from the parts."""
    for name in SETS:
        composition, text = book.sets[name].composition, read(f"/rules/{name}").text
        for stream in composition.streams:
            assert f"{stream.says} {in_pounds(stream.pence)}, received by" in text
        assert f"The parts, added: {in_pounds(composition.total)}" in text
        for stated in composition.stated:
            assert (
                f"Stated as {in_pounds(stated.pence)}; its parts add to {in_pounds(composition.sum_of(stated.of))}"
                in text
            )
    assert "a difference of +£16,359,000" in read("/rules/bcf-2014-08").text


def test_a_set_as_json(read: Reader, book: Rulebook) -> None:
    """Every file in JSON's shapes: money in pence, quarters as they are written."""
    data = read.answer("/rules/bcf-2014-08.json").json()
    assert set(data["files"]) == set(book.sets["bcf-2014-08"].sections)
    assert data["files"]["payment/release"]["performance_quarters"][0] == "2014-15Q4"
    assert data["files"]["composition"]["streams"][0]["pence"] == 13_000_000_000
    assert data["no_payment"] is None
    assert "lay down no computation" in read.answer("/rules/bcf-2016-17.json").json()["no_payment"]


# A file


@EACH_SET
def test_every_file_has_a_sound_page(client: Client, book: Rulebook, name: str) -> None:
    """Every entry has a place of its own to link to, every source is shown, and the JSON holds the same file."""
    for path, section in book.sets[name].sections.items():
        answer = client.get(f"/rules/{name}/{path}")
        page = Page(f"/rules/{name}/{path}", answer.content.decode())
        assert answer.status_code == 200
        assert page.problems == []
        assert len(answer.content) < LIMIT
        for entries in lists_of(section).values():
            assert all(page.ids[str(each.key)] == 1 for each in entries)  # type: ignore[attr-defined]
        for each in written(book.sets[name], path):
            assert said(f"{each['confidence'].capitalize()} {each['source']}") in page.text, (path, each)
        data = client.get(f"/rules/{name}/{path}.json").json()
        assert (data["rules"], data["path"]) == (name, path)
        assert [each["rules"] for each in data["history"]] == list(SETS)
        assert [each["there"] for each in data["history"]] == [
            path in book.sets[one].sections for one in SETS
        ]


def test_a_value_with_its_dates_and_history(read: Reader) -> None:
    """1,490 pounds from 18 August 2014, recalled, known until the end of March 2016; nothing stood there before or after."""
    text = read("/rules/bcf-2014-08/payment/unit_value").text
    assert (
        "From 18 August 2014 £1,490 per admission Recalled Technical Guidance, revised 18 August 2014" in text
    )
    assert "31 March 2016; asking past that is refused" in text
    assert re.search(r"Checked on \d+ \w+ \d{4} by carepool developers; to be checked again by", text)
    history = text[text.index("Its history") :]
    assert [history.index(word) for word in ("statement of August 2013 Nothing stands here.", "(this page) £1,490", "2016-17 Nothing stands here. It is no longer laid down.")]  # fmt: skip
    conditions = read("/rules/bcf-2013-12/conditions").text
    assert "From itf-2013-08: 2 lost, 3 changed." in conditions
    assert "Seven-day working" in conditions


@pytest.mark.slow
def test_a_file_says_when_its_check_is_overdue(house: House, loaded: State) -> None:
    """Past its date the page says that it is overdue; a file that has no date of its own has that of its set."""
    late = replace(house, clock=lambda: datetime(2031, 1, 1, tzinfo=UTC))
    for path, whole in (("payment/unit_value", False), ("conditions", True)):
        asked = f"/rules/bcf-2014-08/{path}"
        match = resolve(asked)
        for asked_of, overdue in ((late, True), (house, False)):
            request = RequestFactory(SERVER_NAME="localhost").get(asked)
            request.house = asked_of  # type: ignore[attr-defined]
            page = Page(asked, match.func(request, *match.args, **match.kwargs).content.decode())
            assert ("that is overdue." in page.text) is overdue
            assert bool("The set as a whole was checked on" in page.text) is whole
            assert ("Overdue" in page.text) is overdue
        data = resolve(f"{asked}.json")
        request = RequestFactory(SERVER_NAME="localhost").get(f"{asked}.json")
        request.house = late  # type: ignore[attr-defined]
        assert json.loads(data.func(request, *data.args, **data.kwargs).content)["checked"]["overdue"] is True


def test_what_nothing_computes_with_says_so(read: Reader) -> None:
    """A file that no reading reads is only shown; one that is read names what reads it."""
    assert "Shown to readers; nothing computes with it yet." in read("/rules/bcf-2014-08/assurance").text
    page = read("/rules/bcf-2014-08/payment/unit_value").text
    assert "“carepool payment”: what plans and outturns in a file earn." in page
    assert "nothing computes" not in page
    # England's page is worked out under one set only.
    assert "England: what a uniform cut" in read("/rules/bcf-2014-08/composition").text
    assert "England: what a uniform cut" not in read("/rules/itf-2013-08/composition").text


def test_what_a_working_cites_can_be_found(book: Rulebook, client: Client) -> None:
    """A citation becomes the page of the file, and of the entry in it; what is no rule becomes nothing."""
    assert link_of(book, "bcf-2014-08/payment/unit_value") == "/rules/bcf-2014-08/payment/unit_value"
    assert (
        link_of(book, "bcf-2014-08/conditions jointly_agreed")
        == "/rules/bcf-2014-08/conditions#jointly_agreed"
    )
    assert link_of(book, "Monthly Activity Return") is None
    assert link_of(book, "bcf-2014-08/nowhere") is None


# What differs


def pairs() -> list[tuple[str, str]]:
    return [(one, other) for one in SETS for other in SETS if one != other]


@pytest.mark.parametrize(("before", "after"), pairs())
def test_what_differs_between_any_two_sets(read: Reader, book: Rulebook, before: str, after: str) -> None:
    """The money adds, every entry that differs is said or stands in a table, and the page, the CSV and the JSON agree."""
    page = read(f"/rules/{before}..{after}")
    found = difference(book.sets[before], book.sets[after])
    assert page.problems == []
    assert len(page.html.encode()) < LIMIT
    first, second = (book.sets[name].composition for name in (before, after))
    table = page.tables["money-table"]
    for row in list(table)[:-1]:
        sides = [
            next((each.pence for each in one.streams if each.says == row["Stream"]), None)
            for one in (first, second)
        ]
        renamed = {each.key for each in first.streams} & {each.key for each in second.streams}
        if None in sides and any(
            each.says == row["Stream"] and each.key in renamed for each in second.streams
        ):
            continue
        assert [row["Before"], row["After"]] == [
            "not in it" if each is None else in_pounds(each) for each in sides
        ]
    total = table.rows[-1]
    assert total[1:] == [
        in_pounds(first.total),
        in_pounds(second.total),
        rule_words.moved(second.total - first.total),
    ]
    assert sum(pence(row["Moved"]) for row in list(table)[:-1]) == second.total - first.total
    for each in difference_words.to_show(found):
        assert said(difference_words.title_of_change(found, each)) in page.text, each
    for need in found.needs:
        assert said(need.says) in page.text
    rows = list(
        csv.DictReader(io.StringIO(read.answer(f"/rules/{before}..{after}.csv").content.decode(), newline=""))
    )
    assert {(row["file"], row["list"], row["key"], row["what"]) for row in rows} == {
        (each.path, each.group, each.key, each.what.value) for each in found.changes
    }
    assert read.answer(f"/rules/{before}..{after}.json").json() == json.loads(to_json(difference_data(found)))


def pence(moved: str) -> int:
    """The pence that a cell of the column “Moved” stands for."""
    return int(moved.replace("−", "-").replace("+", "").replace("£", "").replace(",", "")) * 100


def test_the_first_sentence_counts(read: Reader) -> None:
    """Conditions gained, lost and changed, metrics, the fund, and how it pays."""
    text = read("/rules/itf-2013-08..bcf-2014-08").text
    assert (
        "From itf-2013-08 to bcf-2014-08: of the conditions, 2 lost, 3 changed; of the metrics, 6 gained; the fund grows "
        "by £3,641,000, from £3,780,000,000 to £3,783,641,000." in text
    )
    assert "Stated: The whole fund £3,800,000,000 £3,800,000,000 £0" in text
    assert "£1,490 per admission from 18 August 2014." in text


def test_only_a_source_changed_is_folded_away(read: Reader, book: Rulebook) -> None:
    """Entries of which only the citation changed stand in a fold, and nowhere else."""
    page = read("/rules/itf-2013-08..bcf-2014-08")
    found = difference(book.sets["itf-2013-08"], book.sets["bcf-2014-08"])
    number = len([each for each in found.changes if each.what is What.RECITED])
    assert f"Only the source, or how sure we are, changed: {number} entries" in page.text_of("details")
    assert (
        page.text.count("Agreed impact on hospitals")
        == page.text_of("details").count("Agreed impact on hospitals")
        == 1
    )


def test_each_need_leads_to_the_rule_that_asks(read: Reader, book: Rulebook, client: Client) -> None:
    """Every need has a link to an entry of the later set, or of the earlier one for what is gone."""
    page = read("/rules/bcf-2016-17..bcf-2025-26")
    assert ("/rules/bcf-2025-26/set", "places") in page.links
    assert ("/rules/bcf-2025-26/conditions", "objectives") in page.links
    gone = read("/rules/itf-2013-08..bcf-2014-08")
    assert ("/rules/itf-2013-08/composition", "other_capital") in gone.links
    assert "What a plan made under itf-2013-08 needs under bcf-2014-08" in gone.text


def test_a_set_and_itself(read: Reader) -> None:
    """A set does not differ from itself, and the page says so and no more."""
    page = read("/rules/bcf-2014-08..bcf-2014-08")
    assert "bcf-2014-08 and bcf-2014-08 are the same." in page.text
    assert "Contents" not in page.text
    assert page.tables == {}
    data = read.answer("/rules/bcf-2014-08..bcf-2014-08.json").json()
    assert (data["same"], data["changes"], data["needs"]) == (True, [], [])


def test_the_form_leads_to_the_difference(client: Client) -> None:
    """Two sets are chosen in a form that needs no script, and its answer has an address."""
    answer = client.get("/rules?before=bcf-2014-08&after=bcf-2015-03")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rules/bcf-2014-08..bcf-2015-03")
    page = Page("/rules/bcf-2015-03", client.get("/rules/bcf-2015-03").content.decode())
    assert [each["action"] for each in page.find("form", method="get")] == ["/rules"]
    chosen = [each["value"] for each in page.find("option") if "selected" in each]
    assert chosen == ["bcf-2014-08", "bcf-2015-03"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("before=bcf-2014-8&after=bcf-2015-03", ["Did you mean bcf-2014-08?"]),
        ("before=&after=bcf-2015-03", ["Choose a set of rules."]),
        ("before=%3Cscript%3E&after=%00", ["There is no set of rules “<script>”"]),
    ],
)
def test_a_form_that_names_no_set(client: Client, query: str, says: list[str]) -> None:
    """400, the sentence above and at its field, and the list of sets as ever."""
    answer = client.get(f"/rules?{query}")
    page = Page("/rules", answer.content.decode())
    assert answer.status_code == 400
    assert page.problems == []
    assert page.title.strip().startswith("Error: ")
    for each in says:
        assert page.text.count(each) == 2
    assert len(list(page.tables["sets-table"])) == len(SETS)


def test_a_refusal_as_data(client: Client) -> None:
    """What does not exist is refused in JSON where JSON or CSV was asked for."""
    for path in ("/rules/bcf-2014-8..bcf-2014-08.csv", "/rules/bcf-2014-08/payment/unit-value.json"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Did you mean" in answer.json()["problems"][0]["says"]


# Words


SMALL = b"""title: T
says: S
status: draft
issued: 2020-01-01
governs: {from: 2020-01-01, to: 2020-12-31}
source: a paper
confidence: published
checked: {by: us, on: 2020-01-01, again_by: 2021-01-01}
"""


def small(**contents: tuple[bytes, bytes]) -> Difference:
    """The difference of two small sets, each with these files besides its set.yaml."""
    files = {f"{name}/set.yaml": SMALL for name in "ab"}
    for path, both in contents.items():
        files |= {f"{name}/{path}.yaml": content for name, content in zip("ab", both, strict=True)}
    found, _ = parse(files)
    return difference(found.named("a"), found.named("b"))


def test_a_moved_deadline_is_said_in_london_time() -> None:
    """Days as people write them, a time with “London time”, noon as noon."""
    event = b"says: When\nevents:\n  - {id: plans, says: Plans are due, kind: deadline, at: %s, source: s, confidence: published}\n"
    found = small(timetable=(event % b"2020-03-31", event % b"2020-05-27 12:00"))
    text = difference_words.difference_text(found)
    assert (
        "  Changed: Plans are due (timetable)\n    When: 31 March 2020 -> 27 May 2020 at noon, London time\n"
        in text
    )
    assert "What a plan made under a needs under b" in text


def test_a_yes_or_no_and_a_number_with_its_unit() -> None:
    """A value is read in its unit, what is yes or no as such, and names without their underscores."""
    value = b"says: A rate\nunit: pounds per admission\nvalues:\n  - {from: 2020-01-01, value: %s, source: s, confidence: published}\nknown_until: 2020-12-31\nchecked: {by: us, on: 2020-01-01, again_by: 2021-01-01}\n"
    found = small(rate=(value % b"1490", value % b"1700.50"))
    assert "    Value: £1,490 per admission -> £1,700.50 per admission\n" in difference_words.difference_text(
        found
    )
    assert rule_words.value_words("pays", True) == "yes"
    assert rule_words.value_words("offices", ("chief_executive",)) == "chief executive"
    assert rule_words.value_words("smallest_share", Decimal(10)) == "10%"
    assert rule_words.with_unit(Decimal("3.5"), "per cent") == "3.5%"
    moment = Moment(
        written="2016-05-27 17:30",
        instant=datetime(2016, 5, 27, 16, 30, tzinfo=UTC),
        day=date(2016, 5, 27),
    )
    assert rule_words.moment_words(moment) == "27 May 2016 at 17:30, London time"


def test_a_set_without_a_fund_has_no_table_of_money() -> None:
    """Where neither set has a composition no money is told, and nothing breaks."""
    found = small()
    assert difference_words.difference_text(found) == "a and b are the same.\n"
    assert difference_data(found)["money"]["before_pence"] is None  # type: ignore[index]


# What computes with the rules


class Noted(Mapping[str, Section]):
    """The files of a set, noting which of them are read; to walk through all of them reads none."""

    def __init__(self, held: Mapping[str, Section], read: set[str]) -> None:
        self._held, self._read = held, read

    def __getitem__(self, path: str) -> Section:
        found = self._held[path]
        self._read.add(path)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def items(self):  # type: ignore[no-untyped-def]
        """As ever."""
        return self._held.items()


class Watched:
    """A house whose rules note what is read of them."""

    def __init__(self, house: House) -> None:
        self.read: set[str] = set()
        self.house = house
        sets = {
            name: replace(rules, sections=Noted(rules.sections, self.read))
            for name, rules in house.rulebook.sets.items()
        }
        self._sets = sets

    def fresh(self) -> House:
        """The house with nothing worked out before."""
        return replace(self.house, rulebook=Rulebook(self._sets), _allocations={}, _nations={})


CLAIMS = "board,quarter,baseline,planned,actual\n" + "".join(
    f"{KENT},{quarter},1000,965,970\n" for quarter in ("2014-15Q4", "2015-16Q1", "2015-16Q2", "2015-16Q3")
)


Act = Callable[[], object]


def nation_read(house: House) -> Act:
    return lambda: house.nation(RULES, guideline(house.rulebook.named(RULES)))


def board_read(house: House) -> Act:
    return lambda: board_page(house, KENT, RULES, guideline(house.rulebook.named(RULES)), None)


def allocated(house: House) -> Act:
    return lambda: [house.allocation(each.name) for each in house.rulebook.in_order]


def official_read(house: House) -> Act:
    content = f"stream,commissioner,board,pounds\nreablement,,{KENT},1\n".encode()
    rules, places = house.rulebook.named(RULES), house.england.places
    return lambda: load_allocations(
        MemoryJournal(), rules, places, "a.csv", content, by="us", clock=house.clock
    )


def paid(house: House) -> Act:
    return lambda: pay(house, RULES, "claims.csv", CLAIMS.encode()).statements[0]


def simulated(house: House) -> Act:
    one, other = house.rulebook.named("bcf-2015-03"), house.rulebook.named(RULES)
    return lambda: simulate(house, one, other, simulating.first_ambition(one, other))


def refused(house: House) -> Act:
    def act() -> None:
        for rules in house.rulebook.in_order:
            if "payment/release" not in rules.files:
                with pytest.raises(Unusable):
                    _ = rules.release

    return act


def started(house: House) -> Act:
    seen = view(house, "merrow")
    return lambda: (
        [why_no_plan(rules) for rules in house.rulebook.in_order],
        begun(house, seen.history, seen.area),
    )


def checked(house: House) -> Act:
    return lambda: view(house, "lindenmouth").findings[0]


def standing_read(house: House) -> Act:
    seen = view(house, "stonebeck")
    return lambda: standing_of(house, seen)


def calendar_read(house: House) -> Act:
    seen = view(house, "stonebeck")
    standing = standing_of(house, seen)
    return lambda: agenda_for(house, seen, standing)


def office_held(house: House) -> Act:
    seen = view(house, "merrow")
    return lambda: editing(house, seen, Actor("nobody", "key", "Nobody"))


def money_read(house: House) -> Act:
    seen = view(house, "carrowby")
    return lambda: (standing_of(house, seen), money_of(house, "carrowby", date(2016, 3, 1)))


def delivered(house: House) -> Act:
    agreed = agreed_plan(house, "carrowby")
    return lambda: (delivering.rule_of(agreed.rules), delivering.may_tell(house, agreed, "nobody"))


def settled(house: House) -> Act:
    agreed, nobody = agreed_plan(house, "carrowby"), Actor("nobody", "key", "Nobody")
    (quarter, ccg), *_ = pool_books(house, agreed).releases
    return lambda: (
        settling._rule(house, agreed, Quarter(2015, 1)),
        settling.dispute_of(
            house, nobody, "carrowby", of_release(quarter, ccg), Side.HOST, "We count otherwise."
        ),
    )


def agreement_read(house: House) -> Act:
    file = files("carepool").joinpath("illustrative/carrowby_agreement.yaml")
    agreement, lines, _ = read_agreement("a.yaml", file.read_bytes())
    assert agreement
    return lambda: regulations.check("a.yaml", agreement, lines, *house.rulebook.section_75(date(2015, 4, 1)))


def opened(house: House) -> Act:
    """Ministers sign a plan off, so that its pool can be opened; a county of its own, which this changes."""
    stage = Stage(county(house), people(disk.county_files()))
    stage.on(2016, 3, 1)
    stage.count = 10_000
    go_on(stage, "wolds", "signed_off", "minister.office")
    seen, opener = view(stage.house, "wolds"), stage.actor("wolds.ccg.finance")

    def act() -> None:
        assert standing_of(stage.house, seen).status is Status.SIGNED_OFF
        assert isinstance(open_pool_of(stage.house, opener, "wolds"), Done)

    return act


def replayed(house: House) -> Act:
    return lambda: replay(house, "2015-16", stand_in=True)


def measured(house: House) -> Act:
    return lambda: ask(house, "delayed_transfers", "E10000016")


def charted(house: House) -> Act:
    return lambda: chart_of(house, "delayed_transfers", "E10000016")


def beds_reckoned(house: House) -> Act:
    return lambda: about_trust(house, "RWE", Given(Decimal("3.5")))


def shared_by_rule(house: House) -> Act:
    asked = Asked("direct_care", "practitioner", "team", date(2015, 4, 1))
    return lambda: decide(*house.rulebook.sharing(asked.on), asked)


def kept_by_rule(house: House) -> Act:
    rules, _ = house.rulebook.sharing(date(2015, 4, 1))
    return lambda: rules.value("retention", date(2015, 4, 1))


def traced_by_rule(house: House) -> Act:
    return lambda: house.rulebook.number_statuses.coded("01")


def eligible(house: House) -> Act:
    day = date(2015, 4, 1)
    found = Judgement(people="adult", on=day, by="worker", arises=True, unable=("hygiene",), wellbeing=True)
    return lambda: judge_eligibility(house.rulebook.caring(day), found)


def counts_worded(house: House) -> Act:
    return lambda: evidence(house, "ZZ1")


RUNS: dict[str, Callable[[House], Act]] = {
    "nation": nation_read,
    "board": board_read,
    "allocate": allocated,
    "official": official_read,
    "payment": paid,
    "regimes": replayed,
    "simulate": simulated,
    "refusal": refused,
    "start": started,
    "check": checked,
    "standing": standing_read,
    "calendar": calendar_read,
    "office": office_held,
    "money": money_read,
    "delivery": delivered,
    "settle": settled,
    "open": opened,
    "agreement": agreement_read,
    "measure": measured,
    "chart": charted,
    "capacity": beds_reckoned,
    "sharing": shared_by_rule,
    "retention": kept_by_rule,
    "trace": traced_by_rule,
    "eligibility": eligible,
    "counts": counts_worded,
}
"""How each reading of the register is prepared; what comes back is the reading itself."""


@pytest.fixture(scope="module")
def watched(house: House) -> Watched:
    """The county's house, watched."""
    return Watched(county(house))


def test_every_reading_can_be_run() -> None:
    """The register and this test name the same readings."""
    assert [each.name for each in READINGS] == list(RUNS)


@pytest.mark.parametrize("reading", READINGS, ids=[each.name for each in READINGS])
@pytest.mark.slow
def test_the_register_is_what_is_read(
    watched: Watched, reading: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reading reads is in the register, and what the register says was read by it."""
    # What differs is shown beside a simulation; no figure rests on it.
    monkeypatch.setattr(simulating, "difference", lambda before, after: Difference(before, after, (), ()))
    each = next(one for one in READINGS if one is reading)
    read = RUNS[each.name](watched.fresh())
    watched.read.clear()
    read()
    assert watched.read == set(each.paths), each.says


def test_every_file_that_is_computed_with_says_so(book: Rulebook) -> None:
    """No path of the register is in no set, and each names its uses."""
    paths = {path for rules in book.sets.values() for path in rules.sections}
    claimed = {path for each in READINGS for path in each.paths}
    assert claimed <= paths
    assert all(any(uses_of(path, rules) for rules in book.sets.values()) for path in claimed)
    assert not uses_of("savings/planned", book.sets[RULES])
    # What is only for sets that pay, or only for those that do not, is not said of the others.
    said_of = {rules.name: {each.says for each in uses_of("set", rules)} for rules in book.in_order}
    for each in READINGS:
        if "set" in each.paths and each.pays is not None:
            assert {name for name, says in said_of.items() if each.says in says} == {
                rules.name for rules in book.in_order if rules.pays is each.pays
            }
    assert isinstance(book.sets[RULES].sections["composition"], Composition)
