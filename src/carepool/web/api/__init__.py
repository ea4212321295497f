"""The API: what the pages say and let be done, for programs; each operation parses, asks what its page asks, and presents."""
