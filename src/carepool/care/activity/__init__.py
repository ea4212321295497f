"""Patient-level activity: episodes, delays and follow-ups become counts by board, month, age band and sex."""
