"""A nail planned backwards from the final limb: line, size, screws, doubt."""
