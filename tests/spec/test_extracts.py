"""Ledgers: a month of a body's own ledger comes into the pool by a map, once and to the penny, or is refused with row and column."""

import io
from dataclasses import replace
from datetime import date

import pytest
import xlsxwriter

from carepool.basics.findings import Severity, blocks
from carepool.basics.money import Pence
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done
from carepool.pool.accounts import Account, Entry, Event, Heading
from carepool.pool.actuals import Part
from carepool.pool.books import stream_of
from carepool.pool.extracts import Extract, NoAmount, month_of, pence_of, read_extract
from carepool.pool.facts import books_of
from carepool.pool.importing import (
    Beside,
    Importing,
    beside_last,
    clear_suspense,
    findings_of,
    fits_pool,
    import_extract,
    moves_by,
)
from carepool.pool.maps import Pattern, ReadMap, read_map
from carepool.pool.tabular import Grid
from carepool.pool.variances import (
    explain_budget,
    explain_forecast,
    explain_variance,
    make_forecast,
    straight_line,
    variances,
)
from carepool.workbooks.ledgers import grid_of
from tests.spec.test_books import CCG, COUNCIL, NHS, Pool

D, E, WHY = "d" * 64, "e" * 64, "f" * 64
TODAY = date(2015, 9, 20)
MAP = f"""
says: The council's ledger (fictitious)
name: council
body: {COUNCIL}
kind: monthly
columns: {{period: Period, cost_centre: Cost centre, subjective: Subjective, amount: Net}}
rules:
  - {{cost_centre: 41000..41999, scheme: s2, source: {NHS}}}
  - {{cost_centre: "4150*", scheme: s1, source: {NHS}}}
  - {{cost_centre: "41501", subjective: "9*", ignore: Recharges within the council}}
"""
HEAD = "Period,Cost centre,Subjective,Net\n"


def mapped(text: str = MAP, **changes: str) -> ReadMap:
    """A map, with some of its lines changed."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    by, findings = read_map("map.yaml", text.encode())
    assert by, findings
    return by


def rows(*lines: str, month: str = "2015-06", head: str = HEAD) -> bytes:
    return (head + "".join(f"{month},{line}\n" for line in lines)).encode()


def grid(content: bytes | str, by: ReadMap) -> Grid:
    return grid_of("ledger.csv", content.encode() if isinstance(content, str) else content, by)


def read(
    content: bytes | str, by: ReadMap | None = None, control: Pence | None = None, period: str = ""
) -> Extract:
    by = by or mapped()
    found, findings = read_extract(grid(content, by), by, year="2015-16", control=control, period=period)
    assert found, [each.says for each in findings]
    return found


def wrong(
    content: bytes | str, by: ReadMap | None = None, control: Pence | None = None, period: str = ""
) -> str:
    """Everything that is wrong with an extract, which must be something."""
    by = by or mapped()
    found, findings = read_extract(grid(content, by), by, year="2015-16", control=control, period=period)
    assert found is None
    assert all(each.remedy and each.where.startswith("ledger.csv") for each in findings)
    return " ".join(f"{each.says} {each.remedy}" for each in findings)


def faults(text: str) -> str:
    by, findings = read_map("map.yaml", text.encode())
    assert by is None
    return " ".join(f"{each.says} {each.remedy}" for each in findings)


def net(extract: Extract) -> dict[tuple[str, str], Pence]:
    return {key[1:]: pence for key, pence in extract.totals.items() if key[0] is Part.SPENT}


class Ledgers(Pool):
    """An open pool into which ledgers come."""

    today = TODAY

    def bring(self, extract: Extract, by: ReadMap | None = None, **asked: object) -> Done | Refused:
        told = Importing(E, str(asked.pop("map", D)), asked.pop("today", TODAY), **asked)  # type: ignore[arg-type]
        return self.do(lambda books: import_extract(books, extract, by or mapped(), told))

    def must(self, extract: Extract, by: ReadMap | None = None, **asked: object) -> dict[str, object]:
        done = self.bring(extract, by, **asked)
        assert isinstance(done, Done), done
        assert self.books.trial_balance() == 0
        assert isinstance(done.answer, dict)
        return done.answer

    def no(self, extract: Extract, by: ReadMap | None = None, **asked: object) -> str:
        before = self.books
        done = self.bring(extract, by, **asked)
        assert isinstance(done, Refused), done
        assert self.books == before
        return done.says

    def spent(self, scheme: str, source: str = NHS) -> Pence:
        return self.books.balances.get(Account(Heading.SPENT, scheme, source), 0)

    def codes(self) -> list[str]:
        return [each.code for each in findings_of(self.books)]


def month(number: int, pence: Pence, kind: str = "monthly", unknown: Pence = 0) -> Extract:
    """A month's extract that spends so much of s2, and so much nobody knows for what."""
    by = mapped(**{"kind: monthly": f"kind: {kind}"})
    lines = [f"41000,1000,{pence / 100:.2f}"] + ([f"77000,3000,{unknown / 100:.2f}"] if unknown else [])
    return read(rows(*lines, month=f"2015-{number:02}"), by, pence + unknown)


