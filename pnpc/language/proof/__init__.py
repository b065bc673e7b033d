"""The proof of lengths: how long a filled text can become, with a witness."""
