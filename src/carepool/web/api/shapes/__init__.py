"""What the API's answers hold, field by field: its description is made from them, and the tests hold every answer to it."""
