"""One CCG's statement of performance money: the same paper, page and rows for who pays and who is paid, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from carepool.actions.areas import MARK
from carepool.actions.releasing import Money, statement_document
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.periods import Quarter, in_words
from carepool.pool.books import Release
from carepool.render.csvs import write_csv
from carepool.render.paper_shape import Chapter, Paper, Writing
from carepool.render.words import amount, quarter_words

NOT_KNOWN = "not known yet"


@dataclass(frozen=True, slots=True)
class CcgStatement:
    """What one CCG's statement is made of."""

    money: Money
    ccg: str
    payer: str
    """The CCG's name."""
    payee: str
    """The host's, for the pool."""
    on: date
    """The day by which outturns count and releases stand."""
    fictitious: bool

    @property
    def digest(self) -> str:
        """The digest of the figures that it rests on, which each release of them names."""
        return statement_document(self.money).digest


@dataclass(frozen=True, slots=True)
class Row:
    """One quarter of a CCG: what is due and what was paid, in pence."""

    quarter: Quarter
    due: int | None
    """Its part of what the quarter earned; None while that is not known, or while no pool is open."""
    release: Release | None

    @property
    def paid(self) -> int:
        """What has moved to the pool."""
        return self.release.pence if self.release and self.release.released_at else 0

    @property
    def state(self) -> str:
        """Where it stands, before and after."""
        if self.release is not None:
            return self.release.says
        if self.due is None:
            return "before: the outturn is not published, or no pool is open"
        return "earned, and not proposed yet" if self.due else "nothing was earned"


def rows(found: CcgStatement) -> list[Row]:
    """Every quarter of the CCG."""
    due = found.money.due.get(found.ccg, {})
    return [
        Row(each.quarter, due.get(each.quarter), found.money.books.releases.get((each.quarter, found.ccg)))
        for each in found.money.statement.quarters
    ]


def paper(found: CcgStatement) -> Paper:
    """The statement as a paper; the same bytes for both sides."""
    plan = found.money.agreed.plan.title
    about = (
        ("From", f"{found.payer} ({found.ccg})"),
        ("To", f"{found.payee}, for the pool of {found.money.agreed.year}"),
        ("Plan", f"{plan}, version {found.money.agreed.version.number}, under {found.money.agreed.rules.name}"),
        ("As known on", in_words(found.on)),
    )  # fmt: skip
    foot = (f"Both sides have this statement. It rests on the figures {found.digest}.",)
    mark = f"{MARK}." if found.fictitious else ""
    chapters = (_figures(found), _quarters(found), _working(found))
    return Paper(f"Performance money of {found.payer}", about, mark, chapters, foot, found.on.isoformat())


def _figures(found: CcgStatement) -> Chapter:
    made, part = Writing(), found.money.statement.by_ccg[found.ccg]
    whole = found.money.statement.money
    names = ("fund", "paid", "withheld", "at_stake", "unreleased")
    words = (
        "At stake at first",
        "Earned",
        "Withheld so far",
        "Still at stake",
        "Never earned: stays with it",
    )
    made.table(
        "What the CCG has at stake, and what is earned of it",
        ("What", "All CCGs", found.payer),
        [(says, *(_or_not_known(getattr(one, name)) for one in (whole, part))) for says, name in zip(words, names, strict=True)],
        figures=(1, 2),
    )  # fmt: skip
    made.say("Each figure is split among the CCGs by their people in the plan's area, by largest remainder.")
    return made.chapter("In all")


def _quarters(found: CcgStatement) -> Chapter:
    made, each = Writing(), rows(found)
    made.table(
        "What is due for each quarter, and where it stands",
        ("Quarter", "Where it stands", "Due", "Paid to the pool"),
        [(quarter_words(one.quarter), one.state, _or_not_known(one.due), in_pounds(one.paid)) for one in each],
        figures=(2, 3),
        foot=("Together", "", in_pounds(sum(one.due or 0 for one in each)), in_pounds(sum(one.paid for one in each))),
    )  # fmt: skip
    made.say("Two people approve each payment, one for the CCG and one for the host. What is never earned stays with the CCG.")  # fmt: skip
    return made.chapter("Quarter by quarter")


def _working(found: CcgStatement) -> Chapter:
    made, working = Writing(), found.money.working
    made.table(
        "How the payment of the plan was reached",
        ("Step", "How", "From", "Comes to"),
        [(f"{n}. {step.says}", step.how, step.source, amount(step.value, step.unit)) for n, step in enumerate(working.steps, 1)],
        figures=(3,),
    )  # fmt: skip
    statement, people = found.money.statement, len(found.money.statement.by_ccg)
    if people > 1:
        made.say(f"{found.payer} has {in_pounds(statement.by_ccg[found.ccg].fund)} of {in_pounds(statement.money.fund)}, among {in_figures(people)} CCGs.")  # fmt: skip
    made.say("This rests on:" if working.rests_on else "", working.rests_on)
    return made.chapter("How it was reached")


def _or_not_known(pence: int | None) -> str:
    return NOT_KNOWN if pence is None else in_pounds(pence)


HEADING: Sequence[str] = ("plan", "ccg", "payer", "payee", "known_on", "quarter", "due_pence", "paid_pence", "state", "statement")  # fmt: skip


def csv(found: CcgStatement) -> str:
    """A row a quarter, in pence."""
    before = (found.money.agreed.id, found.ccg, found.payer, found.payee, found.on.isoformat())
    return write_csv(HEADING, [(*before, str(one.quarter), one.due, one.paid, one.state, found.digest) for one in rows(found)])  # fmt: skip
