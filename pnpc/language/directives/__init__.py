"""`$if`, `$for` and `$include`: read, checked, and worked out into the cases that can come out of them."""
