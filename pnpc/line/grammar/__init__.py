"""The grammar run over nodes; the grammar itself is data (`schemas/`)."""
