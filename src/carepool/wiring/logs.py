"""What the log may say of a request: never the part of an address that opens something, and never what was asked of it."""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from gunicorn.glogging import Logger

REQUEST: ContextVar[str] = ContextVar("carepool_request", default="")
"""The number of the request that is being answered."""
ROUTE = "carepool.route"
"""Where the name of the route is left in the request's environment: an address would say what was asked for."""
_SLASH = "(?:/|%2[Ff])"
ONCE = re.compile(rf"({_SLASH}(?:invitations|sign-in/new-password|sign|calendar){_SLASH})[^/\s?&\"']+")
"""Addresses with a token in their path."""
ASKED = re.compile(r"(/[^\s?\"']*)\?[^\s\"']+")
"""Addresses with a question: a provider sends its code and the state that it was given back in one."""
NOWHERE = "Not Found: an address that leads nowhere for who asked"
TOKEN = re.compile(r"\bcarepool_[A-Za-z0-9_-]{43}")
"""A token of a program, wherever somebody put it."""
MALFORMED = re.compile(r"Invalid request from ip=.*", re.DOTALL)
"""What gunicorn says of a request that it cannot read, with a line or a header of it: that may hold anything, cookies too."""


def without_tokens(said: str) -> str:
    """What is said, with the tokens and the questions of addresses gone."""
    said = MALFORMED.sub("A request could not be read, and nothing of it is written here.", said)
    return TOKEN.sub("…", ONCE.sub(r"\1…", ASKED.sub(r"\1?…", said)))


class WithoutTokens(logging.Formatter):
    """Writes a line without tokens: in its message, and in what is told of a fault."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return without_tokens(super().format(record))


class Lines(WithoutTokens):
    """Writes each entry as one line of JSON, with the number of the request that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = getattr(record, "told", None)
        says = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            **({"request": number} if (number := REQUEST.get()) else {}),
            **(told if told is not None else {"says": super().format(record)}),
        }
        return json.dumps(says, ensure_ascii=False)


class WithoutPeople(WithoutTokens):
    """Writes of a fault where it happened and of what type it is, and not its message: that may hold what somebody typed.

    Nor an address that leads nowhere: somebody may have typed a name there.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return (
            NOWHERE if getattr(record, "status_code", 0) == HTTPStatus.NOT_FOUND else super().format(record)
        )

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name is the library's)
        """The places, without what was said."""
        kind, fault, _ = ei
        told: list[str] = []
        while fault is not None:
            frames = traceback.extract_tb(fault.__traceback__)
            told.append("\n".join(f"  {each.filename}:{each.lineno} in {each.name}" for each in frames))
            told.append(f"{type(fault).__module__}.{type(fault).__name__}")
            fault = fault.__cause__ or fault.__context__
        return "\n".join(told) or str(getattr(kind, "__name__", ""))


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own log, which does not pass through ours."""

    def setup(self, cfg: Any) -> None:
        """Set up as gunicorn does, with our hand on every line: its errors, and its requests if anybody ever asked for them."""
        super().setup(cfg)
        for each in self.error_log.handlers:
            each.setFormatter(WithoutTokens(self.error_fmt, self.datefmt))
        for each in self.access_log.handlers:
            each.setFormatter(WithoutTokens(self.access_fmt))
