"""Proofs over the rules: what no permit that anybody adds can lift, for every field and purpose that there could be."""
