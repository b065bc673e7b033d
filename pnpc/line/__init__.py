"""What LINE says: the grammar run over nodes, the catalog, limits, media types, policy words, the facts of its service."""
