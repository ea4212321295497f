"""A board's own measures: what each counts, who wrote and who checked it, and the forms to define one and to check one."""

from collections.abc import Iterable
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.areas import MARK, Area
from carepool.actions.care_counts import take_care_counts
from carepool.actions.defining import bodies_of, check_measure, define_measure, own_of, shown
from carepool.actions.editing import Stale
from carepool.actions.house import House
from carepool.actions.own_figures import Handed, load_own_figures, read_handed
from carepool.actions.permits import Actor, offices_in
from carepool.basics.findings import Finding
from carepool.basics.money import in_figures
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.measures.care_counts import read_care_counts
from carepool.measures.own import OwnMeasure
from carepool.measures.own_figures import Headings
from carepool.pool.tabular import read_text
from carepool.render.words import day
from carepool.web.acts import Act, Answers, Ask, Table, Wrong, answers_of, carry_out_act, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, new_key, spoken
from carepool.web.party_acts import form
from carepool.web.people import names_of
from carepool.web.words import about_page
from carepool.workbooks.ledgers import of_book
from carepool.workbooks.packages import is_package
from carepool.workbooks.reading import read_workbook

DIRECTIONS = (("lower", "Lower is better"), ("higher", "Higher is better"), ("neither", "Neither"))
PERIODS = (("month", "Every month"), ("quarter", "Every quarter"), ("year", "Every year"))
ASKS = (
    Ask(
        "id", "Name", hint="In small letters, like falls_at_home. It stays the same when the wording changes."
    ),
    Ask("title", "Title"),
    Ask("says", "What it measures", "words"),
    Ask("numerator", "What is counted", "words"),
    Ask("denominator", "Out of what", "words"),
    Ask("scale", "Times", hint="For example 100 for per cent, or 100000."),
    Ask("unit", "Unit", hint="For example: per 100,000 people aged 65 and over."),
    Ask("better", "Which way is better", "choice", choices=DIRECTIONS),
    Ask("period", "How often", "choice", choices=PERIODS),
    Ask("from", "From", "day", "The day from which this wording holds, for example 2014-10-01."),
    Ask("data", "Where the figures come from"),
)
LARGEST_FILE = 5_000_000
"""Bytes of a file of figures: some thousand times the largest that a measure could need."""
FIELDS = tuple(each.name for each in ASKS)


@form
def page(request: HouseRequest, code: str) -> HttpResponse:
    """The page; to somebody who holds no office in the board's bodies it does not exist."""
    house, account = request.house, account_of(request)
    area = _area(house, code)
    if account is None or not any(offices_in(house, account.id, bodies_of(house, code))):
        raise _no_such(code)
    answers, problem, sent = Answers({}, {}), None, ""
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        problem = carry_out_act(
            request, sent, answers, lambda actor, act, typed: _do(house, actor, act, typed, code),
            lambda says: spoken(house, says),
        )  # fmt: skip
        if problem is None:
            return redirect(reverse("own-measures", args=[code]))
        findings = _findings(house, answers, code) if sent.startswith(FIGURES) else ()
    held = own_of(house, code)
    context = {
        "section": "boards",
        "board": area.england.places.boards[code],
        "tables": [_table(house, code, held.values())] if held else [],
        "acts": [Act("define", "Define a measure, or word one anew", "Define it", ASKS), COUNTS, *_checks(house, code, held.values()), *_figures(house, code, held.values())],
        "typed": answers.typed,
        "sent": sent,
        "problem": problem,
        "findings": findings,
        "errors": [(f"{sent}-{problem.field}", problem.says)] if problem else [],
        "key": new_key(),
        "mark": MARK if area.illustrative else "",
        **about_page(house, house.rulebook.measuring),
    }  # fmt: skip
    return render(
        request, "web/own_measures.jinja", context, status=problem.status if problem else HTTPStatus.OK
    )


def _no_such(code: str) -> NotHere:
    return NotHere(
        f"There is no page of own measures of “{code[:80]}”. What waits for you lists your bodies."
    )


def _area(house: House, code: str) -> Area:
    try:
        return house.areas.of_board(code)
    except NotHere:
        raise _no_such(code) from None


def _table(house: House, code: str, held: Iterable[OwnMeasure]) -> Table:
    """Each measure by its last wording."""
    rows = []
    for each in held:
        version = each.versions[-1]
        names = names_of({version.by, version.checked_by} - {""})
        own = shown(house, code, each.id).definition
        rows.append(
            (
                (own.title, reverse("board-measure", args=[code, each.id])) if each.figures else (own.title, ""), f"{own.numerator}, of {own.denominator}, times {in_figures(own.scale)}", str(version.number), day(version.first),
                names[version.by], names[version.checked_by] if version.checked_by else "Waits for a second person",
                day(version.review_by) if version.review_by else "",
            )
        )  # fmt: skip
    columns = [("Measure", "link"), ("Counted", "text"), ("Version", "text"), ("From", "text"), ("Written by", "text"), ("Checked by", "text"), ("For review by", "text")]  # fmt: skip
    return Table("The board's own measures", columns, rows, "own-measures")


