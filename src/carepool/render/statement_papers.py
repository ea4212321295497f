"""A pool's statement as a paper: the month's highlight on two pages, the quarter's report and the year's return in full."""

from collections.abc import Iterable, Sequence

from carepool.actions.areas import MARK
from carepool.actions.statements import StatementOf
from carepool.basics.findings import Severity
from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import Unusable
from carepool.pool.outlook import Progress
from carepool.pool.periods import Span
from carepool.pool.statement_data import listed
from carepool.pool.statements import Line
from carepool.render.paper_shape import Chapter, Paper, Writing
from carepool.render.paper_words import many
from carepool.render.statement_sheets import state
from carepool.render.words import amount

CUTS = (8, 6, 4, 2)
"""How many rows of a list the month's highlight shows; the next where it would not fit on two pages."""
TWO = 2
LONGEST = {"name": 44, "sentence": 220}
"""Characters of a name and of a sentence in the highlight: both have no bound where they are written."""
EVERYTHING = 100_000

TITLES = {
    Span.MONTH: "Pool manager’s highlight",
    Span.QUARTER: "Pool manager’s quarterly report",
    Span.YEAR: "Pool manager’s annual return",
}


def paper(found: StatementOf) -> Paper:
    """The paper that is due for the period: for a month the highlight, cut to two pages, else everything."""
    if found.statement.period.span is not Span.MONTH:
        return _paper(found, EVERYTHING)
    from carepool.render.pdf import pages

    for cut in CUTS:
        made = _paper(found, cut)
        try:
            if pages(made) <= TWO:
                break
        except Unusable:
            break
    return made


def _paper(found: StatementOf, most: int) -> Paper:
    one = found.statement
    write = _Write(found, most)
    about = [
        ("Agreement", write.name(one.agreement)),
        ("Period", f"{one.period.title}, as known on {in_words(one.known_on)}{'' if one.closed else '; not closed'}"),
        ("Held by", write.partner(one.host) + (f"; managed by: {write.name(found.manager)}" if found.manager else "")),
    ]  # fmt: skip
    mark = f"{MARK}." if found.fictitious else ""
    foot = (
        f"{write.name(one.agreement)}: {one.period.title}, as known on {in_words(one.known_on)}, from {one.postings_known:,} postings.",
    )
    chapters = [
        write.looks(), write.account(), write.schemes(), write.partners(), write.cash(), write.rest(), *write.detail(),
    ]  # fmt: skip
    return Paper(
        f"{TITLES[one.period.span]}, {one.period.title}", tuple(about), mark, tuple(each for each in chapters if each.items),
        foot, one.known_on.isoformat(), compact=write.short,
    )  # fmt: skip


