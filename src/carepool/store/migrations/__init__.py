"""Migrations of the store: forward only, and on the tables of the journal they only add."""
