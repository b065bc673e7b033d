"""A project on disk: its config, its files, its baseline. The only part of `check` that opens files."""
