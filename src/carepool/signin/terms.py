"""On which terms people sign in to this service: set once by the wiring, read wherever it matters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody else's sign-in that this service accepts, by OpenID Connect."""

    name: str
    """In addresses of ours, so small letters, digits and hyphens."""
    label: str
    """What people call it."""
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    metadata: str = ""
    """Where it describes itself; below the issuer, where the standard puts it, when empty."""
    scope: str = "openid"

    @property
    def described_at(self) -> str:
        """The address of its description."""
        return self.metadata or f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one service."""

    production: bool = False
    second_factor: bool = False
    """Whether everybody needs a second factor who does not sign in with a provider."""
    providers: Mapping[str, Provider] = field(default_factory=dict)
    proxies: int = 0
    """How many proxies of ours stand before the service, each of which adds to ``X-Forwarded-For``."""
    address: str = ""
    """The service's own address, as links in letters have it; that of the request when empty."""
    pace_file: Path = Path("pace")
    """Where it is counted how often programs ask."""
    pace_of_address: int = 120
    """How often in a minute whoever shows no token may ask."""
    pace_of_token: int = 600


def terms() -> Terms:
    """The terms of the running service."""
    found: Terms = settings.SIGN_IN
    return found
