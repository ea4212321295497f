"""Letters on their way out: as files, and to a mail server on this machine."""

import email
import email.policy
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from carepool.actions.outbox import MemoryOutbox, Message
from carepool.basics.refusals import Unusable
from carepool.wiring.config import Config
from carepool.wiring.outbox import FileOutbox, SmtpOutbox, outbox

LETTER = Message(
    "<invitation-7@carepool>", "bo@council.example", "You are invited", "Dear Bo Day,\n\n£5 – a link.\n"
)


@contextmanager
def mail_server(refuses: bool = False) -> Iterator[tuple[str, list[str]]]:
    """A mail server that takes letters, or none: its address, and what it was told."""
    told: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            for line in iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ""):
                told.append(line)
                word = line.split(" ")[0].split(":")[0].upper()
                if word == "DATA":
                    self._say("354 go on")
                    told.extend(iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), "."))
                self._say(
                    "550 not here"
                    if refuses and word == "RCPT"
                    else "221 bye"
                    if word == "QUIT"
                    else "250 yes"
                )

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"smtp+plain://127.0.0.1:{server.server_address[1]}", told
        server.shutdown()


def test_a_letter_is_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    held = outbox(Config(home=tmp_path))
    assert isinstance(held, FileOutbox)
    held.put(LETTER)
    held.put(LETTER)
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (read["Message-ID"], read["To"], read["Subject"]) == (LETTER.id, LETTER.to, LETTER.subject)
    assert read["From"] == "carepool <carepool@localhost>"
    assert read.get_content().replace("\r\n", "\n") == LETTER.text


def test_a_letter_goes_to_the_mail_server() -> None:
    with mail_server() as (address, told):
        held = outbox(Config(smtp=address, sender="The fund <fund@council.example>"))
        assert isinstance(held, SmtpOutbox)
        held.put(LETTER)
    assert "rcpt TO:<bo@council.example>" in told
    assert any(line.lower().startswith("mail from:<fund@council.example>") for line in told)
    assert f"Message-ID: {LETTER.id}" in told


@pytest.mark.parametrize("refuses", [True, False])
def test_a_letter_that_is_not_taken_is_said_not_to_be(
    refuses: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server(refuses) as (address, _):
        held = SmtpOutbox(address if refuses else "smtp+plain://127.0.0.1:9", "fund@council.example")
        with pytest.raises(Unusable, match="did not take the letter"):
            held.put(LETTER)
    assert "bo@council" not in caplog.text


@pytest.mark.parametrize("field", ["to", "subject"])
def test_nothing_forges_the_head_of_a_letter(tmp_path: Path, field: str) -> None:
    parts = {"id": LETTER.id, "to": LETTER.to, "subject": LETTER.subject, "text": "x"}
    parts[field] = f"{parts[field]}\r\nBcc: everybody@elsewhere.example"
    with pytest.raises(Unusable, match="cannot be written"):
        FileOutbox(tmp_path / "outbox", "fund@council.example").put(Message(**parts))


def test_letters_in_memory_are_kept_once() -> None:
    held = MemoryOutbox()
    held.put(LETTER)
    held.put(LETTER)
    assert list(held.held.values()) == [LETTER]
