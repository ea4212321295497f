"""Accounts as Django knows them."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Accounts, one table."""

    name = "carepool.signin"
    label = "signin"
