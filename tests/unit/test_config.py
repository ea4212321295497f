"""What the environment may say."""

from pathlib import Path

import pytest

from carepool.basics.refusals import Unusable
from carepool.wiring.config import LOCAL, Config, database_settings
from carepool.wiring.config_care import care_config


def test_defaults() -> None:
    config = Config.from_environment({})
    assert (config.home, config.database, config.production) == (Path("var"), "", False)
    assert config.databases()["default"]["NAME"] == "var/carepool.sqlite3"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"CAREPOOL_DATABSE": "x"}, "Did you mean CAREPOOL_DATABASE"),
        ({"CAREPOOL_PRODUCTION": "maybe"}, "Set it to yes or no"),
        ({"CAREPOOL_SECOND_FACTOR": "please"}, "Set it to required or optional"),
        ({"CAREPOOL_PROXIES": "many"}, "a small number"),
        ({"CAREPOOL_ADDRESS": "fund.example"}, "Write it like https://fund.example"),
        ({"CAREPOOL_ADDRESS": "https://fund.example/path"}, "without a path"),
        (
            {"CAREPOOL_ADDRESS": "http://fund.example", "CAREPOOL_PRODUCTION": "yes"},
            "Write it like https://",
        ),
        ({"CAREPOOL_SMTP": "http://user:secret@mail.example"}, r"SMTP is no mail server\. Write"),
    ],
)
def test_what_is_not_known_is_refused(environment: dict[str, str], says: str) -> None:
    with pytest.raises(Unusable, match=says):
        Config.from_environment(environment)


@pytest.mark.parametrize(
    ("environment", "required"),
    [
        ({}, False),
        ({"CAREPOOL_PRODUCTION": "yes"}, True),
        ({"CAREPOOL_SECOND_FACTOR": "required"}, True),
        ({"CAREPOOL_SECOND_FACTOR": "optional", "CAREPOOL_PRODUCTION": "yes"}, False),
    ],
)
def test_a_second_factor_is_required_in_production_unless_said_otherwise(
    environment: dict[str, str], required: bool
) -> None:
    assert Config.from_environment(environment).second_factor_required is required


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(Unusable, match="not a database that carepool speaks"):
        database_settings("mysql://x/y")
    made = database_settings("postgresql://app:p%40ss@db.example:5433/fund")
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == (
        "app",
        "p@ss",
        "db.example",
        "5433",
        "fund",
    )


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    config = Config(home=tmp_path / "home")
    key = config.secret_key()
    assert key == config.secret_key()
    assert len(key) > 40
    assert (tmp_path / "home" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_production_makes_no_secret(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="In production the key is made by hand"):
        Config(home=tmp_path, production=True).secret_key()


def test_a_connection_to_postgresql_is_encrypted_as_its_address_says() -> None:
    """What libpq knows of TLS is passed on; a slip in it is refused, since it would be an open connection."""
    told = "postgresql://fund:secret@db.example/carepool?sslmode=verify-full&sslrootcert=/etc/ssl/fund.pem"
    assert database_settings(told)["OPTIONS"] == {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ssl/fund.pem",
    }
    assert not database_settings("postgresql://fund@db.example/carepool").get("OPTIONS")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("sslmod=verify-full", "Did you mean sslmode"),
        ("sslmode=verify_full", "sslmode is one of"),
        ("sslmode=", "sslmode is one of"),
        ("sslmode=require&sslmode=disable", "twice"),
        ("options=-c%20x", "does not know"),
    ],
)
def test_what_an_address_asks_of_postgresql_is_known(question: str, says: str) -> None:
    with pytest.raises(Unusable, match=says) as refused:
        database_settings(f"postgresql://fund:secret@db.example/carepool?{question}")
    assert "secret" not in str(refused.value)


def test_the_wing_has_settings_of_its_own_which_the_fund_does_not_read():
    given = {
        "CAREPOOL_HOME": "here",
        "CAREPOOL_DATABASE": "postgresql://fund@one/fund",
        "CAREPOOL_CARE_DATABASE": "postgresql://care@two/care",
        "CAREPOOL_CARE_HOSTS": "care.example",
    }
    fund, care = Config.from_environment(given), care_config(given)
    assert (fund.home, fund.database) == (Path("here"), "postgresql://fund@one/fund")
    assert (care.home, care.database) == (Path("here/care"), "postgresql://care@two/care")
    assert (fund.hosts, care.hosts) == (LOCAL, ("care.example",))
    assert care_config({}).databases() != Config.from_environment({}).databases()


def test_production_of_the_fund_is_production_of_the_wing():
    assert care_config({"CAREPOOL_PRODUCTION": "yes", "CAREPOOL_CARE_PRODUCTION": "no"}).production
    assert not Config.from_environment({"CAREPOOL_CARE_PRODUCTION": "yes"}).production


def test_the_wing_refuses_what_it_does_not_know():
    with pytest.raises(Unusable, match="HOMM"):
        care_config({"CAREPOOL_CARE_HOMM": "x"})
