"""The store: the journal and its documents in SQLite or PostgreSQL, and what keeps them append-only there."""
