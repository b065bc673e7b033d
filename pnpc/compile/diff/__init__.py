"""What changed between two versions of specs, for whoever calls them and for whoever reads the messages."""
