"""Which names an expression may use and does use, and texts whose length is plain at a glance."""
