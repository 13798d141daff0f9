"""`python -m evals.rules`, which is `make bench-rules`."""

from evals.rules.rules_command import main

main()
