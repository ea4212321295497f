"""Programs of others that tests hold ours against: found, or said to be missing so that nobody overlooks it."""

import os
import shutil
import sys
from pathlib import Path

import pytest

UNAVAILABLE = "ledger export suite could not run:"
"""What the reason for skipping these tests begins with. With CI=true they fail instead."""


def program(name: str, package: str) -> str:
    """Where a program is. Without it the test is skipped with the reason, or with CI=true fails."""
    found = shutil.which(
        name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if found:
        return found
    says = f"{UNAVAILABLE} {name} is not installed ({package})"
    if os.environ.get("CI") == "true":
        pytest.fail(says, pytrace=False)
    pytest.skip(says)