# The map.


def test_the_rule_that_says_most_wins() -> None:
    """The one for the fewest codes: a code before a range or a beginning, and any of them before all; the cost centre before the subjective."""
    by = mapped(
        MAP
        + f"  - {{subjective: '3000', scheme: s3, source: {NHS}}}\n  - {{cost_centre: 41500..41509, scheme: s3, source: {NHS}}}\n"
    )
    found = {
        code: by.rule(*code)
        for code in [
            ("41000", "3000"),
            ("41505", "1"),
            ("41501", "9100"),
            ("99999", "3000"),
            ("99999", "1"),
            ("415099", "1"),
        ]
    }
    says = {code: rule and (rule.ignore or rule.scheme) for code, rule in found.items()}
    assert says == {
        ("41000", "3000"): "s2", ("41505", "1"): "s3", ("41501", "9100"): "Recharges within the council", ("99999", "3000"): "s3",
        ("99999", "1"): None, ("415099", "1"): "s1",
    }  # fmt: skip


def test_two_rules_that_say_as_much_are_a_fault() -> None:
    """Where nothing decides between two rules, both lines are named: the same code, or two ranges as wide that overlap."""
    assert "line 11 is as specific as line 8, and both are for the same code." in faults(
        MAP + f"  - {{cost_centre: 41500..42499, scheme: s1, source: {NHS}}}\n"
    )
    assert "line 11 is as specific as line 9" in faults(MAP + "  - {cost_centre: 4150*, ignore: twice}\n")
    mapped(MAP + f"  - {{cost_centre: 42000..42999, scheme: s1, source: {NHS}}}\n")


def test_a_map_is_read_as_rules_are() -> None:
    """Text by its key, with lines: a key twice, an anchor, an unknown key, a rule without source, a pattern or profile that is none."""
    assert "has the key “kind” twice" in faults(MAP + "kind: monthly\n")
    assert "uses an anchor" in faults(MAP.replace("says: The", "says: &a The"))
    assert "line 12 has an unknown key “sorce”" in faults(
        MAP.replace("says:", "\nsays:", 1) + "  - {cost_centre: '1', scheme: s1, sorce: x}\n"
    )
    assert "names a scheme or a source alone" in faults(MAP + "  - {cost_centre: '1', scheme: s1}\n")
    assert "is no range" in faults(MAP + "  - {cost_centre: 5..10, ignore: x}\n")
    assert "is no beginning" in faults(MAP + "  - {cost_centre: '*1', ignore: x}\n")
    assert "would take every line there is" in faults(MAP + "  - {ignore: x}\n")
    assert "needs twelve weights" in faults(MAP + "profiles: {s1: [1, 2]}\n")
    assert "needs either amount, or debit and credit" in faults(MAP.replace(", amount: Net", ""))
    assert "no column holds one" in faults(MAP.replace(" subjective: Subjective,", ""))
    assert "is given in one way" in faults(MAP + "control: {row: Total, cell: D1}\n")
    assert Pattern.of("a1").fits("A1")


def test_a_map_must_fit_the_pool() -> None:
    """A body that is no partner and a scheme that the pool does not have block, with their line; a source without budget is warned of."""
    pool = Ledgers()
    assert fits_pool(pool.books, mapped()) == []
    found = fits_pool(pool.books, mapped(**{"scheme: s2": "scheme: s9", f"body: {COUNCIL}": "body: ZZ99"}))
    assert [each.says for each in found] == [
        "map.yaml, line 4 names ZZ99, which is no partner of the agreement.",
        "map.yaml, line 8 names the scheme s9, which the pool does not have.",
    ]
    (warned,) = fits_pool(pool.books, mapped(**{"scheme: s2": "scheme: s3"}))
    assert (warned.severity, "which has no budget of it" in warned.says) == (Severity.WARNING, True)
    assert blocks(
        fits_pool(pool.books, mapped(MAP + "pool: other\nprofiles: {s8: [1,1,1,1,1,1,1,1,1,1,1,1]}\n"))
    )


