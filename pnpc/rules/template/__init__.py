"""PNP2: messages made of LINE's catalog: keys, counts and lengths."""
