"""What the credit office answers."""

from resolvers.graph.bindings import Edge

BINDINGS = (
    Edge("Person", "scores", "credit_office.score"),
    Edge("Person", "consents", "credit_office.consent"),
    Edge("Person", "volunteering", "credit_office.volunteering"),
    Edge("CreditSubject", "redLists", "credit_office.red_list"),
    Edge("CreditSubject", "honours", "credit_office.honour"),
    Edge("CreditSubject", "donations", "credit_office.donation"),
)
