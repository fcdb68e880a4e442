"""How it joins: which dataset answers a field, by which key, and the reading of a plan level by level."""
