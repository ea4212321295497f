"""Verbs that change and readings that answer; what they need from outside comes in through the ports here."""
