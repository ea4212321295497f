"""How what must not be read is kept: links and codes as digests, what is watched as keyed digests, secrets sealed."""

import base64
import hashlib
import secrets
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Letters and digits that nobody takes for one another."""


def new_id() -> str:
    """An opaque id."""
    return secrets.token_hex(16)


def new_token() -> str:
    """What stands in a link that works once: nobody guesses it."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A code to write down, like ``K7QF-M2XW-9TRC-H4NB-Q3VD-8ZKA``: 117 bits, so that its digest cannot be turned back."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(6))


def digest(secret: str) -> str:
    """What is kept of a token or a code. Both are random and long, so that a plain digest cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed(purpose: str, text: str) -> str:
    """What is kept of a text that could be guessed: without the service's key nobody can try."""
    return salted_hmac(f"carepool.signin.{purpose}", text, algorithm="sha256").hexdigest()


def seal(purpose: str, text: str, now: datetime) -> str:
    """A text that only this service can read, and only for the same purpose."""
    return _box(purpose).encrypt_at_time(text.encode(), int(now.timestamp())).decode()


def unseal(purpose: str, sealed: str, now: datetime, seconds: int | None = None) -> str | None:
    """The text, or None when it is not ours, was changed, or was sealed longer ago than so many seconds."""
    box = _box(purpose)
    try:
        if seconds is None:
            return box.decrypt(sealed.encode()).decode()
        return box.decrypt_at_time(sealed.encode(), seconds, int(now.timestamp())).decode()
    except (InvalidToken, UnicodeError):
        return None


def _box(purpose: str) -> Fernet:
    key = salted_hmac(f"carepool.signin.{purpose}", "seal", secret=settings.SECRET_KEY, algorithm="sha256")
    return Fernet(base64.urlsafe_b64encode(key.digest()))
