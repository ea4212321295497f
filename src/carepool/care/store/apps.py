"""The wing's tables as Django knows them."""

from django.apps import AppConfig


class CareStoreConfig(AppConfig):
    """Who people are and who works with them."""

    name = "carepool.care.store"
    label = "care"
