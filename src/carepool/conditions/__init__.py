"""The checks of a plan: each says what is wrong, where, under which rule, and what to do about it."""
