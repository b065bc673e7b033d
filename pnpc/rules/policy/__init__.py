"""PNP7: what LINE's rules for notifications say about words and links."""
