"""Whether a plan is good enough to go on: two blind reviews, one moderated judgement, an outcome that replays, and what is credible."""
