"""`python -m ai_service.cli`: the command line where its script isn't on the path."""

from ai_service.cli.app import main

main()
