"""What every test shares: a home of its own, Django set up once, and seeds that are printed."""

import os
import tempfile
from pathlib import Path

_HOME = tempfile.TemporaryDirectory(prefix="carepool-tests-")
os.environ["CAREPOOL_HOME"] = _HOME.name
os.environ["DJANGO_SETTINGS_MODULE"] = "carepool.wiring.settings_fund"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread of the tests

import django  # noqa: E402  (settings are read at import, so the environment comes first)
import pytest  # noqa: E402

django.setup()


@pytest.fixture(scope="session")
def home() -> Path:
    """The folder that stands for ``var`` while the tests run."""
    return Path(_HOME.name)
