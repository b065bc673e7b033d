"""Commands that ask LINE, or look at this machine, and send nothing."""
