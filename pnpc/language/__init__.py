"""What teams write: the typed message, variables, expressions, directives, and the proof of lengths."""
