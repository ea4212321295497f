"""What tests of accounts share: the tables, made once, and an account; whatever one test writes is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from carepool.signin.models import Account
from carepool.store.guard import migrate


@pytest.fixture(scope="session")
def tables() -> None:
    """The tables of the tests' own database."""
    migrate("default")


@pytest.fixture(autouse=True)
def rows(tables: None) -> Iterator[None]:
    """Whatever one test writes is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ann() -> Account:
    """An account without a password of its own."""
    made = Account(id="account-ann", handle="ann.lee", name="Ann Lee", email="ann@council.example")
    made.set_unusable_password()
    made.save()
    return made
