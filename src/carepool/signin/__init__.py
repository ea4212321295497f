"""Accounts: who signs in, by password and code or with a provider, and in which sessions; what they may do is a matter of their offices."""
