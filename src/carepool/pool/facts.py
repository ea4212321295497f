"""Facts of a pool's books: how each event is written in the stream ``pool/ID/YEAR``, and the books that they come to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.pool.accounts import Account, Entry, Heading, Posting
from carepool.pool.books import (
    Approval,
    Books,
    Contribution,
    Opening,
    Partner,
    Release,
    Side,
    day_of,
    keeping_lines,
    opening_lines,
    release_lines,
    stream_of,
)  # fmt: skip

KINDS = Kinds(
    Kind(name, 1, cites=cites)
    for name, cites in (
        ("PoolOpened", ()), ("Posted", ()), ("ReleaseProposed", ("statement",)), ("ReleaseApproved", ()),
        ("ReleasePosted", ()), ("MoneyKept", ("statement",)),
    )
)  # fmt: skip


# How each event is written.


def opened(pool: str, year: str, opening: Opening, on_behalf_of: str | None = None) -> NewFact:
    """The fact that a pool is opened."""
    return NewFact(
        stream_of(pool, year),
        "PoolOpened",
        1,
        {
            "agreement": opening.agreement,
            "host": opening.host,
            "partners": [{"code": each.code, "kind": each.kind} for each in opening.partners],
            "plan": opening.plan,
            "plan_digest": opening.plan_digest,
            "contributions": [
                {
                    "party": each.party,
                    "source": each.source,
                    "pence": each.pence,
                    "contingent": each.contingent,
                }
                for each in opening.contributions
            ],
        },
        on_behalf_of=on_behalf_of,
    )


def posted(pool: str, year: str, posting: Posting, on_behalf_of: str | None = None) -> NewFact:
    """The fact of a posting to the pool's own accounts, effective on its day."""
    return NewFact(
        stream_of(pool, year),
        "Posted",
        1,
        {
            "id": posting.id,
            "says": posting.says,
            "lines": [
                {"debit": str(line.debit), "credit": str(line.credit), "pence": line.pence}
                for line in posting.lines
            ],
            "cites": list(posting.cites),
        },
        effective_on=posting.on,
        on_behalf_of=on_behalf_of,
    )


def proposed(
    pool: str,
    year: str,
    quarter: Quarter,
    ccg: str,
    pence: Pence,
    statement: str,
    on_behalf_of: str | None = None,
) -> NewFact:
    """The fact that a release is proposed, by the statement of which digest."""
    return NewFact(
        stream_of(pool, year),
        "ReleaseProposed",
        1,
        {"quarter": str(quarter), "ccg": ccg, "pence": pence, "statement": statement},
        on_behalf_of=on_behalf_of,
    )


def approved(pool: str, year: str, quarter: Quarter, ccg: str, side: Side, body: str) -> NewFact:
    """The fact that one side approves a release, in the name of its body."""
    return NewFact(
        stream_of(pool, year),
        "ReleaseApproved",
        1,
        {"quarter": str(quarter), "ccg": ccg, "side": side.code},
        on_behalf_of=body,
    )


def released(pool: str, year: str, quarter: Quarter, ccg: str, pence: Pence) -> NewFact:
    """The fact that the money moves: written with the second approval."""
    return NewFact(
        stream_of(pool, year),
        "ReleasePosted",
        1,
        {"quarter": str(quarter), "ccg": ccg, "pence": pence},
    )


def kept(
    pool: str, year: str, of_ccg: Mapping[str, Pence], statement: str, on_behalf_of: str | None = None
) -> NewFact:
    """The fact that what was never earned stays with the CCGs."""
    return NewFact(
        stream_of(pool, year),
        "MoneyKept",
        1,
        {"kept": dict(of_ccg), "statement": statement},
        on_behalf_of=on_behalf_of,
    )


# The fold.


def books_of(pool: str, year: str, facts: Iterable[Fact]) -> Books:
    """The books that the facts of the stream come to.

    Unusable when a fact could not have been decided: a posting that does not balance, a release without two
    accounts on two sides, anything before the opening. Books that are wrong are not shown as if they were right.
    """
    return fold(facts, Books(pool, year), _apply, KINDS)


def _apply(books: Books, fact: Fact) -> Books:
    if (books.opening is None) != (fact.kind == "PoolOpened"):
        raise _impossible(fact, "the pool opens once, and first of all")
    match fact.kind:
        case "PoolOpened":
            return _open(books, fact)
        case "Posted":
            return books.posted(_posting(fact))
        case "ReleaseProposed":
            return _propose(books, fact)
        case "ReleaseApproved":
            return _approve(books, fact)
        case "ReleasePosted":
            return _release(books, fact)
        case _:
            return _keep(books, fact)


def _impossible(fact: Fact, why: str) -> Unusable:
    return Unusable(
        f"Version {fact.version} of {fact.stream} is a {fact.kind} that cannot be: {why}. Verify the journal."
    )