# The extract.


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1234.5", 123450), ("1,234.50", 123450), ("£1,234.50", 123450), ("(1,234.50)", -123450), ("1,234.50-", -123450),
        ("-1234.50", -123450), ("−12", -1200), ("12.50 CR", -1250), ("12.50DR", 1250), (" - ", 0), ("0", 0), (".5", 50),
        ("1.230", 123), ("1 234.50", 123450), ("1\u00a0234.50", 123450), ("1'234.50", 123450), ("+3", 300), ("0.00", 0),
    ],
)  # fmt: skip
def test_amounts_as_ledgers_write_them(text: str, pence: Pence) -> None:
    """Pounds and pence with or without a sign, separators, brackets, a minus after, CR and DR: to the penny, never by a float."""
    assert pence_of(text) == pence


@pytest.mark.parametrize("text", ["1.005", "1,23.00", "12,34", "abc", "1e5", "--3", "(-3)", "1.2.3", "", "£", "٣", "12345678901234", "1,234,5", "0x10", "NaN", "()", "1 CR CR"])  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    """Fractions of a penny, separators in the wrong place, exponents and what is no number are faults: nothing is rounded or guessed."""
    with pytest.raises(NoAmount):
        pence_of(text)


def test_amounts_with_a_decimal_comma() -> None:
    """Where the map says that the comma is the decimal mark, points separate thousands."""
    assert pence_of("1.234,50", "comma") == 123450
    with pytest.raises(NoAmount):
        pence_of("1,234.50", "comma")


def test_months_as_ledgers_write_them() -> None:
    """Months and days, or the period's number in the financial year; a period of another year is none."""
    for text in (
        "2015-06",
        "2015/6",
        "2015-06-30",
        "06/2015",
        "30/06/2015",
        "Jun-15",
        "June 2015",
        "30-Jun-2015",
    ):
        assert month_of(text, "month", "2015-16") == "2015-06", text
    for text in ("3", "03", "P3", "p03", "201503", "2015-03", "2015/16-03", "2015 P3"):
        assert month_of(text, "number", "2015-16") == "2015-06", text
    assert month_of("12", "number", "2015-16") == "2016-03"
    for text in ("201403", "13", "0", ""):
        assert month_of(text, "number", "2015-16") == "", text
    for text in ("2015-13", "Foo-15", "31", ""):
        assert month_of(text, "month", "2015-16") == "", text


def test_an_extract_comes_to_its_control_total() -> None:
    """Every line is mapped, ignored or in suspense, and together they are the control total; another total is refused with both and the difference."""
    content = rows("41000,1000,100.00", "41501,9100,7.00", "41502,1000,(20.00)", "77000,3000,1.50")
    found = read(content, control=88_50)
    assert net(found) == {("s1", NHS): -20_00, ("s2", NHS): 100_00}
    assert (found.of(Part.SPENT), found.of(Part.SUSPENSE), found.ignored, found.control) == (
        80_00,
        1_50,
        7_00,
        88_50,
    )
    assert [each.row for each in found.unmapped] == [5]
    assert "come to £88.50, and the control total is £90, so £1.50 is missing" in wrong(
        content, control=90_00
    )
    assert "so £1.50 is too much" in wrong(content, control=87_00)
    assert "has no control total" in wrong(content)


def test_where_a_control_total_stands() -> None:
    """In a row that begins so, in a cell, or in the map; what is said beside it must agree with it too."""
    content = rows("41000,1000,5.00") + b"Total,,,5.00\n"
    for told in ("{row: Total}", "{cell: D3}", "{pounds: '5.00'}"):
        by = mapped(MAP + f"control: {told}\n")
        text = content if "row" in told or "cell" in told else rows("41000,1000,5.00")
        assert read(text, by).control == 5_00
        assert "the control total is £6" in wrong(text, by, control=6_00)
    by = mapped(MAP + "control: {row: Total}\n")
    assert "is a second control total" in wrong(content + b"Total,,,5.00\n", by)
    assert "has no row that begins “Total”" in wrong(rows("41000,1000,5.00"), by)
    assert "£5 without a cost centre" in wrong(content)


def test_what_is_passed_over_and_what_is_not() -> None:
    """Blank rows and those that the map names are passed over; an amount without a cost centre is a fault, since it may be a total."""
    by = mapped(MAP + "skip: [{column: Period, begins: Sub-total}]\n")
    assert read(rows("41000,1000,5.00") + b"Sub-total,,,5.00\n,,,\n", by, 5_00).lines[0].row == 2
    assert "row 3, column B: £5 without a cost centre. If it is a total, name it" in wrong(
        rows("41000,1000,5.00", ",,5.00"), control=10_00
    )
    assert "row 2, column D: no amount" in wrong(rows("41000,1000,"), control=0)


