"""The pages of a pool whose year has very many postings: the illustrative county's, with pennies spent on and on."""

from datetime import date, timedelta
from statistics import median
from time import process_time

from django.contrib.auth import get_user_model
from django.test import Client

from benchmarks.measuring import Figure
from carepool.actions.pools import books_now
from carepool.journal.facts import NewFact
from carepool.pool import facts
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting
from carepool.pool.books import stream_of
from carepool.wiring.house import current_house, now

POOL, YEAR = "carrowby", "2015-16"
MAY = date(2015, 5, 1)
DAYS = 300
SIZES = (1_000, 10_000, 100_000)
RUNS = 5
LONGEST = 300.0
PAGES = {
    "glance": f"/pools/{POOL}",
    "postings": f"/pools/{POOL}/postings",
    "postings of one kind, far back": f"/pools/{POOL}/postings?event=spent&from=900",
    "a statement of a quarter": f"/pools/{POOL}/statements/2015-16Q2",
    "an account": f"/pools/{POOL}/accounts/spent/S1/unstated",
    "the checklist": f"/pools/{POOL}/month-end",
    "who bears the year": f"/pools/{POOL}/bears",
    "partners": f"/pools/{POOL}/partners",
    "one partner": f"/pools/{POOL}/partners/Z6A",
}
FIRST_LOOKS = {
    "glance": PAGES["glance"],
    "a statement of a quarter": PAGES["a statement of a quarter"],
    "partners as JSON": f"/pools/{POOL}/partners.json",
}
"""What is looked at just after something was entered, when nothing is worked out yet of the books as they are."""


def measure(sizes: tuple[int, ...] = SIZES) -> list[Figure]:
    """Each page once it has been opened before, with each number of postings; then just after another posting."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(handle="carrowby.finance"))
    figures = []
    for size in sizes:
        _fill(size)
        for says, address in PAGES.items():
            _milliseconds(client, address)
            took = median(_milliseconds(client, address) for _ in range(RUNS))
            figures.append(Figure(f"Pool with {size:,} postings: {says}", took, "ms", RUNS, bound=LONGEST))
        for says, address in FIRST_LOOKS.items():
            afterwards = []
            for _ in range(RUNS):
                _fill(size, more=1)
                afterwards.append(_milliseconds(client, address))
            figures.append(Figure(f"… {says}, after one more posting", median(afterwards), "ms", RUNS, bound=LONGEST))  # fmt: skip
    return figures


def _milliseconds(client: Client, address: str) -> float:
    before = process_time()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return 1000 * (process_time() - before)


def _fill(size: int, more: int = 0) -> None:
    """Enter pennies until there are so many postings, or a few more."""
    journal, stream = current_house().journal, stream_of(POOL, YEAR)
    missing = more or size - len(books_now(current_house(), POOL, YEAR).postings)
    version = journal.version(stream)
    new: list[NewFact] = [facts.posted(POOL, YEAR, _posting(version + number)) for number in range(missing)]
    journal.append(new, expecting={stream: version}, by="carepool", at=now())
    journal.seal()


def _posting(number: int) -> Posting:
    lines = (Entry(Account(Heading.SPENT, f"S{number % 3 + 1}", "unstated"), Account(Heading.OWED, f"provider-{number % 50}"), 1),)  # fmt: skip
    return Posting("", f"Visit {number}", MAY + timedelta(days=number % DAYS), lines, (), Event.SPENT)