def _open(books: Books, fact: Fact) -> Books:
    body = fact.body
    opening = Opening(
        str(body["agreement"]),
        str(body["host"]),
        tuple(
            Partner(str(each["code"]), "ccg" if each["kind"] == "ccg" else "council")
            for each in _rows(body["partners"])
        ),
        str(body["plan"]),
        str(body["plan_digest"]),
        tuple(
            Contribution(
                str(each["party"]), str(each["source"]), _pence(each["pence"]), _pence(each["contingent"])
            )
            for each in _rows(body["contributions"])
        ),
    )
    return replace(books, opening=opening).posted(
        Posting(
            "pool/opened",
            "Contributions of the year, performance money off the pool",
            day_of(fact.at),
            opening_lines(opening),
            (opening.plan_digest,),
        )
    )


def _posting(fact: Fact) -> Posting:
    cites = fact.body["cites"]
    assert isinstance(cites, list)  # noqa: S101 (written so by posted)
    return Posting(
        str(fact.body["id"]),
        str(fact.body["says"]),
        fact.effective_on or day_of(fact.at),
        tuple(
            Entry(
                Account.parse(str(each["debit"])), Account.parse(str(each["credit"])), _pence(each["pence"])
            )
            for each in _rows(fact.body["lines"])
        ),
        tuple(str(each) for each in cites),
    )


def _propose(books: Books, fact: Fact) -> Books:
    key = _key(fact)
    if key in books.releases or books.kept_at is not None:
        raise _impossible(fact, "it was proposed before, or the year is closed")
    found = Release(*key, _pence(fact.body["pence"]), str(fact.body["statement"]), fact.by, fact.at)
    return _with_release(books, found)


def _approve(books: Books, fact: Fact) -> Books:
    found, side = _waiting(books, fact), Side.of(str(fact.body["side"]))
    if side in found.approvals:
        raise _impossible(fact, "that side had approved it")
    approvals = MappingProxyType({**found.approvals, side: Approval(fact.by, fact.at)})
    return _with_release(books, replace(found, approvals=approvals))


def _release(books: Books, fact: Fact) -> Books:
    found = _waiting(books, fact)
    if len({each.by for each in found.approvals.values()}) < len(Side):
        raise _impossible(fact, "a release needs two accounts on two sides")
    if _pence(fact.body["pence"]) != found.pence:
        raise _impossible(fact, "another amount was approved")
    posting = Posting(
        f"release/{found.quarter}/{found.ccg}",
        f"{found.quarter} earned: released by {found.ccg}",
        day_of(fact.at),
        release_lines(_host(books), found.ccg, found.pence),
        (found.statement,),
    )
    return _with_release(books.posted(posting), replace(found, released_at=fact.at))


def _keep(books: Books, fact: Fact) -> Books:
    of_ccg = fact.body["kept"]
    assert isinstance(of_ccg, Mapping)  # noqa: S101 (written so by kept)
    pence = {str(ccg): _pence(each) for ccg, each in of_ccg.items()}
    contingent = {ccg: books.amount(Heading.CONTINGENT, ccg) for ccg in _performance(books)}
    if books.kept_at is not None or books.awaiting() or pence != {c: p for c, p in contingent.items() if p}:
        raise _impossible(fact, "it keeps, once, exactly what is contingent and not spoken for")
    closed = replace(books, kept_at=fact.at)
    lines = keeping_lines(pence)
    if not lines:
        return closed
    says = "Never earned: stays with the CCGs"
    return closed.posted(Posting("money/kept", says, day_of(fact.at), lines, (str(fact.body["statement"]),)))


def _waiting(books: Books, fact: Fact) -> Release:
    found = books.releases.get(_key(fact))
    if found is None or found.released_at is not None:
        raise _impossible(fact, "no such release is proposed and waiting")
    return found


def _with_release(books: Books, release: Release) -> Books:
    releases = MappingProxyType({**books.releases, (release.quarter, release.ccg): release})
    return replace(books, releases=releases)


def _key(fact: Fact) -> tuple[Quarter, str]:
    return Quarter.parse(str(fact.body["quarter"])), str(fact.body["ccg"])


def _host(books: Books) -> str:
    assert books.opening is not None  # noqa: S101 (nothing folds before the opening)
    return books.opening.host


def _performance(books: Books) -> dict[str, Pence]:
    assert books.opening is not None  # noqa: S101 (nothing folds before the opening)
    return books.opening.performance


def _rows(value: object) -> list[Mapping[str, object]]:
    assert isinstance(value, list)  # noqa: S101 (written so above)
    return value


def _pence(value: object) -> Pence:
    assert isinstance(value, int)  # noqa: S101 (written so above)
    return value
