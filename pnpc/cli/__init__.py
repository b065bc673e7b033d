"""The command line: words to calls to an exit code. Every command is loaded only when it is called."""
