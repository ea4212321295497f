"""Who holds which office in which body for which period, and what that lets them do."""
