"""Small numbers: which counts are hidden before anybody else sees them, and what else must be, so that none follows."""
