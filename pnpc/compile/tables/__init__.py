"""Tables of recipients: CSV, JSON Lines and Parquet to records, phone numbers to digests."""
