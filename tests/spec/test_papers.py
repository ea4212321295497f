"""The paper of a plan for its board: what has changed first, every part of the plan in plain words, and nothing that is withheld."""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import docx as word
import pytest
from markupsafe import escape

from carepool.actions.areas import MARK
from carepool.actions.comparing import compare_versions
from carepool.actions.demonstration import Stage, people
from carepool.actions.editing import keep_draft, save_version, section_base
from carepool.actions.house import House
from carepool.actions.papers import WITHHOLDABLE, PaperOf, paper_of
from carepool.actions.planning import view
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.periods import Quarter, in_words
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.commands import Done
from carepool.plans.describe import FieldAbout
from carepool.plans.document import EVERY, as_data, plan_digest
from carepool.plans.redaction import REASONS, verify
from carepool.render import paper_changes
from carepool.render.docx_narrative import docx_narrative
from carepool.render.docx_papers import docx
from carepool.render.narratives import narrative, read_headings, shipped_headings
from carepool.render.papers import html, paper
from carepool.render.pdf import NEEDED, pdf
from carepool.wiring import disk
from tests.reading_pdf import Pdf
from tests.spec.test_money import county

LEAD = "stonebeck.lead"


@dataclass
class Marks:
    """Values that stand nowhere else, one for each field of each section, and how each may be written."""

    number: int
    of: dict[str, list[str]]
    of_field: dict[str, list[str]]
    """By place, the first row of each list."""

    def value(self, section: str, field: FieldAbout, where: str) -> object:
        """A value for a field at a place; those of it are kept."""
        seen = self.of.setdefault(section, [])
        before = len(seen)
        value = self._value(section, field)
        self.of_field.setdefault(where, []).extend(seen[before:])
        return value

    def _value(self, section: str, field: FieldAbout) -> object:
        """A value for a field; a choice has no value of its own."""
        self.number += 1
        number, kind = self.number, field.kind
        seen = self.of.setdefault(section, [])
        if kind in {"choice", "yesno"}:
            return next(iter(field.codes))
        value: object
        if kind == "money":
            value = 7_000_100_017 + number * 1_003
            seen += [str(value), in_pounds(value), in_pounds(value + 50)[:-3]]
        elif kind in {"count", "percent"}:
            value = f"{number % 90}.{number:04}" if kind == "percent" else f"{700_000 + number}.25"
            seen += [str(value), in_figures(Decimal(str(value)))]
        elif kind == "day":
            day = date(2031, 1, 1) + timedelta(days=number)
            value = day.isoformat()
            seen += [value, in_words(day)]
        elif kind == "quarter":
            quarter = Quarter(2021, 1).plus(number)
            value = str(quarter)
            seen += [value, f"{quarter.first_day:%B} to {quarter.last_day:%B %Y}"]
        else:
            value = f"Zq{number}x"
            seen.append(str(value))
        return value

    def content(self, section: str) -> dict[str, object]:
        """A section in which every field is filled in, each list with one row."""
        about = EVERY[section]
        found: dict[str, object] = {
            each.name: self.value(section, each, f"{section}/{each.name}") for each in about.fields
        }
        for rows in about.lists:
            where = f"{section}/{rows.name}/0"
            found[rows.name] = [
                {each.name: self.value(section, each, f"{where}/{each.name}") for each in rows.fields}
            ]
        return found


@pytest.fixture(scope="module")
def base(house: House) -> House:
    """The illustrative county, in March 2016."""
    stage = Stage(county(house), people(disk.county_files()))
    stage.on(2016, 3, 1)
    return stage.house


@pytest.fixture(scope="module")
def marked(house: House) -> tuple[House, Marks]:
    """Stonebeck with two more versions, in which every field of every section holds what stands nowhere else."""
    stage = Stage(county(house), people(disk.county_files()))
    stage.on(2016, 3, 1)
    stage.count = 20_000
    marks = Marks(1000, {}, {})
    for _ in range(2):
        seen = view(stage.house, "stonebeck")
        for section in WITHHOLDABLE:
            actor, begun = stage.actor(LEAD), section_base(seen, section)
            assert keep_draft(stage.house, actor, "stonebeck", section, marks.content(section), begun) is None
        done = save_version(stage.house, stage.actor(LEAD), "stonebeck")
        assert isinstance(done, Done), done
    return stage.house, marks


