"""Notices in every store: kept once, moved on once, sent when due, read by their own account, told by one process."""

from datetime import UTC, datetime, timedelta

import pytest

from carepool.actions.notices import MemoryNotices, Notice, NoticeStore
from carepool.store.notices import SqlNotices
from tests.store.houses import House

AT = datetime(2014, 9, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Stopped(Exception):
    """The machine stops here."""


@pytest.fixture
def notices(house: House) -> NoticeStore:
    """The notices of every kind of store in turn."""
    return SqlNotices(house.alias) if house.alias else MemoryNotices()


def notice(about: str, account: str = "ann") -> Notice:
    return Notice(about, account, f"About {about}", "Something waits.", "/me")


def test_a_notice_is_kept_once(notices: NoticeStore):
    assert notices.add(notice("one"), AT)
    assert not notices.add(notice("one"), AT + MINUTE)
    assert notices.add(notice("one", "ben"), AT)
    (kept,) = notices.of_account("ann", 10)
    assert (kept.id, kept.subject, kept.text, kept.link, kept.created) == (
        notice("one").id, "About one", "Something waits.", "/me", AT,
    )  # fmt: skip
    assert (kept.attempts, kept.delivered_at, kept.read_at, kept.last_error) == (0, None, None, "")


def test_a_reader_is_moved_on_once(notices: NoticeStore):
    assert notices.position("facts") == 0
    assert notices.advance("facts", 0, 20)
    assert not notices.advance("facts", 0, 30)
    assert notices.advance("facts", 20, 21)
    assert (notices.position("facts"), notices.position("days")) == (21, 0)


def test_rows_and_reader_are_written_together(notices: NoticeStore):
    with pytest.raises(Stopped), notices.transaction():
        assert notices.advance("facts", 0, 20)
        assert notices.add(notice("one"), AT)
        raise Stopped
    assert notices.position("facts") == 0
    assert notices.of_account("ann", 10) == ()
    with notices.transaction():
        assert notices.advance("facts", 0, 20)
        assert notices.add(notice("one"), AT)
    assert notices.position("facts") == 20
    assert len(notices.of_account("ann", 10)) == 1


def test_what_is_due(notices: NoticeStore):
    for number in range(3):
        notices.add(notice(str(number)), AT + MINUTE * number)
    first, second, third = (notice(str(number)).id for number in range(3))
    assert [each.id for each in notices.due(AT + MINUTE, 10)] == [first, second]
    assert [each.id for each in notices.due(AT + MINUTE, 1)] == [first]
    notices.delivered(first, AT + MINUTE)
    notices.put_off(second, "Not taken.", AT + 5 * MINUTE)
    notices.put_off(third, "The account has no address.", None)
    assert notices.due(AT + 4 * MINUTE, 10) == ()
    (again,) = notices.due(AT + 5 * MINUTE, 10)
    assert (again.id, again.attempts, again.last_error) == (second, 1, "Not taken.")
    notices.delivered(second, AT + 5 * MINUTE)
    assert notices.due(datetime(2030, 1, 1, tzinfo=UTC), 10) == ()
    held = {each.id: each for each in notices.of_account("ann", 10)}
    assert (held[second].attempts, held[second].delivered_at, held[second].last_error) == (
        2,
        AT + 5 * MINUTE,
        "",
    )
    assert held[first].text == "Something waits."


def test_read_by_its_own_account(notices: NoticeStore):
    notices.add(notice("one"), AT)
    notices.read(notice("one").id, "ben", AT)
    assert notices.of_account("ann", 10)[0].read_at is None
    notices.read(notice("one").id, "ann", AT + MINUTE)
    notices.read(notice("one").id, "ann", AT + 2 * MINUTE)
    notices.read("<none@carepool>", "ann", AT)
    assert notices.of_account("ann", 10)[0].read_at == AT + MINUTE


def test_a_letter_is_kept_once_and_emptied(notices: NoticeStore):
    first, ends = AT + MINUTE, AT + 60 * MINUTE
    assert notices.post("<a@carepool>", "sealed", AT, first, ends)
    assert not notices.post("<a@carepool>", "other", AT, AT, None)
    assert notices.due(AT, 10) == ()
    (due,) = notices.due(first, 10)
    assert (due.id, due.account, due.letter, due.created, due.expires) == ("<a@carepool>", "", "sealed", AT, ends)  # fmt: skip
    notices.put_off("<a@carepool>", "No.", ends)
    assert notices.due(first, 10) == ()
    notices.delivered("<a@carepool>", ends)
    (sent,) = notices.of_account("", 10)
    assert (sent.letter, sent.delivered_at, sent.attempts) == ("", ends, 2)
    notices.forget("<a@carepool>")
    assert notices.of_account("", 10) == (sent,)


def test_a_letter_is_forgotten(notices: NoticeStore):
    assert notices.post("<a@carepool>", "sealed", AT, AT, None)
    notices.add(notice("one"), AT)
    for each in ("<a@carepool>", "<none@carepool>", notice("one").id):
        notices.forget(each)
    assert [each.id for each in notices.due(AT, 10)] == [notice("one").id], "a notice is no letter"
    assert notices.of_account("", 10)[0].letter == ""


def test_the_latest_first(notices: NoticeStore):
    for number in range(5):
        notices.add(notice(str(number)), AT + MINUTE * number)
    assert [each.subject for each in notices.of_account("ann", 2)] == ["About 4", "About 3"]


def test_a_lease(notices: NoticeStore):
    assert notices.lease("notices", "a", AT, AT + 5 * MINUTE)
    assert not notices.lease("notices", "b", AT + MINUTE, AT + 6 * MINUTE)
    assert notices.lease("notices", "a", AT + MINUTE, AT + 6 * MINUTE)
    assert not notices.lease("notices", "b", AT + 5 * MINUTE, AT + 9 * MINUTE)
    assert notices.lease("other", "b", AT, AT + MINUTE)
    assert notices.lease("notices", "b", AT + 6 * MINUTE, AT + 9 * MINUTE)
    assert not notices.lease("notices", "a", AT + 6 * MINUTE, AT + 9 * MINUTE)


def test_many_at_once(sql_house: House):
    """Of four processes that move a reader on and take a lease at the same time, one does."""
    store = SqlNotices(sql_house.alias)

    def one(name: str) -> tuple[bool, bool]:
        with store.transaction():
            moved = store.advance("facts", 0, 7)
            if moved:
                store.add(notice("one"), AT)
        return moved, store.lease("notices", name, AT, AT + MINUTE)

    answers = sql_house.together(*(lambda name=name: one(name) for name in "abcd"))
    assert [type(each) for each in answers] == [tuple] * 4, answers
    assert sorted(moved for moved, _ in answers) == [False, False, False, True]  # type: ignore[misc]
    assert sorted(held for _, held in answers) == [False, False, False, True]  # type: ignore[misc]
    assert len(store.of_account("ann", 10)) == 1
