"""What the pages of a pool share: its books as asked for, who is asking, and the frame around them."""

import re
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import read_history
from carepool.actions.pools import ACTIONS, authorities, host_body, mark_of, named, partner_body, years_of
from carepool.basics.money import Pence
from carepool.basics.refusals import NotHere
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.pool.accounts import Account, Event, Heading
from carepool.pool.books import Books, Opening
from carepool.pool.forecasting import by_scheme
from carepool.rules.schema import Composition
from carepool.web.asking import HouseRequest
from carepool.web.frame import When, account_of, new_key, read_when, spoken
from carepool.web.people import body_name
from carepool.web.words import about_page

TABS = (
    ("At a glance", (("pool", "At a glance"),)),
    ("Postings", (("pool-postings", "Postings"), ("pool-accounts", "Accounts"))),
    ("Actuals", (("pool-actuals", "Actual and forecast"), ("pool-imports", "What came from ledgers"))),
    ("Statements", (("pool-statements", "Statements"), ("pool-partners", "Partners' own books"))),
    ("Agreement and risk", (("pool-agreement", "The agreement"), ("pool-mandates", "Mandates"), ("pool-bears", "Who bears the year"))),
    ("Month end", (("pool-month-end", "Checklist"), ("pool-checks", "Checks and assertions"))),
    ("Year end", (("pool-year-end", "Year end"), ("pool-performance", "Performance money"))),
    ("Risks and actions", (("pool-log", "Log"), ("pool-action-plans", "Action plans"))),
    ("Enter", (("pool-enter", "Enter"),)),
)  # fmt: skip
"""The navigation: each part with its pages, the first of which is where the part leads."""


class PoolPage:
    """One pool in one year as one request asks for it. NotHere where there are no such books."""

    def __init__(self, request: HouseRequest, pool: str) -> None:
        self.request = request
        self.house: House = request.house
        reading = request.method in {"GET", "HEAD"}
        # What is done is done now, whatever day its page was asked as at.
        self.when = read_when(request) if reading else When(None, None, "", "")
        self.pool = pool
        self.typed_year = request.GET.get("year", "")[:20]
        self.books: Books = named(self.house, pool, self.typed_year, self.when.upto)
        self.account = account_of(request)

    @property
    def opening(self) -> Opening:
        """What the year opened with."""
        assert self.books.opening is not None  # noqa: S101 (named gives no other)
        return self.books.opening

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each partner by its code."""
        return {each.code: self.name(partner_body(each)) for each in self.opening.partners}

    @property
    def host(self) -> str:
        """The host's name."""
        return self.names[self.opening.host]

    def name(self, body: str) -> str:
        """A body's name."""
        return body_name(self.house, body)

    def party(self, code: str) -> str:
        """The name of a partner, or of a district or payee as far as it is known."""
        if code in self.names:
            return self.names[code]
        district = self.name(f"council:{code}")
        return code if district.startswith("council:") else district

    def named(self, says: str) -> str:
        """A sentence with the names of partners and schemes for their codes."""
        return self._codes.sub(lambda found: self.names.get(found[0]) or self.scheme(found[0]), says)

    @cached_property
    def _codes(self) -> re.Pattern[str]:
        codes = [*self.names, *(each.id for each in self.opening.schemes)]
        return re.compile(
            rf"(?<![\w/])({'|'.join(map(re.escape, sorted(codes, key=len, reverse=True)))})(?![\w/])"
        )

    def source(self, code: str) -> str:
        """A source as people say it."""
        return source_words(code, self.sources)

    def scheme(self, id: str) -> str:
        """The title of a scheme."""
        found = self.opening.scheme(id)
        return found.title if found else id

    def said(self, says: str) -> str:
        """A sentence with names for ids."""
        return spoken(self.house, says)

    def may(self, action: str, body: str = "") -> bool:
        """Whether who is signed in may do an action now, for the host or another body."""
        if self.account is None or self.when.day:
            return False
        of = body or host_body(self.opening)
        held = holdings(self.house.journal.read(office_stream(of)))
        found = may(
            authorities(self.house).of(action), held, Actor(self.account.id, "").account, of, self.house.today
        )
        return isinstance(found, Permit)

    def may_enter(self, event: Event) -> bool:
        """Whether who is signed in may enter an event."""
        return self.books.ended_at is None and self.may(ACTIONS.get(event, "keep_books"))

    def query(self) -> dict[str, str]:
        """What links carry along."""
        return self.when.query() | ({"year": self.typed_year} if self.typed_year else {})

    def href(self, name: str, ask: Mapping[str, str] | None = None, **more: str) -> str:
        """The address of another page of this pool, of the same year and as at the same day; ``ask`` is what it is asked beside."""
        query = {**self.query(), **(ask or {})}
        return reverse(name, kwargs={"pool": self.pool, **more}, query=query or None)

    @property
    def action(self) -> str:
        """Where the forms of this page are sent: to the year that it shows, which need not be the last."""
        return (
            f"{self.request.path}?{urlencode({'year': self.typed_year})}"
            if self.typed_year
            else self.request.path
        )

    def posting(self, id: str) -> tuple[str, str]:
        """A posting's number and its page, as a cell of a table."""
        return posting_words(id), self.href("pool-posting", posting=id)

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """What each stream of the fund is called, in any set of rules."""
        sets = self.house.rulebook.in_order
        found = (each.find("composition", Composition) for each in sets)
        return {stream.name: stream.says for each in found if each for stream in each.streams}

    def account_words(self, account: Account) -> str:
        """An account as people say it."""
        return _WORDS[account.heading].format(
            party=self.party(account.party),
            of=self.scheme(account.party),
            source=source_words(account.source, self.sources),
            scheme=self.scheme(account.source),
        )

    @cached_property
    def forecasts(self) -> Mapping[str, Pence]:
        """What each scheme is expected to have cost by the end of the year."""
        return by_scheme(self.books)

    @cached_property
    def mark(self) -> str:
        """What stands on every page of the illustrative county."""
        return mark_of(self.house, self.books)

    def frame(self, here: str) -> dict[str, object]:
        """What the frame around every page of a pool shows; ``here`` is the name of the page in its navigation."""
        return {
            "section": "plans",
            "page": self,
            "books": self.books,
            "opening": self.opening,
            "plan_href": self._plan_href(),
            "years": [
                (year, reverse("pool", kwargs={"pool": self.pool}, query={**self.when.query(), "year": year}))
                for year in years_of(self.house.journal, self.pool, self.when.upto)
            ],
            "tabs": [(words, self.href(pages[0][0]), here in dict(pages)) for words, pages in TABS],
            "part": self._part(here),
            "mark": self.mark,
            "when": self.when,
            "asking": [("year", self.typed_year)] if self.typed_year else [],
            "errors": [("as_at", self.when.error)] if self.when.error else [],
            "key": new_key(),
            **about_page(self.house, self.house.rulebook.section_75(self.house.today)[0]),
            **({"as_at": self.when.says} if self.when.day else {}),
        }

    def _part(self, here: str) -> tuple[str, list[tuple[str, str, bool]]] | None:
        """The pages of the part of the navigation that a page is in, where there are several."""
        for words, pages in TABS:
            if here in dict(pages) and len(pages) > 1:
                return words, [(says, self.href(name), name == here) for name, says in pages]
        return None

    def _plan_href(self) -> str:
        try:
            read_history(self.house, self.opening.plan)
        except NotHere:
            return ""
        return reverse("plan-money", args=[self.opening.plan], query=self.when.query() or None)


