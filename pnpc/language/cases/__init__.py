"""What directives come to in one case: parts, conditions as formulas, and the message that results."""
