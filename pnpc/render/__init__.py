"""Messages to pages that people look at."""
