"""How each lens draws."""
