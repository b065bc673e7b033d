"""PNP6: tables of recipients and what stands in their rows."""
