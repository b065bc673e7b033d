"""Variables: their declarations, formats and allowed values, and the names that expressions may use and do use."""
