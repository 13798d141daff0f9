"""`python -m evals.rules`, which is `make bench-rules`."""

from evals.rules.command import main

main()
