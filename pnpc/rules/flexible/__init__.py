"""PNP3: messages made of free objects, which LINE reviews."""
