"""Agreements under section 75 as data: whether one holds what the law asks, when its partners pay, and who bears what."""
