"""From Shots to numbers: one definition, two fast ways."""
