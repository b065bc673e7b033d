"""PNP0: whether a text can be read, and is read as its writer means it."""
