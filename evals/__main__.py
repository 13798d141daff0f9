"""`python -m evals`, which is `make evals`."""

from evals.command import main

main()
