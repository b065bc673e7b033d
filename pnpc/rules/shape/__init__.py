"""PNP1: whether a document has the shape of a spec or of a request body."""
