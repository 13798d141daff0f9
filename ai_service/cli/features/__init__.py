"""The commands that generate, by feature: each module's `command` is one, with what it shows beneath it."""
