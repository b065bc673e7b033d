"""PNP9: what LINE itself answers to a message."""
