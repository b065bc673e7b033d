"""What stands between {{ and }}, as it is written: pieces, names, filters, and why one is none."""
