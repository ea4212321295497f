"""A made-up person whose name stands nowhere else is used throughout the service, and then looked for where no person may be."""

import logging
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client

from carepool.care.actions.demonstration import PASSWORD
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity, Pair
from carepool.care.web.assessment_fields import PART_PAGES as ASSESSMENT_PARTS
from carepool.care.web.plan_fields import PART_PAGES as PLAN_PARTS
from carepool.signin.models import Account
from carepool.wiring.logs import WithoutPeople
from tests.care.forms import forms
from tests.journeys.running import free_port, plain_environment
from tests.store.served import Visitor as Served

NAMES = ("Zebulonia", "Quaggenthorpe", "Xylophone Yard", "ZZ99 9ZZ", "9990000018")
CANARY = Identity(
    "pcanary0000000001", NAMES[0], NAMES[1], date(1931, 3, 7), "female", NAMES[3], NAMES[2], NAMES[4], "01"
)


def hides(text: str) -> None:
    """Nothing of the canary stands in a text, as it is or as an address would write it."""
    for name in NAMES:
        for form in {name, quote(name), name.replace(" ", "+"), name.lower()}:
            assert form not in text, form


ABOUT = ("", "/responsible", "/details", "/review", "/assessment", "/plan", "/voice")
ASSESSED = ("said/me", "said/person", "said/carer-1", "carer/carer-1", "eligibility", "eligibility/carer-1", "1", *(f"part/{each}" for each in ASSESSMENT_PARTS))  # fmt: skip
PLANNED = ("/coming-home", "/plan/1", *(f"/plan/part/{each}" for each in PLAN_PARTS))


def written_of(visitor) -> list[str]:
    """The pages about the canary, once an assessment and a plan of theirs are begun and their name is written into both."""
    at = f"/people/{CANARY.person}"
    assert visitor.fill(f"{at}/assessment", "begin").status_code == 302
    assert visitor.fill(f"{at}/assessment/part/carers", **{"r0-name": f"Una {NAMES[1]}", "r0-relation": "Sister"}).status_code == 302  # fmt: skip
    assert visitor.fill(f"{at}/assessment/said/person", **{"r0-matters": CANARY.name}).status_code == 302
    assert visitor.fill(f"{at}/plan", "begin", title=f"For {NAMES[0]}").status_code == 302
    assert visitor.fill(f"{at}/plan/part/goals", **{"r0-says": NAMES[2], "r0-by": "no day"}).status_code == 400  # fmt: skip
    return ["/day", "/find", *(f"{at}{each}" for each in (*ABOUT, *PLANNED)), *(f"{at}/assessment/{each}" for each in ASSESSED)]  # fmt: skip


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Every line that is logged, as the service writes it."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep(level=0)
    handler.setFormatter(WithoutPeople())
    logging.getLogger().addHandler(handler)
    caplog.set_level(0)
    yield lines
    logging.getLogger().removeHandler(handler)


def test_a_person_stands_in_no_address_no_log_and_on_no_page_of_an_error(
    wing: CareHouse, come, written: list[str], monkeypatch: pytest.MonkeyPatch
):
    wing.vault.make(CANARY.person)
    wing.people.put(CANARY)
    wing.people.take_on("care-1", CANARY.person)
    other = next(each for each in wing.people.caseload("care-1") if each != CANARY.person)
    wing.people.put_pairs([Pair("pair-canary", CANARY.person, other, "nhs_number alone", None, "A council", wing.clock())])  # fmt: skip
    visitor = come("social.worker")
    for path in (*written_of(visitor), "/pairs", "/pairs/pair-canary", "/numbers"):
        page = visitor.page(path)
        for leads, _ in page.links:
            hides(leads)
        hides(page.text_of("title"))
    found = visitor.send("/find", number=CANARY.number, born="1931-03-07")
    assert CANARY.name in found.content.decode()
    for answer in (
        visitor.send("/find", number=CANARY.number, born="nonsense " + NAMES[1]),
        visitor.send(f"/people/{CANARY.person}/details", act="correct", given=NAMES[0]),
        visitor.send("/pairs/pair-canary", act="join", why=CANARY.name),
        visitor.browser.get(f"/people/{CANARY.person}/nothing"),
        visitor.browser.get(f"/people/{CANARY.person}/plan/part/{quote(NAMES[1])}-"),
    ):
        assert answer.status_code in {400, 404}
    hides(answer.content.decode())

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(f"value too long: {CANARY.name}, {CANARY.number}")

    monkeypatch.setattr("carepool.care.web.finding.find", fails)
    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    browser.force_login(Account.objects.get(handle="social.worker"))
    answer = browser.post("/find", {"number": CANARY.number, "born": "1931-03-07"})
    assert answer.status_code == 500
    hides(answer.content.decode())
    assert any("RuntimeError" in line for line in written)
    for line in written:
        hides(line)


