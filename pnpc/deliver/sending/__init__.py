"""Payloads to requests: at the right pace, each once, and what their answers mean."""
