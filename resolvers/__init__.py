"""How the graph joins: which data set answers a field, by which key, and how a plan is read level by level.

The order of stages, and who owns what:

1. `graph` binds the schema to the bureaus' data sets, once at the start, and refuses what does not fit.
2. `plan` compiles a document into plan nodes, one class for each kind of field. A grant masks the plan.
   The masked plan says what to read, how much it may weigh and how rows become an answer.
3. `fetch` reads the masked plan: level by level, each data set once a level, in batches that requests share.
4. `eligibility` decides one-sided answers from what was read of one subject, by pure functions.

Nothing here knows a caller, a token or a policy: the gateway hands in the grant, the keys and the subject gate.
"""
