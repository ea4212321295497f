"""What the log may say of a request: never the part of an address that opens something."""

import logging
import re

ONCE = re.compile(r"/(invitations|sign-in/new-password|sign|calendar)/[^/\s?\"']+")
"""Addresses with a token in their path."""


class WithoutTokens(logging.Filter):
    """Takes the tokens out of what is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, with the tokens gone."""
        said = record.getMessage()
        if ONCE.search(said):
            record.msg, record.args = ONCE.sub(r"/\1/…", said), ()
        return True
