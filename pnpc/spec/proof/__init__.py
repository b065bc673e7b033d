"""The proof of lengths: what each expression can become, from the bounds of the variables and the filters."""