def posting_words(id: str) -> str:
    """A posting as it is called."""
    return f"Posting {id}" if id.isdecimal() else f"{id[:1].upper()}{id[1:].replace('/', ' ')}"


_WORDS: Mapping[Heading, str] = {
    Heading.POOL: "In the pool, held by {party}", Heading.PROMISED: "Promised by {party}: {source}",
    Heading.INVOICED: "Invoiced to {party}: {source}", Heading.VAT: "VAT to be had back",
    Heading.OWED: "Owed to {party}", Heading.ACCRUED: "Accrued, to {party}",
    Heading.CONTRIBUTED: "Contributed by {party}: {source}", Heading.RELEASED: "Released by {party}",
    Heading.CHARGES: "Charged to people by {party}: {scheme}", Heading.BROUGHT: "Brought forward, held by {party}",
    Heading.SPENT: "Spent on {of}: {source}", Heading.IRRECOVERABLE: "VAT that does not come back, {of}: {source}",
    Heading.SUSPENSE: "In suspense, from the ledger of {party}", Heading.PASSED: "Passed on to {party}: {source}",
    Heading.RETURNED: "Given back to {party}: {source}", Heading.CARRIED: "Carried forward, held by {party}",
    Heading.FORWARD: "Owed to the next year, held by {party}", Heading.BUDGET: "Budget of {of}: {source}",
    Heading.ALLOTTED: "Allotted: {source}", Heading.COMMITTED: "Committed by {of}: {source}",
    Heading.RESERVED: "Set aside for {of}: {source}", Heading.TRANSFER: "Section 256 transfer with {party}",
    Heading.GIVEN: "Transferred by {party}", Heading.APPLIED: "Transfer used by {party}: {scheme}",
    Heading.HELD: "Performance money that {party} has with it",
    Heading.CONTINGENT: "Would go from {party} to the pool, if earned", Heading.KEPT: "Never earned: stays with {party}",
}  # fmt: skip


OWN_SOURCES = {
    "additional": "Added of its own accord", "client_contributions": "What people pay", "risk_share": "Its share of the risk",
    "brought_forward": "Brought forward", "unstated": "No source stated",
}  # fmt: skip


def source_words(source: str, sources: Mapping[str, str]) -> str:
    """A source as people say it."""
    return sources.get(source) or OWN_SOURCES.get(source) or source.replace("_", " ").capitalize()