def test_a_ledger_that_shows_spending_below_zero() -> None:
    """Where credits and debits are the other way round, so is the total; debit and credit columns are taken one from the other."""
    by = mapped(MAP + "sign: spending_negative\n")
    assert read(rows("41000,1000,-5.00"), by, control=-5_00).of(Part.SPENT) == 5_00
    by = mapped(**{"amount: Net": "debit: Dr, credit: Cr"})
    head = "Period,Cost centre,Subjective,Dr,Cr\n"
    assert (
        read(rows("41000,1000,5.00,", "41000,1000,,2.00", head=head), by, control=3_00).of(Part.SPENT) == 3_00
    )


def test_vat_that_is_a_cost_and_vat_that_is_not() -> None:
    """VAT that cannot be had back is a cost beside the net amount; VAT that can is told and entered nowhere: whoever spends has it back."""
    by = mapped(**{"amount: Net": "amount: Net, irrecoverable: Lost, vat: VAT"})
    found = read(
        rows("41000,1000,5.00,1.00,0.20", head="Period,Cost centre,Subjective,Net,Lost,VAT\n"),
        by,
        control=5_00,
    )
    assert (found.of(Part.SPENT), found.of(Part.IRRECOVERABLE), found.vat) == (5_00, 1_00, 20)
    pool = Ledgers()
    pool.must(found, by)
    assert pool.books.balances[Account(Heading.IRRECOVERABLE, "s2", NHS)] == 1_00
    assert pool.of(Heading.OWED, COUNCIL) == 6_00
    assert pool.of(Heading.VAT) == 0


def test_text_files_of_any_kind() -> None:
    """With or without a mark at its beginning, in UTF-8, UTF-16 or Windows' encoding, by commas, semicolons, tabs or bars, any line ends."""
    text = rows("41000,1000,'5.00'").decode().replace("'", '"')
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert read(text.encode(encoding), control=5_00).control == 5_00
    for mark in ";\t|":
        assert read(text.replace(",", mark).encode(), control=5_00).control == 5_00
    for end in ("\r", "\r\n"):
        assert read(text.replace("\n", end).encode(), control=5_00).control == 5_00
    by = mapped(**{"amount: Net": "amount: Montant €"})
    assert read(text.replace("Net", "Montant €").encode("cp1252"), by, control=5_00).control == 5_00
    assert (
        read(
            b"2015-06;41000;1000;5,00\n",
            mapped(
                MAP.replace(
                    "{period: Period, cost_centre: Cost centre, subjective: Subjective, amount: Net}",
                    "{period: A, cost_centre: B, subjective: C, amount: D}",
                )
                + "heading: 0\ndecimal: comma\nseparator: semicolon\n"
            ),
            control=5_00,
        ).control
        == 5_00
    )


