"""Networks that learn: what they learn, how, and runs, which hold the steps that are kept."""
