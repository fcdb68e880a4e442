"""Persons, enterprises, the offices between them, and the ways in by identifier."""

from resolvers.graph.bindings import Edge, Entity, Lookup, Reference, Tabulation

BINDINGS = (
    Entity("Person", "registry.person", {"identityNumber": "person_number"}),
    Entity("Enterprise", "registry.enterprise"),
    Edge("Person", "offices", "registry.office_by_person"),
    Edge("Enterprise", "officers", "registry.office_by_enterprise"),
    Edge("Enterprise", "legalRepresentative", "registry.legal_representative"),
    Reference("Office", "person", "person_number"),
    Reference("Office", "enterprise", "credit_code"),
    Lookup("person", "id", "one"),
    Lookup("persons", "ids", "many"),
    Lookup("enterprise", "id", "one"),
    Lookup("enterprises", "ids", "many"),
    Lookup("subjects", "by", "keyed", {"person": "Person", "enterprise": "Enterprise"}),
    Tabulation("newEnterprisesByCountyAndKind", "registry.new_enterprises_by_county_and_kind"),
)
