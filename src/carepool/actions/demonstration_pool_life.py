"""Some months of Carrowby's pooled account: instalments, spending, an order, an accrual, a charge, a grant passed on, budget moved, a month closed.

All of it is invented, like the county. It is entered in November 2015 with the days on which it happened, by the pool manager
within the limits of the agreement, and beyond them by the finance officer; one scheme spends faster than its budget lasts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from carepool.actions.house import House
from carepool.actions.opening_pools import attach_agreement
from carepool.actions.permits import Actor
from carepool.actions.pool_years import agreement_now, assert_balance_of, make_plan_of
from carepool.actions.pools import books_now, close_month_of, enter_of
from carepool.actions.statements import give_statement_of
from carepool.basics.money import Pence, share
from carepool.journal.commands import Done
from carepool.partnership.instalments import instalments
from carepool.pool.accounts import Event, Heading
from carepool.pool.books import Scheme
from carepool.pool.events import Asked
from carepool.pool.periods import Period


class Stage(Protocol):
    """What is needed of the stage on which the county is built."""

    house: House

    def on(self, year: int, month: int, day: int) -> None:
        """Go to a day."""

    def actor(self, handle: str) -> Actor:
        """A person, with the key of their next request."""
        ...


POOL, YEAR = "carrowby", "2015-16"
MANAGER, FINANCE = "carrowby.pool", "carrowby.finance"
COUNCIL, CCG, TRUST, AGENCY = "ZZ6", "Z6A", "community-trust", "home-care"
GRANT, DISTRICT = "disabled_facilities_grant", "ZZ11"
MONTHS = tuple(range(4, 11))
PAID = 3
"""Instalments that the CCG has paid by October."""
PACE = {"S1": 100, "S2": 118, "S3": 92}
"""What each scheme spends a month, in per cent of a twelfth of its budget."""


def live(stage: Stage, files: Mapping[str, bytes]) -> None:
    """Enter the months from April to October 2015."""
    stage.on(2015, 11, 23)
    actor = stage.actor(FINANCE)
    _must(attach_agreement(stage.house, actor, POOL, YEAR, files["carrowby_agreement.yaml"]))
    opening = books_now(stage.house, POOL, YEAR).opening
    assert opening is not None  # noqa: S101 (opened before)
    schemes = opening.schemes
    _instalments(stage)
    for month in MONTHS:
        for scheme in schemes:
            pence = _whole(scheme, PACE.get(scheme.id, 100) * scheme.budget // 1200)
            payee = COUNCIL if scheme.social_care else TRUST
            _enter(stage, Event.SPENT, date(2015, month, 28), pence, who=FINANCE, scheme=scheme.id, source=_source(scheme), payee=payee)  # fmt: skip
    first, second = schemes[0], schemes[1]
    order = _enter(stage, Event.COMMITTED, date(2015, 7, 1), 40_000_000, scheme=first.id, source=_source(first), says="Night nurses, a year")  # fmt: skip
    _enter(stage, Event.SPENT, date(2015, 10, 5), 9_800_000, scheme=first.id, source=_source(first), payee=AGENCY, vat=1_960_000, of=order, says="Night nurses, first quarter")  # fmt: skip
    held = _enter(stage, Event.ACCRUED, date(2015, 9, 30), 5_400_000, scheme=second.id, source=_source(second), payee=AGENCY, says="Home care of September")  # fmt: skip
    _enter(stage, Event.UNACCRUED, date(2015, 10, 1), of=held)
    _enter(stage, Event.SPENT, date(2015, 10, 6), 5_312_000, scheme=second.id, source=_source(second), payee=AGENCY, irrecoverable=88_000, says="Home care of September")  # fmt: skip
    charged = next((each for each in schemes if each.social_care), None)
    if charged:
        _enter(stage, Event.CHARGED, date(2015, 9, 30), 6_250_000, party=COUNCIL, scheme=charged.id)
    third = schemes[-1]
    _enter(stage, Event.REDEPLOYED, date(2015, 10, 20), 3_000_000, scheme=third.id, to_scheme=second.id, source=_source(third), says="Two carers for the winter")  # fmt: skip
    _enter(stage, Event.SETTLED, date(2015, 10, 30), 200_000_000, payee=TRUST)
    _must(assert_balance_of(stage.house, stage.actor(MANAGER), POOL, YEAR, third.id, "at_most", third.budget, date(2015, 10, 31)))  # fmt: skip
    _must(make_plan_of(stage.house, stage.actor(MANAGER), POOL, YEAR, second.id, "Reablement ends after six weeks, and each longer stay is looked at on Mondays.", date(2016, 1, 29), "pool_manager"))  # fmt: skip
    _must(close_month_of(stage.house, stage.actor(FINANCE), POOL, YEAR, "2015-04"))
    _enter(stage, Event.PASSED_ON, date(2015, 7, 20), 9_000_000, party=DISTRICT, source=GRANT, says="Adaptations, first three quarters")  # fmt: skip
    _must(give_statement_of(stage.house, stage.actor(MANAGER), POOL, Period.month("2015-04")))


def _instalments(stage: Stage) -> None:
    """The CCG pays three of its instalments, each to the penny of what the agreement has due, from its sources; the council all at once."""
    due = [each for each in instalments(agreement_now(stage.house, books_now(stage.house, POOL, YEAR)), YEAR) if each.partner == CCG]  # fmt: skip
    for each in due[:PAID]:
        promised = _promised(stage, CCG)
        for source, pence in share(min(each.pence, sum(promised.values())), promised).items():
            if pence:
                _enter(stage, Event.RECEIVED, each.on, pence, party=CCG, source=source)
    for source, pence in _promised(stage, COUNCIL).items():
        _enter(stage, Event.RECEIVED, date(2015, 6, 1), pence, party=COUNCIL, source=source)


def _promised(stage: Stage, party: str) -> dict[str, Pence]:
    """What a partner has still to pay, by source."""
    return {
        each.source: balance
        for each, balance in sorted(books_now(stage.house, POOL, YEAR).balances.items())
        if each.heading is Heading.PROMISED and each.party == party and balance
    }


def _source(scheme: Scheme) -> str:
    """The source that pays for most of a scheme."""
    return max(sorted(scheme.budgets), key=lambda each: scheme.budgets[each])


def _whole(scheme: Scheme, pence: Pence) -> Pence:
    """Whole pounds, and no more than the source has for seven months of it."""
    return min(pence, scheme.budgets[_source(scheme)] // 8) // 100 * 100


def _enter(
    stage: Stage, event: Event, on: date, pence: Pence = 0, who: str = MANAGER, **about: object
) -> str:
    done = enter_of(stage.house, stage.actor(who), POOL, YEAR, Asked(event, on, pence, **about))  # type: ignore[arg-type]  # fields of what is asked
    _must(done)
    assert isinstance(done, Done)  # noqa: S101 (just asked)
    assert isinstance(done.answer, Mapping)  # noqa: S101 (it names the posting)
    return str(done.answer["posting"])


def _must(done: object) -> None:
    """Every step is allowed; one that is not is a bug of ours."""
    if not isinstance(done, Done):
        raise AssertionError(getattr(done, "says", done))
