"""Writes the SQL of a bureau's database from the bureau's declaration.

Schema `own` has the tables. Schema `share` has the views that the data sets name, and the source's mark. Only
the bureau's own reader may read `share`.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from catalogue.declarations import Bureau, Column, Dataset
from sandbox.counted import select_of
from sandbox.model import City
from sandbox.places import places_of

_FILTERED: Final = {
    "legal_representative": ("office", '"role" = \'LEGAL_REPRESENTATIVE\' AND "until" IS NULL'),
    "operator": ("office", '"role" = \'OPERATOR\' AND "until" IS NULL'),
}
"""The relations that are views of another relation's table, with the condition of each."""


def table_name(dataset: Dataset) -> str:
    """Return the name of the table with the data set's rows."""
    relation = dataset.relation.rpartition(".")[2]
    return _FILTERED[relation][0] if relation in _FILTERED else relation


def tables(bureau: Bureau) -> Mapping[str, Mapping[str, Column]]:
    """Return the columns of each table of the bureau in loading order; the key is the first column.

    Data sets of one relation share a table.
    """
    found: dict[str, dict[str, Column]] = {}
    for dataset in bureau.datasets:
        columns = found.setdefault(table_name(dataset), {})
        columns.setdefault(dataset.key, dataset.by_name.get(dataset.key, Column(dataset.key)))
        for column in dataset.stored:
            columns.setdefault(column.name, column)
    return found


def create_tables(bureau: Bureau) -> str:
    """Return the statements that make both schemas and the tables; indexes follow after the rows."""
    lines = ["CREATE SCHEMA own;", "CREATE SCHEMA share;"]
    for table, columns in tables(bureau).items():
        typed = (f'"{name}" {c.kind.value}{"" if c.nullable else " NOT NULL"}' for name, c in columns.items())
        lines.append(f'CREATE TABLE own."{table}" ({", ".join(typed)});')
    return "\n".join(lines)


def create_indexes(bureau: Bureau) -> str:
    """Return the statements that make one index for each data set, in the reading order of its rows."""
    return "\n".join(dict.fromkeys(_index(dataset) for dataset in bureau.datasets if not dataset.latest))


def _index(dataset: Dataset) -> str:
    relation = dataset.relation.rpartition(".")[2]
    condition = f" WHERE {_FILTERED[relation][1]}" if relation in _FILTERED else ""
    terms = [f'"{dataset.key}"']
    terms += [f'"{name[1:]}" DESC' if name[0] == "-" else f'"{name}"' for name in dataset.order]
    unique = "" if dataset.many else "UNIQUE "
    return f'CREATE {unique}INDEX ON own."{table_name(dataset)}" ({", ".join(terms)}){condition};'


def create_shares(bureau: Bureau, city: City) -> str:
    """Return the statements that make the shared views, the statistics and the source's mark."""
    return "\n".join([*_views(bureau), *_counts(bureau, city), _mark(city)])


def _views(bureau: Bureau) -> Iterator[str]:
    columns_of = tables(bureau)
    for relation in dict.fromkeys(dataset.relation.rpartition(".")[2] for dataset in bureau.datasets):
        name, condition = _FILTERED.get(relation, (relation, "true"))
        columns = ", ".join(f'"{column}"' for column in columns_of[name])
        select = f'SELECT {columns} FROM own."{name}" WHERE {condition}'  # noqa: S608 names are declared in code
        yield f'CREATE VIEW share."{relation}" AS {select};'


def _counts(bureau: Bureau, city: City) -> Iterator[str]:
    """Yield each statistic as a table: it is counted once and never changes."""
    for table in bureau.tables:
        yield f"CREATE MATERIALIZED VIEW {table.relation} AS {select_of(city, f'{bureau.name}.{table.name}')};"


def _mark(city: City) -> str:
    edition = f"{city.edition} seed={city.seed} population={city.population}"
    return (
        "CREATE TABLE share.source_mark (synthetic boolean NOT NULL, city text NOT NULL, edition text NOT NULL);\n"
        f"INSERT INTO share.source_mark VALUES (true, '{places_of(city.name).title}', '{edition}');"
    )


def grant_reader(database: str, role: str) -> str:
    """Return the statements that let `role`, and no other login, read the shared relations."""
    return f"""REVOKE ALL ON DATABASE "{database}" FROM PUBLIC;
GRANT CONNECT ON DATABASE "{database}" TO "{role}";
ALTER ROLE "{role}" SET default_transaction_read_only = on;
GRANT USAGE ON SCHEMA share TO "{role}";
GRANT SELECT ON ALL TABLES IN SCHEMA share TO "{role}";"""
