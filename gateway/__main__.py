"""`python -m gateway` is the command `creditgraph`."""

from gateway.cli import main

main()
