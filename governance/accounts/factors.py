"""The second factor of an account: a code by time (TOTP, RFC 6238) from an app, and recovery codes for when it is lost.

All of it is django-otp's, https://django-otp-official.readthedocs.io/: a code works once, and after a wrong one the
next is looked at only after a pause that doubles each time.
"""

from base64 import b32encode
from datetime import timedelta
from typing import Any

import segno
from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

CODES = 10
SHOWN = timedelta(hours=1)
APP, RECOVERY = "app", "recovery"


def has_factor(user: Any) -> bool:
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists()


def is_app(device: Device) -> bool:
    return isinstance(device, TOTPDevice)


def proved_by(user: Any, code: str) -> Device | None:
    """The device that the code is right for: six digits are the app's, anything else a recovery code."""
    code = "".join(code.split()).replace("-", "").lower()
    if not code:
        return None
    kind: type[Device] = TOTPDevice if code.isdecimal() and len(code) == 6 else StaticDevice
    device = kind.objects.filter(user_id=user.pk, confirmed=True).first()
    return device and verify_token(user, device.persistent_id, code)


def begun(user: Any) -> TOTPDevice:
    """The device that is being set up: the same for an hour, or until a code from it has been given.

    Later there is a new secret, since somebody who found the browser left alone may have read the one before.
    """
    started = TOTPDevice.objects.filter(user=user, confirmed=False)
    started.filter(created_at__lt=timezone.now() - SHOWN).delete()
    return started.first() or TOTPDevice.objects.create(user=user, name=APP, confirmed=False)


def secret(device: TOTPDevice) -> str:
    """The secret as apps take it when it is typed: base32 in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture(device: TOTPDevice) -> str:
    """The QR code for the app to read, as an SVG without styles; black on white in every colour scheme."""
    code = segno.make(device.config_url, error="m", micro=False)
    return code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None)


def confirm(user: Any, code: str) -> TOTPDevice | None:
    """Finish setting up with a first code from the app; None when the code is wrong."""
    device = begun(user)
    if not verify_token(user, device.persistent_id, "".join(code.split())):
        return None
    device.refresh_from_db()
    device.confirmed = True
    device.save(update_fields=("confirmed",))
    return device


@transaction.atomic
def new_codes(user: Any) -> list[str]:
    """Recovery codes, each good once, in place of those there were; they are shown this once."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=RECOVERY)
    codes = [StaticToken.random_token() for _number in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def codes_left(user: Any) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def take_away(user: Any) -> bool:
    """Back to the password alone; returns whether there was a second factor."""
    had = has_factor(user)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    return had
