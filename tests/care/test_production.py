"""Production refuses what only a demonstration may have: invented people, their accounts, and numbers that begin with 999."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client, override_settings

from carepool.basics.refusals import Unusable
from carepool.care.actions.demonstration import PASSWORD
from carepool.care.actions.finding import Wanted, find
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.wiring.operations_care import prepare_care


def test_a_database_with_invented_people_is_not_opened(wing: CareHouse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("carepool.store.guard.migrate", lambda _: None)
    with (
        override_settings(CONFIG=replace(settings.CONFIG, production=True)),
        pytest.raises(Unusable, match="invented people"),
    ):
        prepare_care()


def test_nobody_signs_in_to_the_demonstration(wing: CareHouse):
    with override_settings(SIGN_IN=replace(settings.SIGN_IN, production=True)):
        answer = Client(SERVER_NAME="localhost").post(
            "/sign-in", {"handle": "social.worker", "password": PASSWORD}
        )
    assert answer.status_code == 400


def test_numbers_for_demonstration_find_nobody(wing: CareHouse, invented: tuple[Identity, ...]):
    who = invented[0]
    with pytest.raises(Unusable, match="999"):
        find(replace(wing, production=True), "care-1", Wanted(who.number or "", born=f"{who.born}"))


def test_whoever_has_no_second_factor_sets_one_up_first(wing: CareHouse, come):
    with override_settings(SIGN_IN=replace(settings.SIGN_IN, second_factor=True)):
        answer = come("social.worker").browser.get("/day")
        assert (answer.status_code, answer["Location"]) == (302, "/second-factor")
        assert come("social.worker").status("/second-factor") == 200
