"""Messages filled with data: measured and judged again, and written as payloads."""
