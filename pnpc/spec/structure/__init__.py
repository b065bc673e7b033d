"""Structure: `$if`, `$for` and `$include`, worked out before the grammar and the rules look at a message."""
