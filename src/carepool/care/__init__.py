"""The person wing: what can hold a person lives here and nowhere else. Only counts leave it, by the rules for small numbers."""
