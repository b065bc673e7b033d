"""What rules of several families ask of a message: its texts, its links, its media."""
