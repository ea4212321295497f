"""A second factor: codes of half a minute from an app, each taken once, and ten recovery codes to write down."""

import io
import secrets
from datetime import datetime

import pyotp
import segno
from django.db import transaction

from carepool.signin.keeping import digest, new_code, seal, unseal
from carepool.signin.models import Account, RecoveryCode, SecondFactor

CODES = 10
"""How many recovery codes there are."""
DRIFT = (0, -1, 1)
"""Half-minutes that a phone's clock may be off: the code of now, the one before, the one after."""
STEP = 30
_PURPOSE = "second-factor"

BY_CODE = "a password and a code"
BY_RECOVERY = "a password and a recovery code"


def has(account: str) -> bool:
    """Whether codes are asked of an account."""
    return SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).exists()


def begin(account: Account, now: datetime) -> bool:
    """Make the account a secret to confirm, in place of any unconfirmed one; False, and nothing made, once it has one."""
    with transaction.atomic():
        found, made = SecondFactor.objects.get_or_create(
            account=account, defaults={"secret": _new_secret(now)}
        )
        if not made:
            found = SecondFactor.objects.select_for_update().get(account=account)
            if found.confirmed_at:
                return False
            found.secret = _new_secret(now)
            found.save()
    return True


def pending(account: str, now: datetime) -> str | None:
    """The secret that waits to be confirmed, or None."""
    found = SecondFactor.objects.filter(account=account, confirmed_at__isnull=True).first()
    return unseal(_PURPOSE, found.secret, now) if found else None


def address_of(handle: str, secret: str) -> str:
    """What an app reads the secret from."""
    return pyotp.TOTP(secret).provisioning_uri(name=handle, issuer_name="carepool")


def picture(text: str) -> bytes:
    """A text as a square picture for a camera: SVG without styles or scripts."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=5, border=4, light="#ffffff", svgclass=None, lineclass=None
    )
    return out.getvalue()


def confirm(account: str, typed: str, now: datetime) -> tuple[str, ...] | None:
    """With a code of the pending secret, ask for codes from now on, and return the recovery codes; else None."""
    with transaction.atomic():
        if not _take_code(account, typed, now, confirmed=False):
            return None
        SecondFactor.objects.filter(account=account).update(confirmed_at=now)
        return _new_codes(account)


def prove(account: str, typed: str, now: datetime) -> str | None:
    """How the account was proved by what was typed: by a code or by a recovery code, now spent; None when by neither."""
    if _take_code(account, typed, now, confirmed=True):
        return BY_CODE
    spent = RecoveryCode.objects.filter(account=account, digest=digest(_as_written(typed)), used_at=None)
    return BY_RECOVERY if spent.update(used_at=now) else None


def renew_codes(account: str) -> tuple[str, ...]:
    """Ten recovery codes in place of those there were."""
    with transaction.atomic():
        return _new_codes(account)


def codes_left(account: str) -> int:
    """How many recovery codes are not spent."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def remove(account: str) -> None:
    """Ask for no codes any more, and forget the secret and the recovery codes."""
    with transaction.atomic():
        RecoveryCode.objects.filter(account=account).delete()
        SecondFactor.objects.filter(account=account).delete()


def _take_code(account: str, typed: str, now: datetime, *, confirmed: bool) -> bool:
    """Whether what was typed is a code of now that has not been taken; it is taken then, by one caller only."""
    code = "".join(typed.split())
    found = SecondFactor.objects.filter(account=account, confirmed_at__isnull=not confirmed).first()
    secret = unseal(_PURPOSE, found.secret, now) if found else None
    if found is None or secret is None or not (code.isascii() and code.isdecimal()):
        return False
    totp, step = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    for at in (step + drift for drift in DRIFT):
        if secrets.compare_digest(totp.generate_otp(at), code):
            unused = SecondFactor.objects.filter(account=account, secret=found.secret, last_step__lt=at)
            return unused.update(last_step=at) == 1
    return False


def _new_secret(now: datetime) -> str:
    return seal(_PURPOSE, pyotp.random_base32(), now)


def _new_codes(account: str) -> tuple[str, ...]:
    RecoveryCode.objects.filter(account=account).delete()
    codes = tuple(new_code() for _ in range(CODES))
    RecoveryCode.objects.bulk_create(RecoveryCode(account_id=account, digest=digest(each)) for each in codes)
    return codes


def _as_written(typed: str) -> str:
    """A recovery code as it was shown, however it was typed."""
    plain = "".join(each for each in typed.upper() if each.isalnum())
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
