"""Records of the same people in two files: by NHS number first, by learned weights for the rest, and the doubtful for a person to read."""
