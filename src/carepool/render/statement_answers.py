"""A pool's statement as data and for a terminal."""

from carepool.actions.areas import MARK
from carepool.actions.statements import StatementOf
from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.pool.statement_data import as_data
from carepool.render.answers import marked

Data = dict[str, object]


def answer(found: StatementOf) -> Data:
    """The statement in whole pence, every sum with its postings, and what its partners are called."""
    data = as_data(found.statement) | {"names": dict(found.names), "manager": found.manager}
    return marked(data, found.fictitious)


def text(found: StatementOf) -> str:
    """The statement in short, for a terminal."""
    one = found.statement
    lines = [f"{MARK}.", ""] if found.fictitious else []
    lines += [
        f"{one.agreement}: {one.period.title}",
        f"As known on {in_words(one.known_on)}, from {one.postings_known:,} postings; {'closed' if one.closed else 'not closed'}.",
        "",
    ]
    lines += [f"{each.severity}: {each.says} {each.remedy}" for each in one.findings]
    lines += ["", "In the period, and since the year began"]
    lines += [
        f"  {title} {each.of}: {in_pounds(each.in_period.pence)}, {in_pounds(each.to_date.pence)}"
        for title, group in (("Income", one.income), ("Expenditure", one.expenditure))
        for each in group
        if each.to_date.postings or each is group[-1]
    ]
    lines += [f"  Over: {in_pounds(one.surplus)}", "", "Schemes"]
    lines += [
        f"  {each.title}, {each.source}: budget to date {in_pounds(each.due)}, cost {in_pounds(each.to_date.pence)}, "
        f"forecast {in_pounds(each.forecast)} of {in_pounds(each.budget)} ({each.method})"
        for each in one.schemes
    ]
    lines += ["", "Partners since the year began"]
    lines += [
        f"  {found.names.get(each.partner, each.partner)}: agreed {in_pounds(each.agreed.pence)}, paid in "
        f"{in_pounds(each.paid.pence)}, released {in_pounds(each.released.pence)}, its part of the cost {in_pounds(each.cost)}"
        for each in one.partners
    ]
    lines += [
        f"  {found.names.get(each.instalment.partner, each.instalment.partner)} was to pay {in_pounds(each.instalment.pence)} "
        f"on {in_words(each.instalment.on)}: {in_pounds(each.received)} is in"
        for each in one.instalments
    ]
    return "\n".join(lines) + "\n"