class _Write:
    """Chapters of one statement, each list cut to so many rows."""

    def __init__(self, found: StatementOf, most: int) -> None:
        self.found, self.one, self.most = found, found.statement, most
        self.short = most < EVERYTHING

    def name(self, words: str, kind: str = "name") -> str:
        """A name or a sentence, cut where the paper has to be short."""
        longest = LONGEST[kind]
        return words if not self.short or len(words) <= longest else f"{words[: longest - 1].rstrip()}…"

    def partner(self, code: str) -> str:
        """What a partner is called, with its code."""
        called = self.found.names.get(code, "")
        return self.name(f"{called} ({code})" if called and called != code else code)

    def cut(self, rows: Sequence[tuple[str, ...]], times: int = 1) -> tuple[tuple[str, ...], ...]:
        """The rows that there is room for, and a last one that says how many more there are."""
        most = self.most * times
        if len(rows) <= most:
            return tuple(rows)
        blank = ("",) * (len(rows[0]) - 1)
        return *rows[:most], (f"and {len(rows) - most:,} more, in the CSV and the workbook", *blank)

    def looks(self) -> Chapter:
        """What a reader should look at."""
        made, findings = Writing(), self.one.findings
        if not findings:
            made.say("Nothing is late, over or under, in suspense or uncertain.")
        shown = [self.name(f"{each.says} {each.remedy}", "sentence") for each in findings[: self.most]]
        if len(findings) > self.most:
            shown.append(f"and {len(findings) - self.most:,} more, in the CSV and the workbook")
        warnings = sum(each.severity is Severity.WARNING for each in findings)
        if findings:
            made.say(f"{many(len(findings), 'matter')} to know of, {warnings or 'none'} to act on:", shown)
        return made.chapter("What to look at")

    def account(self) -> Chapter:
        """Income, expenditure, and what is over."""
        made, one = Writing(), self.one
        brought, closing = next(
            ((each.brought, each.closing) for each in one.balances if each.heading.value == "pool"), (0, 0)
        )
        in_period = one.income_total.in_period.pence - one.expenditure_total.in_period.pence
        made.table(
            "What funds the pool, and what was made of it",
            ("Heading", "In the period", "Since the year began"),
            [*_two("Income", one.income), *_two("Expenditure", one.expenditure)],
            figures=(1, 2),
            foot=("Income over expenditure", in_pounds(in_period), in_pounds(one.surplus)),
        )  # fmt: skip
        suspense = f" {in_pounds(one.suspense)} is in suspense." if one.suspense else ""
        made.say(
            f"{in_pounds(brought)} was in the account when the period began, and {in_pounds(closing)} is at its end.{suspense}"
        )
        return made.chapter("The account")

    def schemes(self) -> Chapter:
        """Each scheme's budget, cost, variance and forecast; the furthest off its budget first where the list is cut."""
        made, lines = Writing(), self.one.schemes
        ids = list(dict.fromkeys(each.scheme for each in lines))
        by_scheme = {scheme: [each for each in lines if each.scheme == scheme] for scheme in ids}
        if self.short and len(ids) > self.most:
            ids.sort(key=lambda scheme: -abs(sum(each.year_variance for each in by_scheme[scheme])))
        made.table(
            "Budget, cost and forecast by scheme, all sources together. A variance above zero is over budget",
            ("Scheme", "Budget to date", "Cost to date", "Variance", "Budget of the year", "Forecast", "Variance of the year"),
            self.cut([(self.name(by_scheme[each][0].title), *_figures(by_scheme[each])) for each in ids]),
            figures=range(1, 7),
            foot=("All schemes", *_figures(lines)) if lines else (),
        )  # fmt: skip
        methods = dict.fromkeys(each.method for each in lines)
        if lines:
            made.say(f"Forecast by: {' or '.join(methods)}. Each is shown with its working in the workbook.")
        before = [each for each in lines if each.cost_before is not None]
        if before:
            moved = sum(each.to_date.pence - (each.cost_before or 0) for each in before)
            made.say(f"Cost to date has moved by {in_pounds(moved)} since the statement given last.")
        return made.chapter("Schemes")

    def partners(self) -> Chapter:
        """Each partner's money and its part of the cost, and its instalments; on the second page of a highlight."""
        made, one = Writing(), self.one
        made.table(
            "Each partner since the year began",
            ("Partner", "Agreed", "Paid in", "Outstanding", "Released", "Its part of the cost"),
            self.cut(
                [
                    (self.partner(each.partner), *(in_pounds(pence) for pence in (
                        each.agreed.pence, each.paid.pence, each.outstanding, each.released.pence, each.cost)))
                    for each in one.partners
                ]
            ),
            figures=range(1, 6),
        )  # fmt: skip
        late_first = (
            sorted(one.instalments, key=lambda each: (not each.late, not each.short))
            if self.short
            else one.instalments
        )
        made.table(
            "Instalments by the agreement",
            ("Partner", "Due on", "How it stands", "Due", "In"),
            self.cut(
                [
                    (self.partner(each.instalment.partner), in_words(each.instalment.on), state(each.late, each.short),
                     in_pounds(each.instalment.pence), in_pounds(each.received))
                    for each in late_first
                ]
            ),
            figures=(3, 4),
        )  # fmt: skip
        if not one.instalments:
            made.say("No agreement with instalments is kept with this pool.")
        return made.chapter("Partners", new_page=self.short)

    def cash(self) -> Chapter:
        """The account month by month."""
        made = Writing()
        made.table(
            "Cash by month, actual and then expected",
            ("Month", "What it is", "Receipts", "Payments", "Balance"),
            [
                (each.month, "actual" if each.actual else "expected", in_pounds(each.receipts.pence),
                 in_pounds(each.payments.pence), in_pounds(each.balance))
                for each in self.one.cash.months
            ],
            figures=(2, 3, 4),
        )  # fmt: skip
        if not self.short:
            steps = self.one.cash.working.steps
            made.say(
                "What is expected was reached so:",
                (f"{each.says}: {amount(each.value, each.unit)}, {each.how}" for each in steps),
            )
        return made.chapter("Cash")

    def rest(self) -> Chapter:
        """What is open, and risks and actions."""
        made, one = Writing(), self.one
        for event in dict.fromkeys(each.event for each in one.open):
            of = [each for each in one.open if each.event is event]
            made.say(
                f"{event.value.capitalize()} and still open: {in_pounds(sum(each.pence for each in of))} in {many(len(of), 'posting')}."
            )
        made.table(
            "Risks and actions",
            ("Kind", "What", "Owner", "By"),
            self.cut(
                [
                    (each.kind, self.name(each.says, "sentence"), self.partner(each.owner.rpartition(':')[2]), in_words(each.by) if each.by else "")
                    for each in one.matters
                ]
            ),
        )  # fmt: skip
        if one.last_given:
            made.say(f"The statement given last was of {one.last_given.period}.")
        made.say(
            "Every figure is worked out from the pool's postings; the CSV and the workbook name them beside each."
        )
        return made.chapter("Open matters")

    def detail(self) -> Iterable[Chapter]:
        """What a report has and a highlight has no room for."""
        if self.short:
            return
        one = self.one
        made = Writing()
        made.table(
            "Contributions in the period, by source",
            ("Partner", "Source", "Agreed", "Invoiced", "Received", "Set off", "Outstanding"),
            [
                (self.partner(each.party), each.source, *(in_pounds(pence) for pence in (
                    each.agreed.pence, each.invoiced.pence, each.received.pence, each.offset.pence, each.outstanding)))
                for each in one.contributions
            ],
            figures=range(2, 7),
        )  # fmt: skip
        made.table(
            "Spent by scheme and source in the period",
            ("Scheme", "Source", "Net of VAT", "Of which accrued", "VAT that does not come back", "Committed at the end"),
            [
                (each.title, each.source, *(in_pounds(pence) for pence in (
                    each.spent.pence, each.accrued.pence, each.irrecoverable.pence, each.committed)))
                for each in one.schemes
            ],
            figures=range(2, 6),
        )  # fmt: skip
        made.table(
            "What people were charged since the year began",
            ("Scheme", "Cost gross", "Charged", "Cost net"),
            [
                (each.title, *(in_pounds(pence) for pence in (each.gross.to_date.pence, each.charged.to_date.pence, each.net_to_date)))
                for each in one.charges
            ],
            figures=(1, 2, 3),
        )  # fmt: skip
        made.table(
            "Capital grants since the year began",
            ("Determination", "Received", "Passed on", "Still to go on"),
            [
                (each.grant.determination, *(in_pounds(pence) for pence in (
                    each.received.to_date.pence, sum(passed.to_date.pence for passed in each.passed), each.still)))
                for each in one.grants
            ],
            figures=(1, 2, 3),
        )  # fmt: skip
        yield made.chapter("By source")
        yield self._shares()
        yield self._apart()

    def _shares(self) -> Chapter:
        made = Writing()
        made.table(
            "Whose cost each scheme's spending to date is",
            ("Scheme", "How it is divided", "Partner", "Part"),
            [
                (each.title, each.how, self.partner(code), in_pounds(pence))
                for each in self.one.scheme_shares
                for code, pence in each.to_date.items()
            ],
            figures=(3,),
        )
        made.say("How each part was reached:", (
            f"{step.says} of {each.title}: {amount(step.value, step.unit)} ({step.how})"
            for each in self.one.scheme_shares
            for step in each.working.steps[1:]
        ))  # fmt: skip
        return made.chapter("Shares")

    def _apart(self) -> Chapter:
        made, one = Writing(), self.one
        made.table(
            "The transfer of 2014-15 under section 256, which is no part of the pool",
            ("Who", "What", "In the period", "Since the year began"),
            [
                (
                    self.partner(each.of),
                    each.source,
                    in_pounds(each.in_period.pence),
                    in_pounds(each.to_date.pence),
                )
                for each in one.transfers
            ],
            figures=(2, 3),
        )
        made.table(
            "Every heading of the books: brought into the period, moved in it, and at its end",
            ("Heading", "Brought in", "Moved", "At the end", "Postings"),
            [
                (each.heading.value, *(in_pounds(pence) for pence in (each.brought, each.moved.pence, each.closing)),
                 self._postings(each.moved.postings))
                for each in one.balances
            ],
            figures=(1, 2, 3),
        )  # fmt: skip
        return made.chapter("The books")

    def _postings(self, names: tuple[str, ...]) -> str:
        words = listed(names)
        return words if len(words) <= LONGEST["name"] else f"{len(names):,}, named in the CSV"


def _two(title: str, lines: tuple[Line, ...]) -> list[tuple[str, str, str]]:
    """Lines that come to something, and their sum."""
    *each, total = lines
    shown = [one for one in each if one.to_date.postings]
    return [
        (f"{title if one is total else title + ': '}{one.of if one is not total else ' in all'}",
         in_pounds(one.in_period.pence), in_pounds(one.to_date.pence))
        for one in (*shown, total)
    ]  # fmt: skip


def _figures(lines: Sequence[Progress]) -> tuple[str, ...]:
    """Budget, cost and variance to date; budget, forecast and variance of the year."""
    due, cost = sum(each.due for each in lines), sum(each.to_date.pence for each in lines)
    budget, forecast = sum(each.budget for each in lines), sum(each.forecast for each in lines)
    return tuple(in_pounds(pence) for pence in (due, cost, cost - due, budget, forecast, forecast - budget))
