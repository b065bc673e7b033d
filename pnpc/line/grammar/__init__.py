"""The grammar is data (`schemas/`); here it is run over nodes."""
