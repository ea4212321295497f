"""What leaves carepool for people who never sign in: files that say what they are and can be checked without it."""
