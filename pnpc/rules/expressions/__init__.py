"""PNP5: variables, expressions and directives, and the lengths that come of them."""
