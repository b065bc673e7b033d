"""A filled message as a page that shows roughly what a phone will: values in, HTML text out."""
