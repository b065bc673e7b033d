"""Message x row -> payload: values in, values out. Files, streams and exit codes are the command line's."""
