"""Which uses of which fields a kind of caller may make for a purpose: decided once, before any bureau is asked.

The order of stages, and who owns what:

1. `callers`, `purposes`, `clients`: who may ask for what purpose; read from the TOML files of the policy folder.
2. `cedar_rules`: permits and ceilings, each with its file and line, its reason and its source.
3. `entities`, `engine`: what Cedar knows of kinds, purposes and fields. The engine answers one question (a kind, a
   purpose, a use, a field, an access path); whatever is unknown or fails is a denial.
4. `policy`: one version of all this, checked as a whole; it keeps its verdicts. `gateway.proofs` proves it.
5. `grant`: decides every use that an operation makes, with the inputs of derived fields. The grant masks the plan.
6. `explain`, `matrix`, `replay` ask the same questions for people: of one operation, of every cell, of a change.

Nothing here knows a request, a subject or a value: those are of `gateway.pipeline` and `gateway.release`.
"""
