"""The commands that know keys: catalog, with import and learn."""
