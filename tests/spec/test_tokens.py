"""Tokens and pace: what a program shows in place of an account's owner, and how often it may ask.

Tokens are no facts: they are ordinary rows beside the accounts. How often somebody asks is counted in a small file, which all
processes of a machine share, so that a look writes nothing to the database.
"""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from carepool.basics.refusals import Refused
from carepool.signin import pacing, passwords, sessions, tokens
from carepool.signin.models import Account, Token
from tests.accounts import ann, rows, tables  # noqa: F401  (fixtures)

NOW = datetime(2026, 11, 28, 12, 0, 10, tzinfo=UTC)


def make(account: Account, key: str = "first", *, acts: bool = False, days: int = 30) -> tuple[str, Token]:
    """A token and its row."""
    made = tokens.make(account, "Our ledger", days, NOW, key, acts=acts)
    assert isinstance(made, tokens.Made)
    assert made.secret
    return made.secret, made.token


def test_a_token_is_shown_once_and_kept_as_a_digest(ann: Account) -> None:
    """What stands in the database opens nothing: it is the digest of 256 random bits. Sent twice, the form makes one, and the second time says no secret."""
    secret, row = make(ann)
    assert tokens.SHAPE.fullmatch(secret)
    assert secret not in str(Token.objects.values().get(id=row.pk))
    again = tokens.make(ann, "Our ledger", 30, NOW, "first", acts=False)
    assert again == tokens.Made(row, None)
    assert tokens.borne(secret, NOW) == row
    assert Token.objects.filter(account=ann).count() == 1


@pytest.mark.parametrize(
    "wrong", ["", "carepool_", "{}x", "{} ", " {}", "Bearer {}", "carepool_" + "A" * 43, "\0{}"]
)
def test_another_word_is_no_token(ann: Account, wrong: str) -> None:
    """Whatever is not a token letter by letter is none, and is not looked for."""
    secret, _ = make(ann)
    assert tokens.borne(wrong.format(secret), NOW) is None


def test_a_token_ends(ann: Account) -> None:
    """By itself after its days, and at once where its owner ends it; ended twice, it had ended already."""
    secret, row = make(ann, days=90)
    assert tokens.borne(secret, NOW + timedelta(days=90, seconds=-1))
    assert tokens.borne(secret, NOW + timedelta(days=90)) is None
    assert (tokens.end(ann.pk, row.pk, NOW), tokens.end(ann.pk, row.pk, NOW)) == (True, False)
    assert tokens.borne(secret, NOW) is None
    assert list(tokens.in_use(ann.pk, NOW)) == []


def test_nobody_ends_anothers_token(ann: Account) -> None:
    """To somebody else it is a token that there is not."""
    secret, row = make(ann)
    assert not tokens.end("account-other", row.pk, NOW)
    assert tokens.borne(secret, NOW)


@pytest.mark.slow
def test_a_new_password_ends_every_token(ann: Account) -> None:
    """Where a password was lost, whoever had it may have made one; the operator's sign-out of an account ends them too."""
    secret, _ = make(ann)
    passwords.change(ann, "otter lamp quarry nine")
    assert tokens.borne(secret, NOW) is None
    another, _ = make(ann, "second")
    sessions.end_all(ann.pk)
    assert tokens.borne(another, NOW) is None


def test_the_token_of_an_account_that_has_ended_is_none(ann: Account) -> None:
    """From the next request on."""
    secret, _ = make(ann)
    Account.objects.filter(pk=ann.pk).update(is_active=False)
    assert tokens.borne(secret, NOW) is None


@pytest.mark.parametrize(("name", "days"), [("", 30), ("Our ledger", 0), ("Our ledger", 366)])
def test_a_token_has_a_name_and_an_end(ann: Account, name: str, days: int) -> None:
    """None is made without a name, for ever, or for longer than a year."""
    assert isinstance(tokens.make(ann, name, days, NOW, "key", acts=True), Refused)
    assert not Token.objects.filter(account=ann).exists()


def test_an_account_has_a_bounded_number_of_tokens(ann: Account) -> None:
    """The next is refused, with what to do; one that ended makes room."""
    rows = [make(ann, str(number))[1] for number in range(tokens.MOST)]
    refused = tokens.make(ann, "More", 30, NOW, "more", acts=False)
    assert isinstance(refused, Refused)
    assert "End one" in refused.says
    tokens.end(ann.pk, rows[0].pk, NOW)
    assert isinstance(tokens.make(ann, "More", 30, NOW, "more", acts=False), tokens.Made)


def test_the_hour_of_the_last_use_is_kept(ann: Account) -> None:
    """Written once an hour at most, so that a look writes as good as nothing."""
    _, row = make(ann)
    for minutes, kept in ((0, 0), (59, 0), (60, 60), (100, 60)):
        row.refresh_from_db()
        tokens.note_use(row, NOW + timedelta(minutes=minutes))
        row.refresh_from_db()
        assert row.used_at == NOW + timedelta(minutes=kept)


def test_a_caller_has_so_many_requests_in_a_minute(tmp_path: Path) -> None:
    """The next is one too often, and says in how many seconds it is not; whoever else asks has a count of their own."""
    file = tmp_path / "pace"
    assert [pacing.count(file, "ann", 3, NOW).left for _ in range(4)] == [2, 1, 0, -1]
    late = pacing.count(file, "ann", 3, NOW)
    assert (late.too_often, late.limit, late.again) == (True, 3, 50)
    assert pacing.count(file, "bo", 3, NOW).left == 2
    assert pacing.count(file, "ann", 3, NOW + timedelta(seconds=50)).left == 2


COUNTS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from carepool.signin import pacing
at = datetime(2026, 11, 28, 12, 0, 10, tzinfo=UTC)
print(sum(not pacing.count(Path(sys.argv[1]), "ann", 500, at).too_often for _ in range(400)))
"""


def test_two_processes_count_together(tmp_path: Path) -> None:
    """Each asks four hundred times at once where five hundred are let pass: five hundred are, to the last."""
    asked = [
        subprocess.Popen([sys.executable, "-c", COUNTS, str(tmp_path / "pace")], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]  # fmt: skip
    assert sum(int(each.communicate()[0]) for each in asked) == 500


def test_a_flood_of_callers_makes_the_file_no_larger(tmp_path: Path) -> None:
    """Places are given away, those of an earlier minute first, and the caller who asks most keeps theirs."""
    file = tmp_path / "pace"
    for _ in range(100):
        pacing.count(file, "busy", 100, NOW)
    for number in range(3_000):
        pacing.count(file, f"caller {number}", 100, NOW)
    assert pacing.count(file, "busy", 100, NOW).too_often
    assert file.stat().st_size <= pacing.PLACES * 16
