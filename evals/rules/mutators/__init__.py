"""What is done to valid outputs to break one rule each. Nothing here imports the rules, or what they count with."""
