"""`python -m stillroom`: the same as the command `stillroom`."""

from stillroom.cli.app import main

main()
