"""The commands: each reads its words, asks one reading, and says the answer as text or as one JSON document."""
