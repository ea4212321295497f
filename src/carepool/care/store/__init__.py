"""What the person wing keeps in its own database: who people are, who works with them, and the keys of what is said of them."""
