"""LINE's lists of keys as a person can save them from its page: read to rows, and merged. Texts in, values out."""
