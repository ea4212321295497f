"""Without a browser the journeys are skipped with a reason that is named at the end; where CI says so they fail."""

from pathlib import Path

import pytest

from tests.journeys import running
from tests.journeys.conftest import cannot_run


def test_a_missing_browser_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The reason names the program that is missing and what to install."""
    monkeypatch.setattr(running, "SHELL", tmp_path / "shell")
    monkeypatch.setattr(running, "CHROMIUM", tmp_path / "chromium")
    with pytest.raises(
        running.Unavailable, match=r"chromium is not installed \(on Debian: chromium fonts-liberation\)"
    ):
        running.browser_options()


def test_the_lean_browser_is_taken_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of both it is the one for programs; with only the one for desks, that."""
    monkeypatch.setattr(running, "SHELL", tmp_path / "shell")
    monkeypatch.setattr(running, "CHROMIUM", tmp_path / "chromium")
    for each in (running.CHROMIUM, running.SHELL):
        each.touch()
        assert running.browser_options()["executable_path"] == str(each)


@pytest.mark.parametrize(
    ("environment", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_it_is_a_skip_at_home_and_a_failure_in_ci(
    monkeypatch: pytest.MonkeyPatch, environment: str, outcome: type[BaseException]
) -> None:
    """The same reason, told as a skip or, with CI=true, as a failure."""
    monkeypatch.setenv("CI", environment)
    with pytest.raises(outcome, match=r"^browser suite could not run: chromium is missing$"):
        cannot_run("chromium is missing\nand more lines")
