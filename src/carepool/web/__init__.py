"""The pages of the fund: each parses its address, asks one reading, and shows the answer as HTML, JSON or CSV."""
