"""Beds and schemes: what demand does to a ward, and which schemes a budget should buy."""
