CREATE SCHEMA share;
CREATE TABLE share.source_mark (synthetic boolean, city text, edition text);
INSERT INTO share.source_mark VALUES (true, '信阳', '1');
CREATE TABLE share.grade (
    subject text, year integer, grade text, points integer, fine_fen bigint, assessed_on date, final boolean
);
INSERT INTO share.grade VALUES
    ('one', 2023, 'A', 90, 0, '2024-01-01', true),
    ('one', 2024, 'B', NULL, 120000000000, '2025-01-01', false),
    ('two', 2024, 'A', 95, 0, '2025-01-01', true),
    ('bad', 2022, 'A', 95, 0, '2023-01-01', true),
    ('bad', 2023, 'Z', 95, 0, '2024-01-01', true),
    ('bad', 2024, NULL, 95, NULL, '2025-01-01', true);
CREATE VIEW share.slow AS SELECT g.* FROM share.grade g, pg_sleep(30);
CREATE VIEW share.late AS SELECT g.* FROM share.grade g, pg_sleep(1);
CREATE VIEW share.mistyped AS SELECT subject, year::text AS year FROM share.grade;
CREATE VIEW share.failing AS SELECT subject, year / (year - year) AS year FROM share.grade;
CREATE TABLE share.listed (subject text, listed_on date, expires_on date);
INSERT INTO share.listed VALUES
    ('one', '0001-01-01', NULL), ('one', '9999-12-31', '2024-02-29'), ('one', '0987-01-01', '1940-06-03'),
    ('two', '2026-01-01', NULL), ('two', '2025-01-01', '2027-01-01');
CREATE VIEW share.changing AS SELECT subject, year FROM share.grade;
CREATE VIEW share.asked AS
    SELECT 'one'::text AS subject, query AS seen FROM pg_stat_activity WHERE pid = pg_backend_pid();
-- fails at the first statement of a connection
CREATE FUNCTION share.give_up(state text) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) THEN
        RETURN 2024;
    END IF;
    PERFORM pg_advisory_lock_shared(7);
    RAISE EXCEPTION USING ERRCODE = state;
END $$;
CREATE VIEW share.recovering AS SELECT subject, share.give_up('40001') AS year FROM share.listed;
CREATE VIEW share.deadlocked AS SELECT subject, share.give_up('40P01') AS year FROM share.listed;
CREATE TABLE share.hidden (subject text, year integer);
CREATE ROLE reader LOGIN;
GRANT USAGE ON SCHEMA share TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA share TO reader;
REVOKE ALL ON share.hidden FROM reader;
-- the transport bureau's datasets
CREATE TABLE share.licence (
    subject text, licence_number text, kind text, status text, valid_from date, valid_until date
);
INSERT INTO share.licence VALUES
    ('one', 'L-1', 'FREIGHT', 'VALID', '2020-05-01', NULL),
    ('one', 'L-2', 'TAXI', 'EXPIRED', '2021-05-01', '2024-05-01'),
    ('two', 'L-3', 'UNHEARD_OF', 'VALID', '2021-05-01', NULL);
GRANT SELECT ON share.licence TO reader;
