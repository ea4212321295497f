"""Where letters go out: to files below the service's home, or to a mail server."""

import logging
import os
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from carepool.actions.outbox import Message, Outbox
from carepool.basics.refusals import Unusable
from carepool.wiring.config import Config

log = logging.getLogger(__name__)

PATIENCE = 10
"""Seconds that a mail server has to answer."""
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def outbox(config: Config) -> Outbox:
    """The outbox that the environment asks for."""
    if not config.smtp:
        return FileOutbox(config.home / "outbox", config.sender)
    return SmtpOutbox(config.smtp, config.sender)


def written(message: Message, sender: str) -> EmailMessage:
    """A letter as mail servers take it. Unusable when an address or the subject would forge its head."""
    mail = EmailMessage(policy=SMTP)
    try:
        mail["Message-ID"] = message.id
        mail["From"], mail["To"], mail["Subject"] = sender, message.to, message.subject
        mail["Auto-Submitted"] = "auto-generated"
    except (ValueError, IndexError):
        raise Unusable("A letter's address or subject cannot be written in the head of a letter.") from None
    mail.set_content(message.text, cte="quoted-printable")
    return mail


@dataclass(frozen=True, slots=True)
class FileOutbox:
    """Letters as files, one each, readable by their owner only: whoever runs the service reads or sends them on."""

    folder: Path
    sender: str

    def put(self, message: Message) -> None:
        """Write the letter; sent twice, it is one file."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{sha256(message.id.encode()).hexdigest()[:32]}.eml"
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        with part.open("wb") as file:
            file.write(written(message, self.sender).as_bytes())
            file.flush()
            os.fsync(file.fileno())  # what is noted as sent must be there after a power cut
        part.replace(path)


@dataclass(frozen=True, slots=True)
class SmtpOutbox:
    """Letters handed to a mail server; see ``Config.smtp``."""

    server: str
    sender: str

    def put(self, message: Message) -> None:
        """Hand the letter over. Unusable when the server does not take it."""
        mail = written(message, self.sender)
        try:
            self._hand_over(mail)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("The mail server did not take a letter: %s", type(error).__name__)
            raise Unusable(
                "The mail server did not take the letter, so it was not sent. Try again later."
            ) from None

    def _hand_over(self, mail: EmailMessage) -> None:
        from django.core.mail.backends.smtp import EmailBackend

        parts = urlsplit(self.server)
        backend = EmailBackend(
            host=parts.hostname or "", port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username or ""), password=unquote(parts.password or ""),
            use_ssl=parts.scheme == "smtps", use_tls=parts.scheme == "smtp", timeout=PATIENCE,
        )  # fmt: skip
        backend.open()
        try:
            if backend.connection is not None:
                backend.connection.send_message(mail)
        finally:
            backend.close()
