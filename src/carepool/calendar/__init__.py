"""Deadlines worked backwards through bodies' meetings: papers, notices, call-in, urgency, and who blocks now."""
