"""What became of the messages of a journal: status by status, counted, and what it teaches of keys."""
