"""LINE's webhook: its signature, its delivery events, and the journals that keep them."""
