"""Variables: their declarations, the formats that a value may have, and which values are allowed."""
