"""Who we are: the version, a literal because reading it from metadata costs 30 ms at every start."""

VERSION = "0.1.0"