def test_a_workbook_is_read_like_a_text_file() -> None:
    """By what the file is and not by its name; amounts as numbers to the penny, months as days; lost zeros of a code are noticed."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        page = book.add_worksheet("Ledger")
        day = book.add_format({"num_format": "mmm-yy"})
        page.write_row(0, 0, ["Period", "Cost centre", "Subjective", "Net"])
        for number, amount in enumerate((0.1, 0.2, 1234.56, -0.3), 1):
            page.write_datetime(number, 0, date(2015, 6, 30), day)
            page.write_row(number, 1, [41000, 1000, amount])
        page.write_datetime(5, 0, date(2015, 6, 30), day)
        page.write_row(5, 1, [412, 1000, 2])
    content = held.getvalue()
    by = mapped(MAP + f"  - {{cost_centre: '00412', scheme: s1, source: {NHS}}}\n")
    found, findings = read_extract(grid(content, by), by, year="2015-16", control=1236_56)
    assert found
    assert (found.period, found.of(Part.SPENT), found.of(Part.SUSPENSE)) == ("2015-06", 1234_56, 2_00)
    assert findings[0].says == "ledger.csv, row 6, column B: no rule is for 412 1000: £2 goes to suspense."
    assert "Is it 00412, which lost its zeros" in findings[0].remedy
    with pytest.raises(Unusable, match=r"has no sheet “Legder”\. Did you mean “Ledger”"):
        grid(content, mapped(MAP + "sheet: Legder\n"))


@pytest.mark.parametrize(
    "content", [b"", b"   \n", b"\0\0", b"%PDF-1.4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04nonsense", b"\x81\x8d\x8f", b'"open,quote\n']
)  # fmt: skip
def test_what_is_no_extract_is_refused(content: bytes) -> None:
    """What is empty, a PDF, an old or broken workbook or no text ends in one plain sentence."""
    by = mapped()
    try:
        found, findings = read_extract(grid(content, by), by, year="2015-16", control=0)
    except Unusable as error:
        assert str(error).endswith((".", "”"))
    else:
        assert found is None
        assert findings


def test_faults_have_row_and_column() -> None:
    """A fraction of a penny, a code that is none, another month, a heading that is not there: all at once, each where it stands."""
    said = wrong(
        rows("41000,1000,1.005", "=cmd|x,1000,1.00", f"{'4' * 50},1000,1.00") + b"2015-07,41000,1000,1.00\n",
        control=1,
    )
    for each in (
        "row 2, column D: “1.005” has fractions of a penny.",
        "row 3, column B: “=cmd|x” is no cost centre.",
        "row 4, column B:",
        "is of 2015-06, and an extract of 2015-07 should hold only that month",
    ):
        assert each in said
    assert "has no column “Net”, in which amount should be. Is it the one called “Nett”?" in wrong(
        HEAD.replace("Net", "Nett")
    )
    assert "“Net” stands twice in the heading" in wrong(HEAD.replace("Period", "Net,Period"))
    assert "holds no line of a ledger" in wrong(HEAD, control=0, period="2015-06")
    many = wrong(rows(*["41000,1000,x"] * 500), control=0)
    assert "has 400 more findings, which are not listed" in many
    assert "does not say of which month it is" in wrong(
        "Cost centre,Subjective,Net\n41000,1000,1\n", mapped(**{"period: Period, ": ""}), control=1_00
    )
    assert "row 2, column A: “13” is no period" in wrong(rows("41000,1000,1", month="13"), control=1_00)
    assert "shows an error" in wrong_cell("error")
    assert "never calculated" in wrong_cell("uncalculated")


def wrong_cell(kind: str) -> str:
    by = mapped()
    odd = Grid(
        "ledger.csv",
        ((1, ("Period", "Cost centre", "Subjective", "Net")), (2, ("2015-06", "41000", "1000", "#REF!"))),
        odd={(2, 4): kind},
    )
    _, findings = read_extract(odd, by, year="2015-16", control=0)
    return " ".join(each.says for each in findings)


def test_a_map_that_knows_nothing_is_the_wrong_map() -> None:
    """More than a thousand codes without a rule stop an import; nobody would clear them one by one."""
    content = rows(*[f"9{number:04},1000,1.00" for number in range(1_001)])
    assert "has 1,001 cost centres and subjectives that no rule is for" in wrong(content, control=1_001_00)


def test_codes_that_nobody_knows_do_not_block() -> None:
    """A few hundred codes without a rule go to suspense; the first hundred are listed, and the rest are counted."""
    by = mapped()
    content = rows(*[f"9{number:04},1000,1.00" for number in range(200)])
    found, findings = read_extract(grid(content, by), by, year="2015-16", control=200_00)
    assert found
    assert found.of(Part.SUSPENSE) == 200_00
    assert (len(findings), findings[-1].says) == (
        101,
        "ledger.csv has 100 more findings, which are not listed.",
    )


# What is entered.


def test_a_month_is_entered_in_one_posting() -> None:
    """Spent by scheme and source, what is less the other way, the unknown in suspense; all of it owed to the body, on the month's last day."""
    pool = Ledgers()
    done = pool.must(
        read(
            rows("41000,1000,100.00", "41502,1000,(20.00)", "77000,3000,1.50", "41501,9000,9.00"),
            control=90_50,
        )
    )
    posting = pool.books.posting(str(done["posting"]))
    assert posting
    assert (posting.event, posting.on, posting.cites) == (Event.IMPORTED, date(2015, 6, 30), (E, D))
    owed = Account(Heading.OWED, COUNCIL)
    assert set(posting.lines) == {
        Entry(owed, Account(Heading.SPENT, "s1", NHS), 20_00),
        Entry(Account(Heading.SPENT, "s2", NHS), owed, 100_00),
        Entry(Account(Heading.SUSPENSE, COUNCIL), owed, 1_50),
    }
    kept = pool.books.actuals.ledger(COUNCIL).months["2015-06"]
    assert (kept.control, kept.ignored, kept.lines, kept.extract, kept.map) == (90_50, 9_00, 4, E, D)
    assert pool.books.actuals.maps["council"].digest == D


