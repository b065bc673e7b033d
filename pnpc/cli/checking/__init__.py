"""The commands that judge specs: check and approve."""
