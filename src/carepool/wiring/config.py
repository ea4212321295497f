"""What a service is told by its environment: one typed value, and nothing unknown is let pass."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from carepool.basics.refusals import Unusable, nearest

PREFIX = "CAREPOOL_"
CARE = "CAREPOOL_CARE_"
"""What the settings of the person wing's service begin with: they are another service's, which judges them itself."""
LOCAL = ("127.0.0.1", "localhost", "[::1]")
TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl")
"""What an address of PostgreSQL may ask for: how its connection is encrypted."""
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
MOST_OFTEN = 1_000_000
"""Requests of one caller in a minute."""
SENDER = "carepool <carepool@localhost>"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one service. Each field is the environment's ``CAREPOOL_`` and its name in capitals."""

    home: Path = Path("var")
    """The folder of the embedded database and of the secrets made at first run."""
    database: str = ""
    """``postgresql://user:password@host:port/name``, with ``?sslmode=verify-full`` where it is on another machine; empty for
    the embedded SQLite database in ``home``."""
    production: bool = False
    """Refuses what only a demonstration may have: a key made on the spot, any host, plain HTTP cookies."""
    hosts: tuple[str, ...] = LOCAL
    """The host names that the service answers to."""
    address: str = ""
    """The service's own address, like ``https://fund.example``, for links in letters; that of the request when empty."""
    proxies: int = 0
    """How many proxies of ours stand before the service, so that callers are told apart behind them."""
    second_factor: str = ""
    """``required`` or ``optional``; empty is required in production, and optional outside it."""
    oidc: Path | None = None
    """A TOML or JSON file with the providers of sign-in by OpenID Connect; see ``wiring.providers``."""
    smtp: str = ""
    """``smtp://user:password@host:port`` (with STARTTLS), ``smtps://`` or, inside a network of one's own, ``smtp+plain://``;
    empty for letters as files in ``home``."""
    sender: str = SENDER
    """Whom letters are from."""
    metrics_token: str = ""
    """Who asks for ``/metrics`` bears it; there are none without."""
    api_per_address: int = 120
    """How often in a minute one address may ask the API without a token."""
    api_per_token: int = 600
    """How often with one token."""
    log: str = ""
    """``requests`` for a line in JSON for each request, ``faults`` for faults alone; empty is requests in production, and faults outside it."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Config":
        """Read the settings. Unusable when a ``CAREPOOL_`` name is unknown or a value is not of its type."""
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in (os.environ if environment is None else environment).items()
            if name.startswith(PREFIX) and not name.startswith(CARE)
        }
        known = {field.name for field in fields(cls)}
        for name in given.keys() - known:
            near = nearest(name, known)
            hint = f" Did you mean {PREFIX}{near.upper()}?" if near else ""
            raise Unusable(
                f"The environment sets {PREFIX}{name.upper()}, which carepool does not know.{hint}"
            )
        production = given.get("production", "no").lower()
        if production not in {"yes", "no"}:
            raise Unusable(f"{PREFIX}PRODUCTION is “{production}”. Set it to yes or no.")
        return cls(
            home=Path(given.get("home", "var")),
            database=given.get("database", ""),
            production=production == "yes",
            hosts=tuple(given["hosts"].split(",")) if "hosts" in given else LOCAL,
            address=_address(given.get("address", ""), production == "yes"),
            proxies=_count("PROXIES", given.get("proxies", "0")),
            second_factor=_one_of(
                "SECOND_FACTOR", given.get("second_factor", ""), "", "required", "optional"
            ),
            oidc=Path(given["oidc"]) if given.get("oidc") else None,
            smtp=_mail_server(given.get("smtp", "")),
            sender=given.get("sender", SENDER),
            metrics_token=given.get("metrics_token", ""),
            api_per_address=_often("API_PER_ADDRESS", given.get("api_per_address", "120")),
            api_per_token=_often("API_PER_TOKEN", given.get("api_per_token", "600")),
            log=_one_of("LOG", given.get("log", ""), "", "requests", "faults"),
        )

    @property
    def second_factor_required(self) -> bool:
        """Whether everybody needs a second factor who does not sign in with a provider."""
        return self.second_factor == "required" or (self.production and not self.second_factor)

    @property
    def logs_requests(self) -> bool:
        """Whether each request leaves a line."""
        return self.log == "requests" or (self.production and not self.log)

    def databases(self) -> dict[str, dict[str, object]]:
        """Django's DATABASES: one alias, ``default``, on SQLite or PostgreSQL."""
        return {"default": database_settings(self.database or f"sqlite:///{self.home / 'carepool.sqlite3'}")}

    def secret_key(self) -> str:
        """The key that signs cookies and forms: kept in ``home``, made at first run, readable by its owner only."""
        path = self.home / "secret-key"
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            if self.production:
                raise Unusable(
                    f"There is no {path}. In production the key is made by hand, before the start."
                ) from None
        self.home.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(48)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(key + "\n")
        except FileExistsError:  # another worker made it in the meantime, and theirs is as good
            return path.read_text().strip()
        return key


