"""The generating commands, one module per feature: its `command`, and the view of its output."""
