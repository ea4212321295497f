"""The pages as Django knows them."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages of the fund; no models of its own."""

    name = "carepool.web"
    label = "web"
