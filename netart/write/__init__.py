"""From pixels to files, and from files back to shots."""
