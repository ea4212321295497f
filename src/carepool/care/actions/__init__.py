"""What is done in the person wing: finding, opening, recording and erasing, over ports that its store implements."""
