"""Signing in when many do it at once, on each kind of database: a throttle that is shared, and what works once works once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pyotp
import pytest
from django.db import connections, transaction

from carepool.basics.refusals import Refused
from carepool.signin import identities, invitations, passwords, second_factor
from carepool.signin.models import Account, Attempts
from carepool.signin.throttling import Wait, Watched, attempt
from tests.store.houses import House, models_agree, standing_for_the_services_own

NOW = datetime(2026, 11, 28, 12, 0, 10, tzinfo=UTC)
MANY = 8


@pytest.fixture
def service(sql_house: House) -> Iterator[House]:
    """A database in the place of the service's own."""
    with standing_for_the_services_own(sql_house.alias):
        Account.objects.create(
            id="account-ann", handle="ann.lee", name="Ann Lee", email="ann@council.example"
        )
        yield sql_house


def at_once(service: House, work: Callable[[int], object], times: int = MANY) -> list[object]:
    """Do something so many times at the same time, each on a connection of its own."""

    def one(number: int) -> Callable[[], object]:
        def done() -> object:
            try:
                return work(number)
            finally:
                connections["default"].close()

        return done

    return service.together(*(one(number) for number in range(times)))


def test_many_guesses_at_once_are_no_way_around_the_throttle(service: House) -> None:
    """Of many guesses at the same instant six are made, as if they had come one after another."""
    guessed: list[int] = []
    ann = Watched("ann", 5, clears=True)
    answers = at_once(service, lambda number: attempt((ann,), NOW, lambda: guessed.append(number)), 12)
    assert len(guessed) == 6
    assert sum(isinstance(each, Wait) for each in answers) == 6
    assert Attempts.objects.get(key="ann").failures == 6


def test_two_things_watched_in_either_order(service: House) -> None:
    """Nobody waits for somebody who waits for them: all are counted."""
    two = (Watched("a", 1000, clears=True), Watched("b", 1000, clears=False))
    answers = at_once(service, lambda number: attempt(two[:: 1 if number % 2 else -1], NOW, lambda: None))
    assert answers == [None] * MANY
    assert set(Attempts.objects.values_list("failures", flat=True)) == {MANY}


def test_one_code_signs_in_one(service: House) -> None:
    """A code that was seen over a shoulder, and sent at the same instant as its owner's, is taken from one of the two."""
    ann = Account.objects.get()
    second_factor.begin(ann, NOW)
    secret = second_factor.pending(ann.pk, NOW)
    assert secret
    code = pyotp.TOTP(secret).at(NOW)
    confirmed = at_once(service, lambda _: second_factor.confirm(ann.pk, code, NOW))
    (codes,) = [each for each in confirmed if each is not None]
    assert isinstance(codes, tuple)
    assert second_factor.codes_left(ann.pk) == 10
    taken = at_once(service, lambda _: second_factor.prove(ann.pk, codes[0], NOW))
    assert [each for each in taken if each] == [second_factor.BY_RECOVERY]


def test_one_invitation_makes_one_account(service: House) -> None:
    """However many accept it at once, under whatever names."""
    made = invitations.invite("bo@council.example", "Bo Day", "account-ann", NOW)

    def accept(number: int) -> Account | Refused:
        with transaction.atomic():
            return invitations.accept(made.invitation.id, f"bo.day{number}", None, NOW)

    answers = at_once(service, accept)
    assert sum(isinstance(each, Account) for each in answers) == 1
    assert Account.objects.filter(name="Bo Day").count() == 1


@pytest.mark.slow
def test_one_link_sets_one_password(service: House) -> None:
    """And the others are told that it works no more."""
    token = passwords.make_link(Account.objects.get(), NOW, passwords.BY_LETTER)
    answers = at_once(service, lambda number: passwords.use_link(token, f"a good long one {number}", NOW), 3)
    assert sorted(map(bool, answers)) == [False, False, True]


def test_one_way_back_is_used_once(service: House) -> None:
    """A return from a provider, sent by several at once, signs in one."""
    answers = at_once(service, lambda _: identities.spend("state", NOW, invitations.LASTS))
    assert sorted(map(bool, answers)) == [False] * (MANY - 1) + [True]


def test_an_identity_is_linked_with_one_account(service: House) -> None:
    """Of two owners who link the same one at once, one is refused."""
    bob = Account.objects.create(id="account-bob", handle="bob.day", name="Bob Day")
    both = [Account.objects.get(pk="account-ann"), bob]
    answers = at_once(
        service, lambda number: identities.link(both[number], "https://one.example", "7", "one", NOW), 2
    )
    assert sorted(map(str, answers)) == sorted(map(str, [None, Refused(identities.ANOTHERS)]))


def test_the_models_and_the_migrations_of_accounts_agree(sqlite_house: House) -> None:
    """No table of signing in is other than its migration made it."""
    models_agree(sqlite_house.alias, "signin")
