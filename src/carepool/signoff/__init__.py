"""Who has decided on exactly which version of a plan, who is awaited since when, and what follows."""
