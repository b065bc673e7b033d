"""What differs between two versions of a spec, and whether what worked with the old one still does: values in, values out."""
