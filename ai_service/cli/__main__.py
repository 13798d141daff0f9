"""`python -m ai_service.cli`: the command line if its script is not on the path."""

from ai_service.cli.app import main

main()
