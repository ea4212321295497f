"""A pooled fund's books in double entry, and the release of performance money to it by two approvers."""
