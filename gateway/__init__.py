"""Who may ask, for what purpose, and what leaves.

The rooms in the order in which a request passes them: `access` speaks HTTP and names the caller, `pipeline` runs the
stages, `operations` knows the registered operation, `authorization` decides its uses, `rights` may withhold subjects,
`resolvers` fetches and joins, `release` makes the answer, `evidence` gets its disclosure. `proofs` proves the rules when
they are loaded, and `installation` reads policies and operations from their files.
"""
