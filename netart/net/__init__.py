"""What a network is: operations, layers, sampling, files."""
