"""Two versions of specs, their messages filled from the examples, compared."""
