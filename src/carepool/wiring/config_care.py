"""What the person wing's service is told by its environment: its own settings, which the fund's service does not see.

Each is ``CAREPOOL_CARE_`` and a name of ``Config`` in capitals. Two things follow the fund's where they are not set: the home
stands in the fund's, and production is production for both.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from carepool.wiring.config import CARE, PREFIX, Config


def care_config(environment: Mapping[str, str] | None = None) -> Config:
    """The wing's settings. Unusable when a ``CAREPOOL_CARE_`` name is unknown or a value is not of its type."""
    given = dict(os.environ if environment is None else environment)
    own = {PREFIX + name.removeprefix(CARE): value for name, value in given.items() if name.startswith(CARE)}
    own.setdefault(PREFIX + "HOME", str(Path(given.get(PREFIX + "HOME", "var")) / "care"))
    if given.get(PREFIX + "PRODUCTION", "no").lower() == "yes":
        own[PREFIX + "PRODUCTION"] = (
            "yes"  # nobody has a demonstration of the wing beside a real fund by mistake
        )
    return Config.from_environment(own)
