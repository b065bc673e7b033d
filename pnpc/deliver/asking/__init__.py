"""Asking LINE what it takes, without notifying anyone: of a spec, of a key, of the account."""
