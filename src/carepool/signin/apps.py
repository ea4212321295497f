"""Accounts as Django knows them."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Accounts and what signing in to them needs."""

    name = "carepool.signin"
    label = "signin"
