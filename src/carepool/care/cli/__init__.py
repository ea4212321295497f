"""Commands of the person wing."""