def _one_of(name: str, value: str, *known: str) -> str:
    if value not in known:
        raise Unusable(
            f"{PREFIX}{name} is “{value}”. Set it to {' or '.join(each for each in known if each)}."
        )
    return value


def _count(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) < 10):
        raise Unusable(f"{PREFIX}{name} is “{value}”. Set it to a small number, like 1.")
    return int(value)


def _often(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 0 < int(value) <= MOST_OFTEN):
        raise Unusable(f"{PREFIX}{name} is “{value}”. Set it to a number of requests in a minute, like 120.")
    return int(value)


def _address(value: str, production: bool) -> str:
    parts = urlsplit(value)
    whole = parts.scheme in {"http", "https"} and parts.netloc and not (parts.path.strip("/") or parts.query)
    if value and (not whole or (production and parts.scheme != "https")):
        raise Unusable(f"{PREFIX}ADDRESS is “{value}”. Write it like https://fund.example, without a path.")
    return value.rstrip("/")


def _mail_server(value: str) -> str:
    parts = urlsplit(value)
    if value and not (parts.scheme in {"smtp", "smtps", "smtp+plain"} and parts.hostname):
        # Its password may stand in it, so that it is not said again.
        raise Unusable(
            f"{PREFIX}SMTP is no mail server. Write it like smtp://user:password@mail.example:587."
        )
    return value


def _tls(question: str) -> dict[str, str]:
    """What an address of PostgreSQL asks for. Unusable for a slip: the connection would be open, and nobody would see it."""
    asked = parse_qsl(question, keep_blank_values=True)
    found = dict(asked)
    for name in found:
        if name not in TLS:
            near = nearest(name, TLS)
            raise Unusable(
                f"CAREPOOL_DATABASE asks for {name}, which carepool does not know.{f' Did you mean {near}?' if near else ''}"
            )
    if len(found) < len(asked):
        raise Unusable("CAREPOOL_DATABASE asks for something twice. Write each once.")
    if found.get("sslmode", SSL_MODES[-1]) not in SSL_MODES:
        raise Unusable(f"In CAREPOOL_DATABASE sslmode is one of {', '.join(SSL_MODES)}.")
    return found


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:
        raise Unusable(
            "The port in CAREPOOL_DATABASE is no number. Write it like postgresql://user@host:5432/name."
        ) from None


def database_settings(address: str) -> dict[str, object]:
    """Django's settings for a database address. Unusable for a scheme that carepool does not speak."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")),
            # NORMAL loses acknowledged work in a power cut; IMMEDIATE makes one transaction's reading and writing one.
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(_port(address) or ""),
            "CONN_MAX_AGE": 60,
            "OPTIONS": _tls(parts.query),
        }
    raise Unusable(
        f"“{parts.scheme}” is not a database that carepool speaks. Use postgresql://… or leave it empty."
    )
