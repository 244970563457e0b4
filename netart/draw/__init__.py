"""Pages of many pictures, films, and what is said of a picture."""
