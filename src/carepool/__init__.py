"""carepool runs a pooled health and social care fund, from the national pot to the person it is for."""
