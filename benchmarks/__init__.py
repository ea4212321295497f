"""What the important things cost: each figure with its bound, and beside a plainer way to do the same where there is one."""
