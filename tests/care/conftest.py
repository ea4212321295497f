"""The person wing as a service: its database prepared once with invented people, and browsers that ask its pages."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

if os.environ["DJANGO_SETTINGS_MODULE"] != "carepool.wiring.settings_care":
    collect_ignore_glob = ["test_*.py"]  # in a process of the fund; “pytest tests/care” is one of the wing
else:
    from django.conf import settings
    from django.db import transaction
    from django.http import HttpResponse
    from django.test import Client

    from carepool.care.actions.demonstration import people
    from carepool.care.actions.house import CareHouse
    from carepool.care.actions.ports import Identity
    from carepool.care.store.vault import FILE
    from carepool.signin.models import Account
    from carepool.wiring.house_care import current_wing
    from carepool.wiring.operations_care import prepare_care
    from tests.care.forms import forms
    from tests.journeys.conftest import browser, examiner, visit  # noqa: F401  (fixtures)
    from tests.journeys.running import serving
    from tests.web.reading import Page
    from tests.web.visiting import sound

    @dataclass
    class Visitor:
        """Somebody with a browser."""

        browser: Client

        def page(self, path: str) -> Page:
            """A page as they see it, its HTML sound."""
            return sound(path, self.browser.get(path))

        def status(self, path: str) -> int:
            """How the service answers."""
            return self.browser.get(path).status_code

        def send(self, path: str, **fields: str) -> HttpResponse:
            """Send a form."""
            return self.browser.post(path, fields)

        def key(self, path: str, act: str = "") -> str:
            """The key of the form on a page that does this."""
            html = self.browser.get(path).content.decode()
            keys = re.findall(r'name="key" value="([^"]+)"', html)
            return next(each for each in keys if each.endswith(act))

        def form(self, path: str, act: str = "") -> dict[str, str | list[str]]:
            """What the form on a page would send as it stands: the one that does this, or the last."""
            found = forms(self.browser.get(path).content.decode())
            return next(each for each in reversed(found) if not act or each.get("act") == act)

        def fill(self, path: str, act: str = "", /, **fields: str | list[str]) -> HttpResponse:
            """Open a page, change some fields of its form, and send it."""
            return self.browser.post(path, self.form(path, act) | fields)

    @pytest.fixture(scope="session")
    def prepared() -> CareHouse:
        """The wing's database as “carepool care prepare” leaves it."""
        return prepare_care()

    @pytest.fixture(scope="session")
    def service(browser: Browser, prepared: CareHouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: F811  (a fixture)  # fmt: skip
        """The address of “carepool care serve”, run as a user runs it, over a copy of what was prepared."""
        home = tmp_path_factory.mktemp("served")
        shutil.copytree(settings.CONFIG.home, home / "care")
        with serving(wing=True, CAREPOOL_HOME=str(home)) as address:
            yield address

    @pytest.fixture
    def wing(prepared: CareHouse) -> Iterator[CareHouse]:
        """The wing of the running service; whatever the test writes is gone after it, and keys that it destroys are back."""
        keys = settings.CONFIG.home / FILE
        before = keys.read_bytes()
        with transaction.atomic():
            yield current_wing()
            transaction.set_rollback(True)
        keys.write_bytes(before)

    @pytest.fixture(scope="session")
    def invented() -> tuple[Identity, ...]:
        """The people of the demonstration."""
        return tuple(people())

    @pytest.fixture
    def come(wing: CareHouse) -> Callable[[str], Visitor]:
        """Somebody by handle, signed in; nobody in particular without one."""

        def signed_in(handle: str = "") -> Visitor:
            window = Client(SERVER_NAME="localhost")
            if handle:
                window.force_login(Account.objects.get(handle=handle))
            return Visitor(window)

        return signed_in