def test_no_page_is_kept_by_a_browser_and_cookies_are_the_wings_own(come):
    answer = come("social.worker").browser.get("/day")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    browser = Client(SERVER_NAME="localhost")
    browser.get("/sign-in")
    entered = browser.post("/sign-in", {"handle": "social.worker", "password": PASSWORD})
    assert entered.status_code == 302
    assert set(entered.cookies) <= {"carepool_care_session", "carepool_care_csrf"}


def test_the_wings_process_has_no_page_and_no_database_of_the_fund(tmp_path: Path):
    code = (
        "import sys, django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "from carepool.wiring import middleware_care\n"
        "from django.conf import settings\n"
        "print([each for each in sys.modules if each.startswith(('carepool.web', 'carepool.cli.plans'))])\n"
        "print([str(each['NAME']) for each in settings.DATABASES.values()])\n"
    )
    environment = plain_environment() | {
        "DJANGO_SETTINGS_MODULE": "carepool.wiring.settings_care", "CAREPOOL_HOME": str(tmp_path),
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == ["[]", str([str(tmp_path / "care" / "carepool.sqlite3")])]


def put_right(port: int) -> None:
    """Somebody signs in to the wing, and gives a person the canary's name, number and address."""
    visitor = Served(port)
    visitor.open("/sign-in")
    assert visitor.ask("POST", "/sign-in", {"handle": "social.worker", "password": PASSWORD})[0] == 302
    person = re.search(r"/people/(\w+)", visitor.open("/day"))
    assert person
    path = f"/people/{person[1]}/details"
    key = re.search(r'name="key" value="(\w+-d)"', visitor.open(path))
    assert key
    typed = {"given": NAMES[0], "family": NAMES[1], "born": "1931-03-07", "sex": "female", "address": NAMES[2], "postcode": NAMES[3], "number": NAMES[4]}  # fmt: skip
    status, _, page = visitor.ask("POST", path, {"key": key[1], "act": "correct", **typed})
    assert status == 302, page
    assert NAMES[1] in visitor.open(f"/people/{person[1]}")
    goals = f"/people/{person[1]}/plan/part/goals"
    typed = {name: str(each) for name, each in forms(visitor.open(goals))[-1].items()}
    status, _, page = visitor.ask("POST", goals, typed | {"r1-says": f"That {NAMES[0]} comes to see me"})
    assert status == 302, page
    assert NAMES[0] in visitor.open(goals)


@pytest.mark.slow
def test_the_fund_beside_holds_nothing_of_anybody(tmp_path: Path):
    """Both services run; a person is found, opened and put right; then every byte of the fund is searched."""
    home, log = tmp_path / "var", tmp_path / "log"
    fund, care = free_port(), free_port()
    with (
        log.open("w") as complaints,
        subprocess.Popen(
            [sys.executable, "-m", "carepool.wiring.main", "serve", "--port", str(fund), "--care", str(care)],
            env=plain_environment() | {"CAREPOOL_HOME": str(home)}, cwd=tmp_path, stdout=subprocess.PIPE,
            stderr=complaints, text=True,
        ) as service,
    ):  # fmt: skip
        try:
            assert service.stdout
            assert any("carepool care is at" in line for line in service.stdout)
            put_right(care)
            outside = Served(fund)
            assert outside.ask("GET", "/mine")[0] == 404
            hides(outside.open("/"))
        finally:
            service.terminate()
    wing = [each for each in (home / "care").rglob("*") if each.is_file()]
    assert any(NAMES[1].encode() in each.read_bytes() for each in wing), "the canary was really there"
    for each in (*(file for file in home.rglob("*") if file.is_file() and file not in wing), log):
        content = each.read_bytes()
        assert not [name for name in NAMES if name.encode() in content], each
