"""Rings with hinges and rails with clamps: they turn about an axis and draw out."""
