"""Commands asked as an operator asks them: each in a process of its own, with its own environment, folder and output.

What a command imports is imported once, Django's parts that need no settings and what makes files included: a process that
has done so and nothing else forks for each. Whoever wants to see
the start itself runs ``carepool.wiring.main`` as a program, as the tests of the service do.
"""

import atexit
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

IMPORTED = (
    "carepool.actions.demonstration", "carepool.store.journal", "carepool.wiring.providers", "django.conf.urls",
    "django.contrib.auth.hashers", "django.contrib.auth.password_validation", "django.core.handlers.wsgi", "django.core.mail",
    "django.core.management.commands.migrate", "django.core.serializers.json", "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base", "django.db.migrations.executor", "django.db.models", "django.forms", "django.http",
    "django.middleware.csrf", "django.template.backends.jinja2", "django.urls", "django.utils.log", "django.views",
    "docx", "openpyxl", "psycopg", "weasyprint", "xlsxwriter",
)  # fmt: skip
"""What commands import when they run: more than half of the time of a short one. None of it asks for settings."""


def carepool(*words: str, home: Path | str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Ask a command. ``home`` is its CAREPOOL_HOME, and ``more`` more of its environment."""
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return carepool_in(env | ({"CAREPOOL_HOME": str(home)} if home else {}) | more, *words)


def carepool_in(env: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Ask a command in this environment and no other."""
    with tempfile.TemporaryDirectory(prefix="carepool-asked-") as folder:
        request = {"words": words, "env": dict(env), "cwd": str(Path.cwd()), "folder": folder}
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        said, complained = (Path(folder, name).read_text() for name in ("out", "err"))
    return subprocess.CompletedProcess(list(words), code, said, complained)


Ask = Callable[..., tuple[int, str]]
"""Asks a command, and answers with its exit code and what it says, on either output."""


def in_county(home: Path) -> Ask:
    """Asks commands of a home of its own, in which the illustrative county was built."""
    county_home(home)

    def ask(*words: str) -> tuple[int, str]:
        done = carepool(*words, home=home)
        return done.returncode, done.stdout or done.stderr

    return ask


def county_home(home: Path) -> Path:
    """A home in which ``carepool demo`` has built the illustrative county: built once, and copied for each."""
    shutil.copytree(_county(), home, dirs_exist_ok=True)
    return home


@cache
def _county() -> Path:
    home = tempfile.mkdtemp(prefix="carepool-county-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    done = carepool("demo", home=home)
    assert done.returncode == 0, done.stderr
    return Path(home)


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.asking"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    atexit.register(server.kill)
    return server


def serve() -> None:
    """Answer each line of standard input, which asks for one command, with its exit code."""
    from carepool.wiring.main import application, main, shipped

    application()
    shipped()
    for each in IMPORTED:
        import_module(each)
    gc.freeze()  # so that no command looks through it for garbage, and copies it by looking
    sys.argv = ["carepool"]
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(request)
            main(request["words"])
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


def _become(request: Mapping[str, object]) -> None:
    """Take on what is asked: the environment, the folder, and files to write to."""
    os.environ.clear()
    os.environ.update(request["env"])  # type: ignore[call-overload]
    os.chdir(str(request["cwd"]))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(Path(str(request["folder"]), name), os.O_WRONLY | os.O_CREAT), number)


if __name__ == "__main__":
    serve()
