"""The journal: facts in streams, sealed into one order, folded into what is so; and documents kept by digest."""
