"""Proofs over the rules: what no permit that anybody adds can lift, for every field and purpose that there could be.

`translation` turns each Cedar rule into a formula of z3 over a request of which nothing is known (`symbolic_request`),
so that one proof covers every kind of caller, purpose, field and access path, added ones included. `theorems` state
what the ceilings never allow; `possibilities` state what the rules must allow, because ceilings that forbid all would
prove every theorem; and no rule ever errs, because Cedar ignores a policy that errs. The names of purposes and items in
`theorems` are the specification: they are not read from the rules' own files, or a proof would show only that the
files agree with themselves. `prove` finds a counterexample and `cases` puts it in words. `proved_policy` is the only
way to a policy that a gateway serves: it is read, checked and proved at start and at every reload.

How many changes of a rule the proofs and kept tables notice is measured by `python -m tests.support.mutation`.
"""
