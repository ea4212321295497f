"""Whether a statement may be given to the partners now; once given it is a fact, with what was given kept by its digest."""

from datetime import date, timedelta

from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.pool import facts
from carepool.pool.books import Books, day_of, stream_of
from carepool.pool.statement_data import document_of
from carepool.pool.statements import Statement


def give(
    books: Books, found: Statement, *, today: date, salt: bytes, on_behalf_of: str | None = None
) -> Decision | Refused:
    """Give a statement, once its period is over. Given again it is another, and needs something to have been entered since."""
    period = found.period
    if today <= period.last:
        after = in_words(period.last + timedelta(days=1))
        return Refused(f"{period.title} is not over. Give its statement from {after} on.")
    number, before = next(
        ((n, each) for n, each in reversed(list(enumerate(books.given, 1))) if each.period == str(period)), (0, None)
    )  # fmt: skip
    # What was written since is told without the statements that were: they are in the same stream.
    if before and before.version - number == books.version - len(books.given):
        return Refused(
            f"The statement of {period.title} was given on {in_words(day_of(before.at))}, and nothing was entered since. "
            "There is nothing left to do."
        )
    document = document_of(found, salt)
    new = facts.statement_given(books.pool, books.year, str(period), document.digest, on_behalf_of)
    answer = {"stream": stream_of(books.pool, books.year), "period": str(period), "document": document.digest}
    return Decision((new,), answer, (document,))
