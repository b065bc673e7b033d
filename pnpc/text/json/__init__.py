"""JSON read strictly and with positions, and its faults explained."""