def chapters(found: PaperOf) -> dict[str, str]:
    """The words of each chapter, by its title."""
    made = {}
    for chapter in paper(found).chapters:
        made[chapter.title] = " ".join(
            " ".join([item.text, *item.points] if hasattr(item, "points") else [item.caption, *(" ".join(row) for row in (*item.rows, item.foot))])
            for item in chapter.items
        )  # fmt: skip
    return made


def chapter(found: PaperOf, title: str) -> str:
    """The words of the chapter whose title begins so."""
    return next(words for name, words in chapters(found).items() if name.startswith(title))


def xml_of(content: bytes) -> str:
    """Everything that stands in a DOCX."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return " ".join(
            file.read(name).decode() for name in file.namelist() if name.endswith((".xml", ".rels"))
        )


# What it says


@pytest.mark.slow
def test_it_begins_with_what_has_changed(base: House) -> None:
    """The first chapter names the version, the one that it is compared with, and every difference in words."""
    found = paper_of(base, "stonebeck")
    assert next(iter(chapters(found))).startswith("What has changed")
    said = chapter(found, "What has changed")
    assert "This is version 2, saved on 7 January 2015. It is compared here with version 1" in said
    assert (
        "One thing has changed since: Schemes, S1, Rapid response, days only, name: was “Rapid response”, is now “Rapid response, days only”."
        in said
    )


@pytest.mark.slow
def test_the_first_version_has_nothing_before_it(base: House) -> None:
    """A first version says that the board has been shown no other."""
    assert "It is the first: the board has been shown no other." in chapter(
        paper_of(base, "lindenmouth"), "What"
    )


@pytest.mark.slow
def test_it_compares_with_what_the_board_was_shown(marked: tuple[House, Marks]) -> None:
    """Without being asked it goes back to the version that the board decided on last; ``since`` names another."""
    house, _ = marked
    found = paper_of(house, "stonebeck")
    assert found.earlier is not None
    assert (found.version.number, found.earlier.version.number) == (4, 2)
    assert "version 2, saved on 7 January 2015, the last one that the board decided on before" in chapter(
        found, "What"
    )
    since = paper_of(house, "stonebeck", since=3)
    assert since.earlier is not None
    assert since.earlier.version.number == 3


@pytest.mark.parametrize("since", [0, 2, 7])
def test_a_version_that_is_not_before_it(base: House, since: int) -> None:
    """A number of no earlier version is refused with those that there are."""
    with pytest.raises(NotHere, match="Choose one of 1 to 1"):
        paper_of(base, "stonebeck", since=since)


def test_no_paper_before_the_first_version(base: House) -> None:
    """A plan of which nothing is saved has no paper."""
    with pytest.raises(NotHere, match="No version of this plan has been saved yet"):
        paper_of(base, "merrow")


def test_how_much_of_the_money_buys_change(base: House) -> None:
    """What is new, what keeps up what would have been cut and what goes on as before add up to all that is spent."""
    found = paper_of(base, "carrowby")
    said = chapter(found, "What has changed")
    total = found.plan.total("spend", "year_2")
    parts = re.search(
        r"Of the (£[\d,.]+) that the plan spends in 2015-16, (£[\d,.]+) \(\d+%\) buys something new, (£[\d,.]+) "
        r"\(\d+%\) keeps up what would have been cut and (£[\d,.]+) \(\d+%\) goes on as before\.",
        said,
    )
    assert parts, said
    whole, *each = (round(float(part[1:].replace(",", "")) * 100) for part in parts.groups())
    assert (whole, sum(each)) == (total, total)


def test_what_the_board_is_asked(base: House) -> None:
    """Whoever has not decided is asked to; a blocker is said; what is decided already is not asked again."""
    assert "Nothing is asked: this version is signed off." in chapter(
        paper_of(base, "carrowby"), "What the board"
    )
    assert "Stonebeck Health and Wellbeing Board refused this version on 12 January 2015" in chapter(
        paper_of(base, "stonebeck"), "What the board"
    )
    asked = chapter(paper_of(base, "lindenmouth"), "What the board")
    assert "The board is asked to agree to version 1 of the plan, or to refuse it" in asked
    assert "The plan cannot be agreed yet: " in asked
    assert "Agreeing commits the money below to a pooled fund held by" in asked


def test_every_part_of_the_plan_is_there(base: House) -> None:
    """Money, schemes, targets and what is at stake, conditions and findings, risks, providers, decisions, digests: each a chapter."""
    found = paper_of(base, "lindenmouth")
    assert [each.split(",")[0] for each in chapters(found)] == [
        "What has changed", "What the board is asked to decide", "The money", "The schemes", "Targets",
        "The national conditions", "Risks and contingency", "What providers say", "Who has decided", "What this paper was made from",
    ]  # fmt: skip
    assert "£250,000 more than is put in" in chapter(found, "The money")
    assert re.search(
        r"(One thing stops|\d things stop) the plan from being agreed: .*In 2015-16 the plan spends £",
        chapter(found, "The national"),
    )
    assert "fewer emergency admissions than the baseline" in chapter(found, "Targets")
    assert "depends on it: what is not earned stays with the NHS commissioners" in chapter(found, "Targets")
    reasons = chapter(paper_of(base, "stonebeck"), "Who has decided")
    assert (
        "The reasons of Stonebeck Health and Wellbeing Board: The board was promised rapid response at night."
        in reasons
    )


def test_date_digest_and_mark(base: House) -> None:
    """The board's name and the date stand on top; date and digest at the foot of every page; the illustrative county is marked."""
    found = paper_of(base, "stonebeck", on=date(2015, 1, 31))
    made = paper(found)
    assert dict(made.about)["For"] == "Stonebeck Health and Wellbeing Board"
    assert dict(made.about)["On"] == "31 January 2015"
    assert made.mark == f"{MARK}."
    assert made.foot == (
        "Stonebeck joint plan, version 2. Paper of 31 January 2015.",
        f"Digest of the plan {plan_digest(found.plan)}",
    )
    foot = word.Document(io.BytesIO(docx(made))).sections[0].footer
    assert [each.text for each in foot.paragraphs][:3] == [made.mark, *made.foot]


