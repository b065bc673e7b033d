"""PNP8: the config, suppressions and baselines."""
