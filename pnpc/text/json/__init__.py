"""JSON read strictly, with positions, and its faults in words."""
