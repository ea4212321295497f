"""The store as Django knows it."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables of the journal and of documents."""

    name = "carepool.store"
    label = "store"
