"""Settings and composition: the one floor that knows which adapters, which disk and which clock."""
