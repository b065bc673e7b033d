"""pnpc: a linter and compiler for LINE notification messages."""
