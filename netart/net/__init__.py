"""What a network is: operations, layers, sampling from seeds."""
