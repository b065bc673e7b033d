"""PNP6: tables of recipients and the values in their rows."""
