"""The incentives of the cities and the conditions that they rest on."""
