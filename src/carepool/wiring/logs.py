"""What the log may say of a request: never the part of an address that opens something, and never what was asked of it."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

_SLASH = "(?:/|%2[Ff])"
ONCE = re.compile(rf"({_SLASH}(?:invitations|sign-in/new-password|sign|calendar){_SLASH})[^/\s?&\"']+")
"""Addresses with a token in their path."""
ASKED = re.compile(r"(/[^\s?\"']*)\?[^\s\"']+")
"""Addresses with a question: a provider sends its code and the state that it was given back in one."""
MALFORMED = re.compile(r"Invalid request from ip=.*", re.DOTALL)
"""What gunicorn says of a request that it cannot read, with a line or a header of it: that may hold anything, cookies too."""


def without_tokens(said: str) -> str:
    """What is said, with the tokens and the questions of addresses gone."""
    said = MALFORMED.sub("A request could not be read, and nothing of it is written here.", said)
    return ONCE.sub(r"\1…", ASKED.sub(r"\1?…", said))


class WithoutTokens(logging.Formatter):
    """Writes a line without tokens: in its message, and in what is told of a fault."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return without_tokens(super().format(record))


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own log, which does not pass through ours."""

    def setup(self, cfg: Any) -> None:
        """Set up as gunicorn does, with our hand on every line: its errors, and its requests if anybody ever asked for them."""
        super().setup(cfg)
        for each in self.error_log.handlers:
            each.setFormatter(WithoutTokens(self.error_fmt, self.datefmt))
        for each in self.access_log.handlers:
            each.setFormatter(WithoutTokens(self.access_fmt))
