"""A provider of sign-in by OpenID Connect on this machine: keys, tokens signed for real, and every way to get it wrong."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urljoin, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from carepool.signin.terms import Provider

CLIENT, SECRET = "carepool", "a secret of the tests"


@lru_cache(maxsize=1)
def _first_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


def _plain(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


@dataclass
class FakeProvider:
    """One provider. What a test sets here is what it answers from then on."""

    clock: Callable[[], datetime]
    issuer: str = ""
    subject: str = "subject-1"
    claims: dict[str, Any] = field(default_factory=dict)
    """Over the right ones; None leaves a claim out."""
    header: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    """Over the right description."""
    unsigned: bool = False
    redirects: bool = False
    """Whether it sends every question elsewhere."""
    published: list[Any] = field(default_factory=list)
    """Its keys, as it publishes them; it signs with the last."""
    signs_with: Any = None
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.published = [_first_key()]

    def authorize(self, address: str) -> str:
        """What the provider does with a browser that was sent to it: the path and query that it sends it back to."""
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert (asked["client_id"], asked["scope"]) == (CLIENT, "openid")
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?code={code}&state={asked['state']}"

    def description(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        } | self.described

    def exchange(self, authorization: str, body: str) -> tuple[int, dict[str, Any]]:
        """A code for a token, once, to the client that it was given for and that knows the verifier."""
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        asked = self._codes.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        right = (
            asked is not None
            and [unquote(each) for each in given.split(":")] == [CLIENT, SECRET]
            and challenge.rstrip(b"=").decode() == asked["code_challenge"]
            and sent["redirect_uri"] == asked["redirect_uri"]
        )
        if not right or asked is None:
            return 400, {"error": "invalid_grant", "error_description": "a secret thing to say"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        """The signed word on who somebody is."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
            "email": "merrow.lead@example.test", "email_verified": True,
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.signs_with or self.published[-1]
        alg = {"RSA": "RS256", "EC": "ES256", "oct": "HS256"}[key.key_type]
        header = {"alg": alg, "kid": key.kid} | self.header
        header = {name: value for name, value in header.items() if value is not None}
        if self.unsigned:
            return f"{_plain(header | {'alg': 'none'})}.{_plain(claims)}."
        return jwt.encode(header, claims, key, registry=JWSRegistry(algorithms=[alg]))

    def for_us(self, name: str = "council") -> Provider:
        """The provider as the service's terms have it."""
        return Provider(name, "Merrow Council", self.issuer, CLIENT, SECRET)


def new_key(kid: str | None = None) -> ECKey:
    """Another key."""
    return ECKey.generate_key("P-256", {"kid": kid} if kid else None)


@contextmanager
def running(clock: Callable[[], datetime]) -> Iterator[FakeProvider]:
    """A provider that answers on this machine, by that clock."""
    provider = FakeProvider(clock)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path.startswith("/authorize?"):
                # Whoever comes is let through at once.
                there = parse_qs(urlsplit(self.path).query)["redirect_uri"][0]
                self.send_response(302)
                self.send_header(
                    "Location", urljoin(there, provider.authorize(f"{provider.issuer}{self.path}"))
                )
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            found = {
                "/.well-known/openid-configuration": provider.description(),
                "/keys": {"keys": [key.as_dict(private=key.key_type == "oct") for key in provider.published]},
            }.get(self.path)
            self._say(200 if found else 404, found or {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*provider.exchange(self.headers.get("Authorization", ""), body))

        def _say(self, status: int, data: dict[str, Any]) -> None:
            said = json.dumps(data).encode()
            self.send_response(302 if provider.redirects else status)
            if provider.redirects:
                self.send_header("Location", f"{provider.issuer}/keys")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
