"""Films as files: encoders, containers, and what an interrupted film keeps."""