def test_a_month_comes_in_once() -> None:
    """The same month of the same body again is refused, with when it came; a correction needs reasons and posts just the difference."""
    pool = Ledgers()
    pool.must(month(6, 100_00))
    assert "ledger of June 2015 was imported on 1 April 2015, with a control total of £100." in pool.no(
        month(6, 100_00)
    )
    assert "Give the reasons" in pool.no(month(6, 120_00), again=True)
    assert "There is nothing to correct" in pool.no(month(6, 100_00), again=True, why=WHY)
    done = pool.must(month(6, 120_00), again=True, why=WHY)
    assert (done["posted_pence"], pool.spent("s2")) == (20_00, 120_00)
    pool.must(month(6, 90_00), again=True, why=WHY)
    assert (pool.spent("s2"), pool.books.actuals.ledger(COUNCIL).months["2015-06"].times) == (90_00, 3)
    assert "has not been imported" in pool.no(month(7, 1_00), again=True, why=WHY)


def test_an_extract_of_the_year_to_date_posts_what_is_new() -> None:
    """Month by month it comes to the same as monthly extracts; an earlier month after it is refused, since it holds it already."""
    pool = Ledgers()
    pool.must(month(4, 10_00))
    pool.must(month(6, 60_00, "cumulative"))
    assert pool.spent("s2") == 60_00
    assert pool.must(month(7, 55_00, "cumulative"))["posted_pence"] == -5_00
    assert "held the year to date, May 2015 with it. Correct July 2015 instead." in pool.no(month(5, 1_00))
    assert "held the year to date" in pool.no(month(6, 1_00, "cumulative"), again=True, why=WHY)
    assert pool.must(month(8, 55_00, "cumulative"))["posting"] == ""
    assert pool.spent("s2") == 55_00
    assert pool.codes() == []


def test_when_a_month_may_come_in() -> None:
    """Once it is over, in its own year, and while it is open; a correction of a closed month is dated in the first open one; March's late."""
    pool = Ledgers()
    assert "June 2015 is not over" in pool.no(month(6, 1_00), today=date(2015, 6, 30))
    assert "is not in 2015-16" in pool.no(replace(month(6, 1_00), period="2014-06"))
    assert "is no month" in pool.no(replace(month(6, 1_00), period="June"))
    pool.must(month(4, 10_00))
    assert isinstance(pool.close("2015-04"), Done)
    assert isinstance(pool.close("2015-05"), Done)
    assert "May 2015 is closed" in pool.no(month(5, 1_00))
    done = pool.must(month(4, 12_00), again=True, why=WHY)
    posting = pool.books.posting(str(done["posting"]))
    assert posting
    assert (posting.on, pool.spent("s2")) == (date(2015, 6, 30), 12_00)
    pool.today = date(2016, 5, 1)
    for number in (6, 7, 8, 9, 10, 11, 12, 1, 2, 3):
        assert isinstance(pool.close(f"{2015 + (number < 4)}-{number:02}"), Done)
    march = replace(month(6, 3_00), period="2016-03")
    assert "March 2016 is closed" in pool.no(march, today=date(2016, 5, 1))
    done = pool.must(march, today=date(2016, 5, 1), late=True)
    late = pool.books.posting(str(done["posting"]))
    assert late
    assert (late.on, late.late) == (date(2016, 3, 31), True)


def test_a_ledger_shows_what_has_happened_whatever_the_budget() -> None:
    """What a ledger shows is entered beyond a scheme's budget too; who bears it is a matter for the agreement."""
    pool = Ledgers()
    pool.must(month(6, 50_000_00))
    assert pool.books.left("s2", NHS) == -10_000_00


def test_an_import_is_not_reversed_by_hand() -> None:
    """A ledger is put right by its corrected extract: a reversal would leave the books and the month that came in apart."""
    pool = Ledgers()
    done = pool.must(month(6, 50_00))
    assert "a reversal cannot take back" in pool.refused(Event.REVERSED, of=str(done["posting"]))


# Suspense.


