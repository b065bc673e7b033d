"""PNP9: what LINE itself says of a message."""
