"""Who may see what of a person: each look and share judged by the table in force, with the words to say and the record to leave."""
