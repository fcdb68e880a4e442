"""By which office a person acts for an enterprise.

法定代表人 of an organisation (民法典 第六十一条), 经营者 of an individual business, who is the business (民法典 第五十四条).

The data set of the offices stands here, so that whoever asks knows no bureau's file.
"""

from typing import Final

OFFICES: Final = "registry.office_by_enterprise"
"""Every office in an enterprise with its term, by the credit code."""
REPRESENTING: Final = frozenset({"LEGAL_REPRESENTATIVE", "OPERATOR"})
"""The offices whose holder acts for the enterprise in its own name."""
