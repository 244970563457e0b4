"""The window: a shot that hands change."""
