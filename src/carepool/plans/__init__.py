"""The joint plan: a document in sections, kept by digest, saved in versions on purpose, and compared."""
