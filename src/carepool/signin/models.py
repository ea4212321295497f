"""The tables of accounts and of signing in. Facts name an account by its opaque id; the name and handle may change or go."""

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
    email = models.CharField(max_length=254, default="", db_index=True)
    """Where letters about the account go; empty when there is none. Nobody is ever known by it."""
    is_active = models.BooleanField(default=True)
    """Whether it may be signed in to; one that was ended stays, so that what its owner did has a name."""
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(default="")
    demonstration = models.BooleanField(default=False)
    """Of the illustrative county; refused in production."""

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Attempts(models.Model):
    """Attempts against one thing that failed, or are being made: what holds further ones back."""

    key = models.CharField(primary_key=True, max_length=64)
    """A keyed digest of what is watched: a name typed wrongly may be a password, and an address is a person's."""
    failures = models.IntegerField(default=0)
    until = models.DateTimeField()
    """No attempt is made before this instant."""
    last = models.DateTimeField(db_index=True)


class SecondFactor(models.Model):
    """The secret that an account shares with an app that shows codes."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True)
    secret = models.TextField()
    """Sealed: a copy of the database makes no codes."""
    confirmed_at = models.DateTimeField(null=True)
    """When the owner first gave a code; until then it is asked for by nobody."""
    last_step = models.BigIntegerField(default=0)
    """The half-minute of the last code that was taken: none is taken twice."""

    class Meta:
        db_table = "signin_second_factor"


class RecoveryCode(models.Model):
    """A code for who has lost the app, by its digest: it works once."""

    account = models.ForeignKey(Account, models.CASCADE)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "signin_recovery_code"
        constraints = (
            models.UniqueConstraint(fields=["account", "digest"], name="signin_recovery_code_key"),
        )


class Identity(models.Model):
    """Who an account is to a provider of sign-in: the issuer and its name for them, and nothing else, say who it is."""

    account = models.ForeignKey(Account, models.CASCADE)
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    provider = models.CharField(max_length=100)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["issuer", "subject"], name="signin_identity_key"),)


class SpentState(models.Model):
    """A return from a provider that has been used, by the digest of its state."""

    digest = models.CharField(primary_key=True, max_length=64)
    until = models.DateTimeField()
    """From then on the state would be too old anyway, and the row may go."""

    class Meta:
        db_table = "signin_spent_state"


class OpenSession(models.Model):
    """Which of Django's sessions are whose, so that their owner can look at them and end them."""

    id = models.CharField(primary_key=True, max_length=32)
    """Opaque: what a page names it by, never the session's key."""
    key = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, models.CASCADE)
    made_at = models.DateTimeField()
    signed_in_at = models.DateTimeField()
    way = models.CharField(max_length=100)
    """How they signed in, in words."""
    browser = models.CharField(max_length=100)
    """In words; what the browser said of itself is not kept."""

    class Meta:
        db_table = "signin_open_session"


class Invitation(models.Model):
    """An invitation to have an account, which its link accepts once."""

    id = models.CharField(primary_key=True, max_length=32)
    token = models.CharField(max_length=64, unique=True)
    """The digest of what stands in the link."""
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200)
    made_by = models.CharField(max_length=40, db_index=True)
    body = models.CharField(max_length=100, default="")
    """The body in whose name it was made; none of an operator's."""
    gives = models.TextField(default="")
    """What is to be given with the account, as JSON that this room does not read."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True)


class PasswordLink(models.Model):
    """A link by which an account's owner chooses a new password, once."""

    token = models.CharField(primary_key=True, max_length=64)
    """The digest of what stands in the link."""
    account = models.ForeignKey(Account, models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "signin_password_link"


class Token(models.Model):
    """What a program shows in place of an account's owner, by its digest: it opens what they may open, and no more."""

    id = models.CharField(primary_key=True, max_length=32)
    """Opaque: what a page names it by, never the token itself."""
    digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.CASCADE)
    name = models.CharField(max_length=100)
    """What its owner calls it."""
    acts = models.BooleanField()
    """Whether it may act for them; else it only reads."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    """The hour in which it was used last."""
    ended_at = models.DateTimeField(null=True)
