"""What a gateway must answer about the synthetic city, computed from the city's own rows and from no resolver.

The rules stand here a second time, in the plainest words: an answer that a gateway made and one that is made here have
the city's rows, the catalogue and the document in common, and nothing else.
"""
