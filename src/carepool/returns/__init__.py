"""Quarterly returns: what the partners report, what is questioned in it, and what was sent, corrected and closed."""
