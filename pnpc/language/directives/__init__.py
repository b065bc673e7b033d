"""`$if`, `$for` and `$include`: read, checked, and turned into the cases that a message can come to."""
