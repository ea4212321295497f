"""Performance money: what a plan puts at stake, what its outturn earns, and when it is released, to the penny."""
