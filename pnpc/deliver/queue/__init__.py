"""Shards of payload files in a queue that workers on several machines empty: Procrastinate, in the journal's database."""
