"""`python -m gateway` is the command `creditgraph`."""

from cli import main

main()
