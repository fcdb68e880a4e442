"""`python -m cli` is the command `creditgraph`."""

from cli import main

main()
