"""OpenID Connect: a browser is sent to a provider and comes back with a code, which buys a signed word on who it is.

Authorization code with PKCE, state and nonce. What a provider answers is believed only once its signature, issuer,
audience, times and nonce have been checked; anything else is refused, and the log says which check it failed.
"""

import ipaddress
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App, OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import Key, KeySet
from joserfc.jws import JWSRegistry, extract_compact
from requests import Response
from requests.exceptions import RequestException

from carepool.basics.refusals import Refused
from carepool.signin.keeping import seal, unseal
from carepool.signin.terms import Provider, terms

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""With a key that only the provider has. “none”, and what our own secret would sign, are not among them."""
TIMEOUT = (3.05, 5.0)
"""Seconds to connect, and between two pieces of an answer."""
LEEWAY = 60
"""Seconds that the provider's clock may be off."""
LASTS = timedelta(minutes=10)
"""How long somebody may take at the provider."""
_FAULTS = (
    RequestException, OAuthError, JoseError, ValueError, KeyError, TypeError, AttributeError, RuntimeError,
)  # fmt: skip
"""What an answer that is not as it should be makes of Authlib, whoever is at fault."""


@dataclass(frozen=True, slots=True)
class Departure:
    """What a browser that is sent to a provider must bring back, and what it went for."""

    provider: str
    state: str
    nonce: str
    verifier: str
    purpose: str
    """sign-in, link or invitation."""
    of: str = ""
    """Of a link the account, of an invitation its id."""
    next: str = ""
    """Where to go on to."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Who somebody is, by the verified word of a provider."""

    issuer: str
    subject: str


class NotSafe(ValueError):
    """An address that is not asked, since what it says could be anybody's."""


def check_address(address: str) -> None:
    """NotSafe for an address that is not encrypted, but for one on this machine outside production."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and not terms().production and _is_here(parts.hostname or ""):
        return
    raise NotSafe("the address is not https")


def send_off(
    provider: Provider, redirect: str, purpose: str, of: str = "", next_: str = ""
) -> tuple[str, Departure] | Refused:
    """The provider's address to send a browser to, and what to keep until it is back. Refused when it does not answer."""
    try:
        made = _application(provider).create_authorization_url(redirect)
    except _FAULTS as error:
        return _refuse(provider, error, f"{provider.label} does not answer at the moment, so nothing was done. Try again in a few minutes.")  # fmt: skip
    kept = Departure(provider.name, made["state"], made["nonce"], made["code_verifier"], purpose, of, next_)
    return made["url"], kept


def come_back(
    provider: Provider, redirect: str, code: str, kept: Departure, now: datetime
) -> Identified | Refused:
    """Who has come back with a code. Refused when the provider's word on it does not stand up."""
    try:
        application = _application(provider)
        answer = application.fetch_access_token(redirect, code=code, code_verifier=kept.verifier)
        return _identified(application, provider, answer, kept.nonce, now)
    except _FAULTS as error:
        return _refuse(provider, error, f"What {provider.label} answered could not be relied on, so nobody was signed in. Begin again.")  # fmt: skip


def pack(kept: Departure, now: datetime) -> str:
    """What the browser carries meanwhile: it can neither read nor change it."""
    return seal("openid", json.dumps(asdict(kept)), now)


def unpack(carried: str, now: datetime) -> Departure | None:
    """What a browser carried, or None when it is not ours or too old."""
    found = unseal("openid", carried, now, int(LASTS.total_seconds()))
    return Departure(**json.loads(found)) if found else None


def forget_descriptions() -> None:
    """Ask every provider anew how it describes itself."""
    _application.cache_clear()


class _CarefulSession(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """Asks only where it is safe, waits for no one, and goes nowhere else than it was sent."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Ask, or raise."""
        check_address(url)
        answer: Response = super().request(
            method, url, *args, **{**kwargs, "timeout": TIMEOUT, "allow_redirects": False}
        )
        if answer.is_redirect:
            raise NotSafe("the provider sends the question elsewhere")
        return answer


class _Application(DjangoOAuth2App):  # type: ignore[misc]  # the package says no types
    """Authlib's client of one provider, which takes no more from its description than where things are."""

    client_cls = _CarefulSession

    def load_server_metadata(self) -> dict[str, Any]:
        """Where things are at the provider."""
        if "issuer" not in self.server_metadata:
            with self._get_session() as session:
                answer = session.request("GET", self._server_metadata_url, withhold_token=True)
                answer.raise_for_status()
                self.server_metadata |= _described(answer.json(), self.client_kwargs["issuer"])
        found: dict[str, Any] = self.server_metadata
        return found


@lru_cache(maxsize=16)
def _application(provider: Provider) -> _Application:
    return _Application(
        DjangoIntegration(provider.name),
        name=provider.name,
        client_id=provider.client_id,
        client_secret=provider.secret,
        server_metadata_url=provider.described_at,
        client_kwargs={
            "scope": provider.scope,
            "code_challenge_method": "S256",
            "issuer": provider.issuer,
        },
    )


def _described(data: Mapping[str, Any], issuer: str) -> dict[str, Any]:
    if data["issuer"] != issuer:
        raise NotSafe("the description is another issuer's")
    found = {name: str(data[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    for address in found.values():
        check_address(address)
    ways = data.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
    return {"issuer": issuer, **found, "token_endpoint_auth_method": way}


def _identified(
    application: _Application, provider: Provider, answer: Mapping[str, Any], nonce: str, now: datetime
) -> Identified:
    token = _signed(application, str(answer["id_token"]))
    claims = CodeIDToken(
        token.claims,
        token.header,
        {
            "iss": {"essential": True, "value": provider.issuer},
            # Authlib itself asks for an audience, but not for ours.
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        },
        {"nonce": nonce, "client_id": provider.client_id, "access_token": answer.get("access_token")},
    )
    claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    subject = claims["sub"]
    if len(subject) > 255 or not (subject.isascii() and subject.isprintable()):
        raise NotSafe("the subject is none")
    return Identified(provider.issuer, subject)


def _signed(application: _Application, text: str) -> jwt.Token:
    """The token, once a key of the provider has verified it; keys that are not known are asked for once."""
    for again in (False, True):
        keys = KeySet.import_key_set(application.fetch_jwk_set(force=again))
        for key in _candidates(text, keys):
            try:
                return jwt.decode(text, key, registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False))  # fmt: skip
            except JoseError:
                continue
    raise BadSignatureError


def _candidates(text: str, keys: KeySet) -> Iterator[Key]:
    """The key that a token names; without a name, each of them."""
    named = extract_compact(text.encode()).headers().get("kid")
    return (key for key in keys if named is None or key.kid == named)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(provider: Provider, error: Exception, says: str) -> Refused:
    # The kind of fault and no more: its words may quote what the provider sent.
    log.warning("Sign-in with %s was refused: %s", provider.name, type(error).__name__)
    return Refused(says)
