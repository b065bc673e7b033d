"""The memory of what was sent: an SQLite file, what it belongs to, and who may write it."""
