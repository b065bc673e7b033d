"""Tables that lie in parts: which they are, what is read of each, and what each becomes, here or on a cluster."""
