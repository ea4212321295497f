"""The plan as an Excel workbook: written from the description, read in a child process with limits, merged and accounted for."""
