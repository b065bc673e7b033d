"""The commands that fill specs: compile, diff and preview."""
