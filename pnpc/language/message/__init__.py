"""A message as it is written: its typed parts, its objects, links and media, and what rules ask of it."""
