"""What decides a picture, as data."""
