-- The version of the store: one row for each file of this folder that was applied. An applied file is never changed.
CREATE SCHEMA store;

CREATE TABLE store.version (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied timestamptz NOT NULL DEFAULT now()
);
