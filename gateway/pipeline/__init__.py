"""The life of a request: a document is prepared once, a request is answered every time.

The order of stages, and who owns what:

1. identity: `gateway.access` reads the head and the token of a request, and names the caller.
2. operation: `lookup` finds the registered operation by its id, or in the explorer reads a free document.
3. authorization: `prepare` asks `gateway.authorization` once for an operation, a kind of caller and a policy version.
4. plan: `gateway.operations` plans a document once, when it reads it. `prepare` masks the plan with the grant.
5. subjects: `gateway.rights` may withhold a subject at each level of the plan, before the level's bureaus are asked.
6. fetch: `resolvers.fetch` reads the masked plan in batches that concurrent requests share.
7. release: `gateway.release` turns rows into the answer. `gateway.evidence` gets its disclosure before it leaves.

`request` is the page that runs stages 2 to 7. A snapshot (`lookup`) holds what decides at present: one policy version and every
operation under it. A reload replaces it as a whole, and `cooperative` keeps the loop free meanwhile.
"""
