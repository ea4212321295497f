"""Accounts: who signs in, by password; what they may do is no matter of theirs but of the offices that they hold."""
