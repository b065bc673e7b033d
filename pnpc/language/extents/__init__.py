"""What is known about a value before it is filled in: its length, its characters, its numbers."""
