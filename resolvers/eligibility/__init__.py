"""Who may enjoy an incentive: pure functions over what the bureaus hold of one subject on one day.

Nothing here reads, and nothing is cut short: every requirement of a rule is looked at, whatever the others say.
"""
