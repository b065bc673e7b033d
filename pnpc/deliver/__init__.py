"""Sending: payloads to LINE at its rate, with a journal that knows what became of each."""
