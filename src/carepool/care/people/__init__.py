"""People as the wing holds them: the number that tells one from another, and what stands beside it."""