def test_suspense_is_cleared_by_a_map_that_knows_more() -> None:
    """What is in suspense is a finding until a map has a rule for it; clearing moves it, with who, why and by which map; what is ignored leaves the pool."""
    pool = Ledgers()
    by = mapped(MAP + f"  - {{cost_centre: '77000', scheme: s1, source: {NHS}}}\n")
    pool.must(month(6, 10_00, unknown=3_00))
    pool.must(month(7, 10_00, unknown=4_00))
    assert (pool.of(Heading.SUSPENSE), pool.codes()) == (7_00, ["suspense", "month-missing", "month-missing"])
    same = pool.do(lambda books: clear_suspense(books, mapped(), D, WHY, today=TODAY))
    assert isinstance(same, Refused)
    assert "the map has no rule for any of it" in same.says
    assert [(each.period, each.pence) for each in moves_by(pool.books, by)] == [
        ("2015-06", 3_00),
        ("2015-07", 4_00),
    ]
    done = pool.do(lambda books: clear_suspense(books, by, D, WHY, today=TODAY))
    assert isinstance(done, Done)
    assert (pool.of(Heading.SUSPENSE), pool.spent("s1"), pool.of(Heading.OWED, COUNCIL)) == (0, 7_00, 27_00)
    assert "suspense" not in pool.codes()
    pool.must(
        read(
            rows("41000,1000,30.00", "77000,3000,9.00", month="2015-08"),
            mapped(by.content.decode().replace("kind: monthly", "kind: cumulative")),
            39_00,
        ),
        by,
    )
    assert (pool.spent("s1"), pool.spent("s2"), pool.of(Heading.SUSPENSE)) == (9_00, 30_00, 0)


def test_suspense_that_is_no_spending_of_the_pool() -> None:
    """Where a later map ignores a code, what was in suspense is owed to the body no more."""
    pool = Ledgers()
    pool.must(month(6, 10_00, unknown=3_00))
    by = mapped(MAP + "  - {cost_centre: '77000', ignore: Another pool's}\n")
    assert isinstance(pool.do(lambda books: clear_suspense(books, by, D, WHY, today=TODAY)), Done)
    assert (pool.of(Heading.SUSPENSE), pool.of(Heading.OWED, COUNCIL)) == (0, 10_00)


def test_suspense_that_a_year_to_date_extract_has_cleared() -> None:
    """A year-to-date extract by a map that knows the code takes it out of suspense by itself; nothing is left to clear."""
    pool = Ledgers()
    pool.must(month(6, 10_00, "cumulative", unknown=3_00))
    by = mapped(
        MAP + f"  - {{cost_centre: '77000', scheme: s1, source: {NHS}}}\n",
        **{"kind: monthly": "kind: cumulative"},
    )
    pool.must(read(rows("41000,1000,10.00", "77000,3000,3.00", month="2015-07"), by, 13_00), by)
    assert (pool.of(Heading.SUSPENSE), pool.spent("s1"), moves_by(pool.books, by)) == (0, 3_00, ())


# Every pound once.


def test_hand_and_ledger_do_not_count_a_pound_twice() -> None:
    """Spending or an accrual by hand of a body and month whose ledger has come in is warned of, until it is reversed; of other months it is not."""
    pool = Ledgers()
    spent = pool.enter(Event.SPENT, 5_00, scheme="s2", source=NHS, payee="supplier")
    accrued = pool.enter(Event.ACCRUED, 6_00, scheme="s2", source=NHS, payee=COUNCIL)
    pool.enter(Event.SPENT, 7_00, scheme="s2", source=NHS, payee=CCG)
    pool.enter(Event.SPENT, 8_00, scheme="s2", source=NHS, payee=COUNCIL, on=date(2015, 7, 1))
    assert pool.codes() == []
    pool.must(month(6, 10_00, "cumulative"))
    found = findings_of(pool.books)
    assert [(each.code, each.where) for each in found] == [
        ("hand-and-ledger", f"postings/{spent}"),
        ("hand-and-ledger", f"postings/{accrued}"),
    ]
    assert "£5 for s2 was entered by hand in June 2015" in found[0].says
    pool.enter(Event.REVERSED, of=spent)
    pool.enter(Event.UNACCRUED, of=accrued)
    assert pool.codes() == []


def test_facts_that_cannot_be_are_not_folded() -> None:
    """A month twice, a total that is not its lines', another posting than the one before, a posting that nothing tells the month of: all unreadable."""
    pool = Ledgers()
    pool.must(month(6, 100_00))
    facts = list(pool.journal.read(stream_of("merrow", "2015-16")))
    (fact,) = (each for each in facts if each.kind == "ExtractImported")
    again = {**fact.body, "posting": "", "again": True}
    for changed in (
        fact.body,
        {**again, "again": False},
        {**again, "control": 1},
        {**again, "period": "2015-07"},
        {**again, "ignored": 1, "control": 100_01, "mapped": [], "suspense": []},
    ):
        with pytest.raises(Unusable, match="cannot be"):
            books_of("merrow", "2015-16", [*facts, replace(fact, version=len(facts) + 1, body=changed)])
    for changed in (
        {**fact.body, "mapped": [{"scheme": "s1", "source": NHS, "pence": 100_00, "irrecoverable": 0}]},
        again,
    ):
        with pytest.raises(Unusable, match="cannot be"):
            books_of("merrow", "2015-16", [*facts[:-1], replace(fact, body=changed)])
    saved = next(each for each in facts if each.kind == "LedgerMapSaved")
    with pytest.raises(Unusable, match="nothing tells of which month"):
        books_of("merrow", "2015-16", [*facts[:-1], replace(saved, version=fact.version)])


