"""The table of accounts. Facts name an account by its opaque id; the name and handle may change or go."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by handle, as Django's sign-in asks."""


class Account(AbstractBaseUser):
    """One person's account."""

    id = models.CharField(primary_key=True, max_length=40)
    """Opaque: what facts name. It says nothing of the person."""
    handle = models.CharField(max_length=100, unique=True)
    """What they sign in with."""
    name = models.CharField(max_length=200)
    """As it stands in what they sign."""
    is_active = models.BooleanField(default=True)
    demonstration = models.BooleanField(default=False)
    """Of the illustrative county; refused in production."""

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name