# As files


def test_the_page_is_a_file_of_its_own(base: House) -> None:
    """The HTML fetches nothing, and each paragraph has its number, in order."""
    text = html(paper(paper_of(base, "stonebeck")))
    assert not re.findall(r"<link|<script|<img|url\(|@import|https?:", text)
    numbers = re.findall(r'<span class="paper-number">(\d+)\.(\d+)</span>', text)
    assert len(numbers) > 20
    assert numbers == sorted(numbers, key=lambda each: (int(each[0]), int(each[1])))
    assert [int(last) for first, last in numbers if first == "3"] == list(
        range(1, 1 + sum(first == "3" for first, _ in numbers))
    )


def test_the_docx_opens_with_its_headings_in_order(base: House) -> None:
    """The headings are headings, in the order of the chapters; the language is British English; tables repeat their heading row."""
    made = paper(paper_of(base, "stonebeck"))
    file = word.Document(io.BytesIO(docx(made)))
    titles = [each.text for each in file.paragraphs if each.style.name == "Heading 1"]  # type: ignore[union-attr]
    assert titles == [f"{number}. {title}" for number, title, _ in made.numbered()]
    assert (file.core_properties.title, file.core_properties.language) == (made.title, "en-GB")
    assert len(file.tables) > 5
    assert all(table.rows[0]._tr.xpath("w:trPr/w:tblHeader") for table in file.tables)


@pytest.fixture(scope="module")
def printed(marked: tuple[House, Marks]) -> Pdf:
    """The PDF of a paper from which all but the schemes is withheld."""
    withheld = dict.fromkeys([name for name in WITHHOLDABLE if name != "schemes"], "commercial")
    return Pdf(pdf(paper(paper_of(marked[0], "stonebeck", withheld=withheld))))


