"""Letters that the service sends: what one is, and the port through which they go out."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A letter by e-mail, in plain text."""

    id: str
    """Its Message-ID, like ``<invitation-0123@carepool>``: the same however often it is sent."""
    to: str
    subject: str
    text: str


class Outbox(Protocol):
    """Where letters go out."""

    def put(self, message: Message) -> None:
        """Send a letter, or keep it to be sent. Unusable when neither can be done."""
        ...


class MemoryOutbox:
    """Letters kept in memory: for tests, and the picture of what an outbox must do."""

    def __init__(self) -> None:
        self.held: dict[str, Message] = {}

    def put(self, message: Message) -> None:
        """Keep a letter, in place of an earlier copy of it."""
        self.held[message.id] = message