def _checks(house: House, code: str, held: Iterable[OwnMeasure]) -> list[Act]:
    """One form for each wording that waits to be checked, with its words beside it."""
    found = []
    for each in held:
        if each.waiting is None:
            continue
        own = shown(house, code, each.id).definition
        says = (
            own.says,
            f"Counted: {own.numerator}.",
            f"Out of: {own.denominator}.",
            f"In {own.unit}; from {own.data}.",
        )
        hidden = (("measure", each.id), ("document", each.waiting.document))
        found.append(
            Act(f"check-{each.id}", f"Check “{own.title}”", "It is right as it stands", (), says, hidden)
        )
    return found


FIGURES = "figures-"
COUNTS = Act(
    "counts", "Take in counts of people’s care", "Take them in", (Ask("file", "The file of counts of people’s care", "file", "What “carepool care counts” wrote in the person wing."),),
    ("Nobody is in it: counts by month, small ones hidden. What it counts becomes a measure of the board’s own the first time, to be checked below by a second person; after that its figures are loaded.",),
)  # fmt: skip
"""The form for the one file that comes from the person wing."""
COLUMNS = (
    Ask("area", "Column of the board", value="area"),
    Ask("period", "Column of the period", value="period", hint="With 2014-10, 2014-15Q3 or 2014-15 in it, as the measure is counted."),
    Ask("counted", "Column of what is counted", value="counted"),
    Ask("out_of", "Column of what it is out of", value="out of"),
    Ask("sheet", "Sheet, of a workbook", hint="Leave it empty for the first."),
)  # fmt: skip


def _figures(house: House, code: str, held: Iterable[OwnMeasure]) -> list[Act]:
    """One form for each measure of which figures can be loaded."""
    found = []
    for each in held:
        if not any(version.checked_by for version in each.versions):
            continue
        own = shown(house, code, each.id).definition
        files = f"{len(each.figures)} {'file' if len(each.figures) == 1 else 'files'} loaded" if each.figures else "None loaded yet"  # fmt: skip
        says = (f"{files}. Figures of the same periods stand in the place of earlier ones, which are kept.",)
        file = Ask("file", f"The file with figures of “{own.title}”", "file", "CSV or XLSX, with a row for each period.")  # fmt: skip
        found.append(Act(f"{FIGURES}{each.id}", f"Load figures of “{own.title}”", "Load them", (file, *COLUMNS), says, (("measure", each.id),)))  # fmt: skip
    return found


def _handed(typed: Answers) -> Handed:
    """The file that was handed in, as rows. Wrong where there is none, Unusable where it cannot be read."""
    content = typed.files.get("file")
    if not content:
        raise Wrong("file", "Choose the file with the figures.")
    if len(content) > LARGEST_FILE:
        raise Wrong("file", f"The file has {len(content):,} bytes, more than {LARGEST_FILE:,}. Is it the right one?")  # fmt: skip
    names = {name: typed.text(name) for name in ("area", "period", "counted", "out_of")}
    empty = next((name for name, words in names.items() if not words), None)
    if empty:
        raise Wrong(empty, "Write the heading of the column, as it stands in the file.")
    sheet = typed.text("sheet")
    grid = of_book("The file", read_workbook(content), sheet) if is_package(content) else read_text("The file", content)  # fmt: skip
    return Handed("The file", content, grid.rows, Headings(**names, sheet=sheet))


def _findings(house: House, typed: Answers, code: str) -> tuple[Finding, ...]:
    """Everything that is wrong or doubted in a file that was not taken in, as far as it could be read."""
    try:
        return read_handed(house, code, typed.text("measure"), _handed(typed))[1]
    except (Wrong, Unusable):
        return ()


def _counts(house: House, actor: Actor, typed: Answers, code: str) -> Done | Refused:
    """Counts from the person wing: what is not defined yet is, what is checked is loaded, all of it or the first refusal."""
    content = typed.files.get("file")
    if not content:
        raise Wrong("file", "Choose the file of counts.")
    if (board := read_care_counts(content).board) != code:
        raise Wrong("file", f"The file counts for the board {board[:80]}, and this is the page of {code}.")
    _, steps = take_care_counts(house, actor, content)
    refused = next((each for each in steps if each.refused), None)
    return Refused(refused.says) if refused else Done({each.count.id: each.says for each in steps})


def _do(house: House, actor: Actor, act: str, typed: Answers, code: str) -> Done | Refused | Stale:
    if act == "define":
        first = typed.day("from")
        empty = next((each for each in ASKS if not typed.text(each.name)), None)
        if empty:
            raise Wrong(empty.name, f"“{empty.label}” is empty. Write it, so that others can count the same.")
        content = {name: typed.text(name) for name in FIELDS} | {"from": first.isoformat() if first else ""}
        return define_measure(house, actor, code, content)
    if act.startswith("check-"):
        return check_measure(house, actor, code, typed.text("measure"), typed.text("document"))
    if act == COUNTS.id:
        return _counts(house, actor, typed, code)
    if act.startswith(FIGURES):
        return load_own_figures(house, actor, code, typed.text("measure"), _handed(typed))
    raise unknown_act(act)
