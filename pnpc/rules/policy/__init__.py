"""PNP7: what LINE's rules for notifications say of words and links."""
