"""What is known of a value before it is there: its length, its characters, its numbers."""
