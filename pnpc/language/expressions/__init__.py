"""What stands between {{ and }}, as it is written: pieces, names, filters, and where Jinja2 can't read one."""
