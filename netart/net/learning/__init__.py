"""Networks that learn: data, how they are trained, and runs, which hold every step worth keeping."""
