"""What users ask for by names and values: the Python interface. The command line uses its parts."""
