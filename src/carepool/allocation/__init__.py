"""Shares of the national pot, by stream, CCG, council and board, conserving every penny."""