@pytest.mark.slow
def test_the_pdf_is_tagged(printed: Pdf) -> None:
    """It says that it is marked, has a tree of its structure with headings, lists and tables, a language and a title, and claims PDF/UA-1."""
    assert printed.says("/MarkInfo", "/Marked true", "/StructTreeRoot", "/Lang (en-GB)", "/DisplayDocTitle true")  # fmt: skip
    assert {"H1", "H2", "P", "L", "LI", "Table", "TH", "TD"} <= printed.tags
    assert 'pdfuaid:part="1"' in printed.xmp
    assert printed.title == "Paper for the board: Stonebeck joint plan – carepool"


@pytest.mark.slow
def test_the_pdf_has_its_foot_on_every_page(printed: Pdf) -> None:
    """Date and digest stand on each page, and the mark of the illustrative county."""
    assert printed.pages > 1
    assert printed.text.count("Digest of the plan") >= printed.pages
    assert printed.text.count(MARK) >= printed.pages


def test_without_its_libraries_a_pdf_is_refused(base: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lacks what sets type says so in one sentence, with what to do; the DOCX still works."""

    class Missing(ModuleType):
        def __getattr__(self, name: str) -> Any:
            raise OSError("cannot load library 'libpango-1.0-0'")

    made = paper(paper_of(base, "stonebeck"))
    monkeypatch.setitem(sys.modules, "weasyprint", Missing("weasyprint"))
    with pytest.raises(Unusable, match=f"apt-get install {NEEDED}"):
        pdf(made)
    assert docx(made)


@pytest.mark.slow
def test_what_no_file_may_hold_breaks_nothing(marked: tuple[House, Marks]) -> None:
    """Control characters that somebody pasted are left out of a DOCX, where they would make it unreadable."""
    found = paper_of(marked[0], "stonebeck")
    odd = replace(paper(found), title="Bell\x07 and form feed\x0c <b>&")
    assert word.Document(io.BytesIO(docx(odd))).paragraphs[0].text == "Bell and form feed <b>&"
    assert "<b>&" not in html(odd)


# Withholding


@pytest.fixture
def every_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper lists every change, however many there are, so that there is nowhere to hide."""
    monkeypatch.setattr(paper_changes, "MOST_CHANGES", 10_000)


def held_back(marked: tuple[House, Marks], *sections: str) -> tuple[PaperOf, list[str]]:
    """A paper from which sections are withheld, and every way of writing what they hold or held."""
    house, marks = marked
    found = paper_of(house, "stonebeck", since=3, withheld=dict.fromkeys(sections, "commercial"))
    return found, [each for name in sections for each in marks.of[name]]


def leaks(values: list[str], text: str) -> list[str]:
    """The values that stand in a text, none as a part of a longer number."""
    here = (each for each in values if each in text)
    return [each for each in here if re.search(rf"(?<![\d,.]){re.escape(each)}(?![\d])", text)]


def test_without_withholding_the_marks_are_found(every_change: None, marked: tuple[House, Marks]) -> None:
    """The search that the tests below rely on finds what is there: something of every section, in page and copy."""
    house, marks = marked
    found = paper_of(house, "stonebeck", since=3)
    text, copy = html(paper(found)), json.dumps(found.copy.as_data(), ensure_ascii=False)
    for name in WITHHOLDABLE:
        assert leaks(marks.of[name], copy), name
        assert leaks(marks.of[name], text), name


@pytest.mark.parametrize("section", WITHHOLDABLE)
def test_no_withheld_value_is_anywhere(every_change: None, marked: tuple[House, Marks], section: str) -> None:
    """Neither the page nor the JSON holds anything that the section holds or held in the version before, and both say that it is withheld."""
    found, values = held_back(marked, section)
    text, data = html(paper(found)), found.copy.as_data()
    assert values
    assert leaks(values, text) == []
    assert leaks(values, json.dumps(data, ensure_ascii=False)) == []
    assert f"{escape(EVERY[section].title)}: commercially confidential." in text
    assert verify(data, found.version.digest).matches
    assert found.earlier is not None
    assert leaks(values, json.dumps(as_data(found.earlier.plan), ensure_ascii=False)) == []


@pytest.mark.slow
def test_no_withheld_value_is_in_the_docx(every_change: None, marked: tuple[House, Marks]) -> None:
    """The XML of a DOCX holds none of it, with one section withheld or all."""
    for sections in (("spend",), ("risks", "commentaries"), WITHHOLDABLE):
        found, values = held_back(marked, *sections)
        assert leaks(values, xml_of(docx(paper(found)))) == []
        told = xml_of(docx_narrative(found, *shipped_headings()))
        assert leaks(values, told) == []
    # With everything withheld the narrative says so under each heading, and has an annex for neither scheme nor provider.
    assert told.count("Withheld: commercially confidential.") > 25
    assert "The plan says nothing of this." not in told
    assert "Annex 1. Scheme<" in told


def test_no_withheld_value_is_in_the_pdf(marked: tuple[House, Marks], printed: Pdf) -> None:
    """What the fonts of the PDF write, and its bytes unpacked, hold none of it; what is not withheld is found there."""
    for name in WITHHOLDABLE:
        if name != "schemes":
            assert leaks(marked[1].of[name], printed.text) == [], name
            assert leaks(marked[1].of[name], printed.unpacked) == [], name
    assert leaks(marked[1].of["schemes"], printed.text)


def test_what_is_worked_out_from_it_is_not_said_either(base: House) -> None:
    """With the spend withheld nothing says what the money buys, what a scheme costs, or by how much the years do not add up."""
    whole = paper_of(base, "lindenmouth")
    found = paper_of(base, "lindenmouth", withheld={"spend": "commercial"}, withheld_by="Ann Lee")
    total = in_pounds(whole.plan.total("spend", "year_2"))
    text = html(paper(found))
    assert "£250,000" in html(paper(whole))
    assert "£250,000" not in text
    assert total in html(paper(whole))
    assert total not in text
    assert (
        "How much of the money buys change cannot be said here. This rests on “Money out” (commercially confidential)"
        in text
    )
    assert "finding of this weight (blocker) rests on what is withheld" in text
    assert "one section is withheld by Ann Lee" in text


def test_that_a_withheld_section_has_changed_is_said(marked: tuple[House, Marks]) -> None:
    """Only whether it changed, which its digest tells anyway."""
    found, _ = held_back(marked, "freed")
    assert "The section “Where the money is freed”, which is withheld, has changed." in chapter(found, "What")


def test_the_parties_cannot_be_withheld(base: House) -> None:
    """A paper names the board that it is for."""
    with pytest.raises(Unusable, match="“Parties” cannot be withheld"):
        paper_of(base, "stonebeck", withheld={"parties": "personal"})
    assert set(REASONS) >= {"commercial", "personal"}


FIELDS = {
    section: [
        *(f"{section}/{each.name}" for each in EVERY[section].fields),
        *(f"{section}/{rows.name}/0/{each.name}" for rows in EVERY[section].lists for each in rows.fields if each.kind != "quarter"),
    ]
    for section in WITHHOLDABLE
}  # fmt: skip
"""Every field that can be withheld by itself: of a list, in its first row."""


@pytest.mark.parametrize("section", WITHHOLDABLE)
@pytest.mark.slow
def test_no_withheld_field_is_anywhere(every_change: None, marked: tuple[House, Marks], section: str) -> None:
    """Whichever single field is withheld: page, narrative and JSON hold nothing that it holds or held, and the copy verifies."""
    house, marks = marked
    for where in FIELDS[section]:
        found = paper_of(house, "stonebeck", since=3, withheld={where: "commercial"})
        text, data = html(paper(found)), found.copy.as_data()
        values = marks.of_field[where]
        assert leaks(values, text) == [], where
        assert leaks(values, json.dumps(data, ensure_ascii=False)) == [], where
        told = narrative(found, shipped_headings()[1])
        assert leaks(values, str(told)) == [], where
        assert "one field is withheld; the last chapter says which and why" in text
        assert data["withheld"] == {
            section: {"digest": found.version.sections[section], "reason": "commercial", "fields": {where: "commercial"}}
        }  # fmt: skip
        assert verify(json.loads(json.dumps(data)), found.version.digest).matches


@pytest.mark.parametrize(
    "where",
    ["freed/0/provider", "spend/0/year_2", "sources/0/contributor", "target/0/planned", "schemes/0/name",
     "schemes/0/what", "conditions/0/how", "risks/0/what", "risks/sharing", "protection/pence"],
)  # fmt: skip
def test_the_rest_of_the_section_is_shown(base: House, where: str) -> None:
    """In place of the field stands why it is withheld; what else its row holds is said as before."""
    whole, found = paper_of(base, "carrowby"), paper_of(base, "carrowby", withheld={where: "commercial"})
    said, words = html(paper(found)), "ithheld: commercially confidential"
    if where != "protection/pence":
        assert words in said or "(commercially confidential), which is withheld" in said
    section = where.split("/")[0]
    assert section not in found.withheld.sections
    assert "but a copy of the plan cannot prove it: it holds such a section by its digest alone." in said
    kept = set(chapters(whole)) - {"What this paper was made from"}
    assert kept <= set(chapters(found))


def test_a_withheld_field_in_its_place(base: House) -> None:
    """The provider of one contract is withheld with the reason; the others, and the rest of its row, are there."""
    found = paper_of(base, "carrowby", withheld={"freed/0/provider": "commercial"}, withheld_by="Ann Lee")
    rows = view(base, "carrowby").plan.freed.freed
    money = chapter(found, "The money")
    assert "Provider: Withheld: commercially confidential" in money
    assert in_pounds(rows[0].pence or 0) in money
    last = chapter(found, "What this paper was made from")
    assert "These fields are withheld by Ann Lee." in last
    assert "Where the money is freed, row 1, provider: commercially confidential." in last
    assert "Where the money is freed Shown in part" in last
    assert found.version.sections["freed"] not in last, (
        "by it and the rest of the section a guess could be confirmed"
    )


def test_no_total_gives_a_withheld_amount_away(base: House) -> None:
    """With one amount withheld no sum that it is part of is said: not the year's, not its scheme's, not what the money buys."""
    whole = paper_of(base, "lindenmouth")
    found = paper_of(base, "lindenmouth", withheld={"spend/0/year_2": "commercial"})
    total, first = whole.plan.total("spend", "year_2"), whole.plan.spend.spend[0]
    text = html(paper(found))
    for pence in (total, total - first.year_2, first.year_2, 25_000_000):
        assert leaks([in_pounds(pence)], text) == []
    assert "How much the plan spends in 2015-16 cannot be said here." in text
    assert "Cost: it cannot be said here." in text
    assert re.search(r"finding of this weight \(blocker\) rests on what is withheld", text)
    assert in_pounds(whole.plan.total("spend", "year_1")) in text or not whole.plan.total("spend", "year_1")


@pytest.mark.parametrize(
    ("where", "error", "says"),
    [
        ("freed/freed/9/provider", NotHere, "has no row 9"),
        ("freed/0", Unusable, "is no single field"),
        ("freed/freed", Unusable, "is no single field"),
        ("freed/provder", Unusable, "is no single field"),
        ("fred/0/provider", Unusable, "is no single field"),
        ("target/0/quarter", Unusable, "cannot be withheld by itself"),
        ("parties/host", Unusable, "“Parties” cannot be withheld"),
    ],
)
def test_only_a_field_that_there_is_is_withheld(base: House, where: str, error: type[Exception], says: str) -> None:  # fmt: skip
    """A place that is no field, a row that is not there, what tells which row it is, and the parties are refused."""
    with pytest.raises(error, match=says):
        paper_of(base, "carrowby", withheld={where: "commercial"})


# The narrative


def headings_of(content: bytes) -> Iterator[tuple[str, str]]:
    """Each heading of a DOCX with its level."""
    for each in word.Document(io.BytesIO(content)).paragraphs:
        if each.style is not None and str(each.style.name).startswith("Heading"):
            yield str(each.style.name)[-1], each.text


@pytest.mark.slow
def test_the_narrative_has_the_templates_headings(base: House) -> None:
    """Eight parts in order, an annex for each scheme and each provider, and under each what the plan says of it."""
    content = docx_narrative(paper_of(base, "carrowby"), *shipped_headings())
    titles = list(headings_of(content))
    first = [title for level, title in titles if level == "1"]
    assert [title[0] for title in first[:8]] == list("12345678")
    assert "Annex 1. Scheme S1: Rapid response" in first
    assert ("2", "Management and oversight, with remedial action when a plan goes off track") in titles
    text = xml_of(content)
    assert "One in eight people over 75" in text
    assert MARK in text


def test_another_templates_headings(base: House) -> None:
    """A YAML file maps other headings to sections, fields and lists of the plan."""
    file = b"headings:\n  - {title: Why, of: [vision/case]}\n  - {title: Money, of: ['spend/spend(scheme, year_2)']}\n  - {title: Hospitals, of: [flows]}\n"
    content = docx_narrative(paper_of(base, "carrowby"), *read_headings("ours.yaml", file))
    assert [title for _, title in headings_of(content)] == ["Why", "Money", "Hospitals"]
    assert [cell.text for cell in word.Document(io.BytesIO(content)).tables[0].rows[0].cells] == [
        "Scheme",
        "2015-16",
    ]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"headings: 1", "has no list of headings"),
        (b"headings: [{of: [vision]}]", "has no title"),
        (b"headings: [{title: A, of: [visoin]}]", "Did you mean vision"),
        (b"headings: [{title: A, of: [vision/caes]}]", "Did you mean case"),
        (b"headings: [{title: A, of: ['schemes/schemes(idd)']}]", "asks for “idd”"),
        (b"headings: [{title: A, each: vision/case}]", "which is no list"),
        (b"headings: [{title: A, fo: [vision]}]", "unknown key “fo”"),
        (b"headings: [{title: &a A}]", "anchor"),
        (b"{", "is not YAML"),
    ],
)
def test_headings_that_lead_nowhere(file: bytes, says: str) -> None:
    """A heading that names nothing in a plan is refused in a sentence, with the nearest."""
    with pytest.raises(Unusable, match=re.escape(says)):
        read_headings("ours.yaml", file)


