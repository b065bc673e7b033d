"""The commands that send and receive: push, listen, status, counts and the emulator."""
