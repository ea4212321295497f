"""The pages of the person wing: for practitioners, for the person and carers, and for whoever governs it."""