@pytest.mark.slow
def test_paper_and_page_tell_a_changed_row_alike(house: House) -> None:
    """A line of spend with another provider and amount is changed on both, field by field: not taken out and put in anew."""
    stage = Stage(county(house), people(disk.county_files()))
    stage.on(2016, 3, 1)
    stage.count = 30_000
    seen = view(stage.house, "stonebeck")
    first, *rest = seen.plan.spend.spend
    changed = first.model_copy(update={"provider": "Another", "year_2": first.year_2 + 100})
    spend = as_data(seen.plan.spend.model_copy(update={"spend": (changed, *rest)}))
    parties = as_data(seen.plan.parties)
    parties["ccgs"] = [*parties["ccgs"], "Z1A"]  # type: ignore[misc]
    for section, content in (("spend", spend), ("parties", parties)):
        base = section_base(seen, section)
        assert keep_draft(stage.house, stage.actor(LEAD), "stonebeck", section, content, base) is None
    done = save_version(stage.house, stage.actor(LEAD), "stonebeck")
    assert isinstance(done, Done), done
    after = len(view(stage.house, "stonebeck").history.versions)
    changes = compare_versions(stage.house, "stonebeck", after - 1, after)
    assert [each.where.rpartition("/")[2] for each in changes] == ["ccgs", "provider", "year_2"]
    said = chapter(paper_of(stage.house, "stonebeck", since=after - 1), "What has changed")
    assert "3 things have changed since" in said
    assert "Another" in said
    assert "taken out" not in said
    assert "Z1A" in said or "Merrow" in said
