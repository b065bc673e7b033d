"""PNP5: variables, expressions and directives, and the lengths of the texts that they make."""
