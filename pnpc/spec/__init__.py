"""What a text means: the grammar run over nodes, the catalog, the typed message, expressions."""
