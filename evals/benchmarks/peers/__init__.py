"""What others make of the same calls. Each module runs as a process of its own, in an environment of its own."""