def test_an_extract_beside_the_last_import() -> None:
    """Scheme by scheme and source by source: a month beside the month before, the year to date beside all that was imported of it."""
    pool = Ledgers()
    pool.must(month(4, 10_00))
    assert beside_last(Pool().books, month(5, 12_00)) == ("", (Beside("s2", NHS, 12_00, 0),))
    last, (line,) = beside_last(pool.books, month(5, 12_00))
    assert (last, line.last, line.difference) == ("2015-04", 10_00, 2_00)
    pool.must(month(5, 12_00))
    last, (line,) = beside_last(pool.books, month(6, 30_00, "cumulative"))
    assert (last, line.pence, line.last, line.difference) == ("2015-05", 30_00, 22_00, 8_00)


# Beside budget and forecast.


def test_actual_beside_budget_to_date() -> None:
    """This month, the month before and the year so far, against twelfths of the budget or the map's profile, to the penny over the year."""
    pool = Ledgers()
    pool.must(month(4, 1_000_00))
    pool.must(month(5, 3_000_00))
    (line,) = (each for each in variances(pool.books) if each.scheme == "s2")
    assert (line.this_month, line.last_month, line.since_last, line.to_date, line.by_hand) == (
        3_000_00,
        1_000_00,
        2_000_00,
        4_000_00,
        0,
    )
    assert (line.budget, line.budget_to_date, line.variance) == (40_000_00, 6_666_68, -2_666_68)
    assert explain_budget(pool.books, "s2", NHS, "2015-05").value == 6_666_68
    assert variances(pool.books, "2016-03")[1].budget_to_date == 40_000_00
    by = mapped(MAP + "profiles: {s2: [2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}\n")
    pool.must(month(6, 1_00), by, map=E)
    assert [each.budget_to_date for each in variances(pool.books, "2015-04") if each.scheme == "s2"] == [
        20_000_00
    ]


def test_a_forecast_is_entered_or_a_straight_line() -> None:
    """The last forecast entered counts; where there is none, what is spent times twelve over the months that are over, and no less than is spent and ordered, with its working."""
    pool = Ledgers()
    pool.must(month(4, 1_000_00))
    pool.must(month(5, 3_000_01))
    (line,) = (each for each in variances(pool.books) if each.scheme == "s2")
    assert (line.forecast, line.basis, line.expected) == (24_000_06, "straight_line", -15_999_94)
    working = straight_line(pool.books, "s2", NHS, "2015-05")
    assert [step.value for step in working.steps] == [4_000_01, 24_000_06, 4_000_01, 24_000_06]
    assert isinstance(pool.do(lambda books: make_forecast(books, "s2", NHS, 41_000_00, today=TODAY)), Done)
    (line,) = (each for each in variances(pool.books) if each.scheme == "s2")
    assert (line.forecast, line.basis, line.expected) == (41_000_00, "entered", 1_000_00)
    assert explain_forecast(pool.books, "s2", NHS, "2015-05").value == 41_000_00
    assert isinstance(pool.do(lambda books: make_forecast(books, "s2", NHS, None, today=TODAY)), Done)
    assert variances(pool.books)[1].forecast == 24_000_06
    for scheme, source, pence in (("s9", NHS, 1), ("s2", "nothing", 1), ("s2", NHS, -1)):
        assert isinstance(
            pool.do(lambda books, s=scheme, o=source, p=pence: make_forecast(books, s, o, p, today=TODAY)),
            Refused,
        )


def test_a_variance_is_explained_in_words() -> None:
    """Why a scheme is off its budget is a document by month, and stands beside the figure."""
    pool = Ledgers()
    pool.must(month(4, 1_000_00))
    assert isinstance(pool.do(lambda books: explain_variance(books, "s2", NHS, "2015-04", WHY)), Done)
    assert [each.reasons for each in variances(pool.books) if each.scheme == "s2"] == [WHY]
    assert isinstance(pool.do(lambda books: explain_variance(books, "s2", NHS, "2014-04", WHY)), Refused)
