"""How things look: pages, tables, workings, findings and charts, as HTML and SVG made on the server."""
