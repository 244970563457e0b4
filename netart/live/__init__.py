"""The interactive viewer: a window in which keys and mouse change a shot."""
