"""Reads which providers of sign-in there are from a file of TOML or JSON, one table for each under ``providers``.

```toml
[providers.council]
label = "Kent County Council"            # what people call it
issuer = "https://login.example"
client_id = "carepool"
secret_file = "/run/secrets/council"     # a path, seen from this file's folder
# metadata = "https://…"                 # where it describes itself, when that is not below the issuer
```
"""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from carepool.basics.refusals import Unusable, nearest
from carepool.signin.terms import Provider
from carepool.wiring.config import LOCAL, Config

NEEDED = ("label", "issuer", "client_id", "secret_file")
KNOWN = (*NEEDED, "metadata", "scope")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def providers_of(config: Config) -> dict[str, Provider]:
    """The providers that the environment names, by name; none without a file. Unusable when the file is not as it should be."""
    if config.oidc is None:
        return {}
    data = _read(config.oidc)
    tables = data.get("providers")
    if not isinstance(tables, Mapping) or not tables:
        raise Unusable(f"{config.oidc} names no provider. Write a table like [providers.council].")
    return {
        name: _provider(config, name, table if isinstance(table, Mapping) else {})
        for name, table in tables.items()
    }


def _read(path: Path) -> Mapping[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise Unusable(f"CAREPOOL_OIDC names {path}, which cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise Unusable(f"{path} is not {'JSON' if path.suffix == '.json' else 'TOML'}: {error}.") from None
    return data if isinstance(data, Mapping) else {}


def _provider(config: Config, name: str, table: Mapping[str, object]) -> Provider:
    where = f"The provider {name} in {config.oidc}"
    if not _NAME.fullmatch(name):
        raise Unusable(
            f"{where} is called so in addresses: write its name in small letters, digits and hyphens."
        )
    for key in table:
        if key not in KNOWN:
            near = nearest(key, KNOWN)
            raise Unusable(
                f"{where} has {key}, which carepool does not know.{f' Did you mean {near}?' if near else ''}"
            )
    values = {key: str(value).strip() for key, value in table.items()}
    for key in NEEDED:
        if not values.get(key):
            raise Unusable(f"{where} has no {key}.")
    for key in ("issuer", "metadata"):
        if values.get(key):
            _check(config, where, key, values[key])
    return Provider(
        name=name,
        label=values["label"],
        issuer=values["issuer"],
        client_id=values["client_id"],
        secret=_secret(config, where, values["secret_file"]),
        metadata=values.get("metadata", ""),
        scope=values.get("scope", "openid"),
    )


def _check(config: Config, where: str, key: str, address: str) -> None:
    parts = urlsplit(address)
    here = parts.scheme == "http" and not config.production and f"{parts.hostname}" in LOCAL
    if not here and not (parts.scheme == "https" and parts.hostname):
        raise Unusable(f"{where} has the {key} “{address}”. It must begin with https://.")


def _secret(config: Config, where: str, path: str) -> str:
    file = (config.oidc or Path()).parent / path
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise Unusable(f"{where} names the secret_file {path}, which cannot be read.") from None
    if not secret:
        raise Unusable(f"{where} names the secret_file {path}, which is empty.")
    return secret
