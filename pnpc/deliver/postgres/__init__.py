"""What several machines share: the journal in PostgreSQL."""
