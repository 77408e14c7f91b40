-- The record of many offices in one database. Run by `sopctl record upgrade` as the owner, in one transaction.
--
-- The ledger is the one place where events and lines of the register stand; cases, counters and groups repeat what
-- readers and the next writer ask most. Each line is its text as the files have it, so that the chain is the same.
-- What is listed in order, or found by its beginning, is compared byte by byte ("C"), whatever the database's language.
-- No table refers to offices: the policies let no row in that is of none, and each would be looked up twice.

CREATE TABLE offices (
    office text PRIMARY KEY,
    lines bigint NOT NULL DEFAULT 0,          -- of its ledger; the writer locks this row
    head text NOT NULL DEFAULT '',            -- sha256 of the last line
    named_office text NOT NULL DEFAULT '',    -- the office file that the last line which names one does
    channel text NOT NULL DEFAULT 'sopctl_' || replace(gen_random_uuid()::text, '-', ''),  -- on which changes are told
    moved_to text NOT NULL DEFAULT ''         -- 'files' where the record lies there: moved there, or not all here yet
);

-- Which roles work for which office. No member role reads it; `current_office` does.
CREATE TABLE members (
    role name NOT NULL,
    office text NOT NULL REFERENCES offices,
    PRIMARY KEY (role, office)
);

CREATE TABLE ledger (
    office text NOT NULL,
    line bigint NOT NULL,                     -- counted from 1
    kind text NOT NULL,                       -- event, number, mended, office, account
    case_id text COLLATE "C",                 -- of an event; of a number where a case wrote its letter
    revision integer,                         -- of an event: its number in the case
    sequence text COLLATE "C",                -- of a number, such as 2026/semua.jsonl
    changes_office boolean NOT NULL,          -- whether the key `ledger.OFFICE` finds it
    text text NOT NULL,
    nomor text,                               -- of a number, where the letter bears one: as it is compared with others
    PRIMARY KEY (office, line)
);
CREATE UNIQUE INDEX ledger_event ON ledger (office, case_id, revision) WHERE kind = 'event';
CREATE INDEX ledger_case_number ON ledger (office, case_id, line) WHERE kind = 'number' AND case_id IS NOT NULL;
CREATE INDEX ledger_nomor ON ledger (office, nomor) WHERE nomor IS NOT NULL;
CREATE INDEX ledger_sequence ON ledger (office, sequence, line) WHERE kind = 'number';
CREATE INDEX ledger_office ON ledger (office, line) WHERE changes_office;
CREATE INDEX ledger_other ON ledger (office, kind, line) WHERE kind IN ('mended', 'account');

CREATE TABLE cases (
    office text NOT NULL,
    id text COLLATE "C" NOT NULL,
    sop text COLLATE "C" NOT NULL,
    version text NOT NULL,                    -- of the SOP that it follows now
    number bigint NOT NULL,
    folder text COLLATE "C" NOT NULL,         -- the group of a thousand, such as sk-tim/0000
    revision integer NOT NULL,
    head text NOT NULL,
    envelope text NOT NULL,                   -- the case as JSON without its events
    line bigint NOT NULL,                     -- of the ledger, of its last event
    PRIMARY KEY (office, id)
);
CREATE UNIQUE INDEX cases_number ON cases (office, sop, number);
CREATE INDEX cases_folder ON cases (office, folder, line);

-- The groups of cases, each with the ledger line that changed one of its cases last.
CREATE TABLE folders (
    office text NOT NULL,
    folder text COLLATE "C" NOT NULL,
    line bigint NOT NULL,
    PRIMARY KEY (office, folder)
);

-- What the index keeps of a group up to a line; may be deleted at any time.
CREATE TABLE figures (
    office text NOT NULL,
    folder text COLLATE "C" NOT NULL,
    edition text NOT NULL,                    -- of the code and of the calendar that it rests on
    line bigint NOT NULL,
    damaged text[] NOT NULL,                  -- the cases up to it that could not be read, and are not in the others
    running boolean NOT NULL,                 -- whether a turn waits in it
    turns bytea NOT NULL,
    running_facts bytea NOT NULL,
    tally bytea NOT NULL,
    digest text NOT NULL,                     -- sha256 of the tally, by which readers find their copies
    facts bytea NOT NULL,
    written timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (office, folder, edition)
);

-- The highest number given: of cases by `sop:sk-tim`, of letters by `sequence:2026/semua.jsonl`.
CREATE TABLE counters (
    office text NOT NULL,
    name text NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (office, name)
);

CREATE TABLE versions (
    office text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('sops', 'office')),
    version text NOT NULL,                    -- sha256 of the text
    text bytea NOT NULL,
    PRIMARY KEY (office, kind, version)
);

CREATE TABLE files (
    office text NOT NULL,
    path text COLLATE "C" NOT NULL,           -- as events name it: data/documents/sk-tim/0000/sk-tim-1/…
    sha256 text NOT NULL,
    PRIMARY KEY (office, path)
);

CREATE TABLE contents (
    office text NOT NULL,
    sha256 text NOT NULL,
    part integer NOT NULL,                    -- counted from 0
    data bytea NOT NULL CHECK (octet_length(data) <= 262144),
    PRIMARY KEY (office, sha256, part)
);
ALTER TABLE contents ALTER COLUMN data SET STORAGE EXTERNAL;  -- Word files and photos are compressed already

-- What a repair replaced.
CREATE TABLE aside (
    office text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    name text NOT NULL,
    data bytea NOT NULL
);

-- Which of these files were applied. Every transaction of a program reads it first, and so holds a lock on it until it
-- ends (ACCESS SHARE), through a pooler too; `record upgrade` takes the opposite one (ACCESS EXCLUSIVE). So none runs
-- while the tables change, and each one after it sees that they are not its own any more.
CREATE TABLE migrations (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The office that a transaction works for: the one that it set, where its role works for that one.
CREATE FUNCTION current_office() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = sopctl, pg_temp
    AS $$ BEGIN  -- its plan is kept by the session, where one in SQL is made anew for each statement
        RETURN (SELECT office FROM members WHERE role = session_user AND office = current_setting('sopctl.office', true));
    END $$;

-- The offices that the connected role works for.
CREATE FUNCTION own_offices() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = sopctl, pg_temp
    AS $$ SELECT office FROM members WHERE role = session_user $$;

REVOKE ALL ON FUNCTION current_office(), own_offices() FROM PUBLIC;

-- No office sees, counts or changes what is another's. FORCE binds the owner of the tables too; only a superuser and a
-- role with BYPASSRLS are bound by nothing. What no policy names, nobody else can do: no line, text or file is changed.
DO $policies$
DECLARE
    own CONSTANT text := '(office = (SELECT current_office()))';  -- asked once a statement, not once a row
    of text;
BEGIN
    FOREACH of IN ARRAY ARRAY['offices', 'ledger', 'cases', 'folders', 'figures', 'counters', 'versions', 'files',
                              'contents', 'aside'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of);
        EXECUTE format('CREATE POLICY read_own ON %I FOR SELECT USING %s', of, own);
        IF of <> 'offices' THEN
            EXECUTE format('CREATE POLICY add_own ON %I FOR INSERT WITH CHECK %s', of, own);
        END IF;
    END LOOP;
    FOREACH of IN ARRAY ARRAY['offices', 'cases', 'folders', 'figures', 'counters'] LOOP
        EXECUTE format('CREATE POLICY change_own ON %I FOR UPDATE USING %s WITH CHECK %s', of, own, own);
    END LOOP;
    EXECUTE format('CREATE POLICY remove_own ON figures FOR DELETE USING %s', own);
END $policies$;
CREATE POLICY add_by_owner ON offices FOR INSERT TO CURRENT_USER WITH CHECK (true);

-- Let go of the oldest figures of a group but for so many. A role that may delete rows may also lock the whole table.
CREATE FUNCTION trim_figures(of_folder text, most bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = sopctl, pg_temp
    AS $$
        DELETE FROM figures f WHERE f.office = current_office() AND f.folder = of_folder AND most <=
            (SELECT count(*) FROM figures l WHERE l.office = f.office AND l.folder = f.folder AND l.written > f.written)
    $$;

-- Wait for the writers of the office that came before, in the order of their coming: the row of `offices`, which each of
-- them changes, keeps none. Each office has an empty table to lock, for an advisory lock could be held by any role.
CREATE FUNCTION take_turn() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = sopctl, pg_temp
    AS $$ DECLARE office CONSTANT text := current_office(); BEGIN
        IF office IS NULL THEN
            RETURN;  -- the program has asked, and says so
        END IF;
        EXECUTE format('LOCK TABLE %I IN EXCLUSIVE MODE', 'writer_' || md5(office));
    END $$;
REVOKE ALL ON FUNCTION trim_figures(text, bigint), take_turn() FROM PUBLIC;

-- What every transaction of a program asks first, whatever number the tables have: so no migration changes its name, its
-- arguments or its first columns. It works for its_office from here on, if the office is answered, and waits no longer
-- than its patience for a lock. With COMMIT the server has written to its disk, whatever its settings say. The functions
-- that the transaction calls are the server's own: where other roles may make some in the database, theirs could fit
-- better, and would work with the rights of this one.
CREATE FUNCTION enter(its_office text, patience text, OUT number integer, OUT entered text, OUT clock float8,
                      OUT process integer, OUT moved text)
    LANGUAGE plpgsql
    AS $$ BEGIN
        PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
        PERFORM set_config('sopctl.office', its_office, true), set_config('lock_timeout', patience, true),
            set_config('jit', 'off', true), set_config('statement_timeout', '2min', true),
            set_config('idle_in_transaction_session_timeout', '2min', true),
            set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), true);
        SELECT max(m.number), sopctl.current_office(), extract(epoch FROM clock_timestamp()), pg_backend_pid(),
            coalesce((SELECT o.moved_to FROM sopctl.offices o WHERE o.office = its_office), '')
            INTO number, entered, clock, process, moved FROM sopctl.migrations m;
    END $$;

-- The same for a writer, who waits for its turn; and what the next line of the ledger follows, as it is then, and which
-- office files are kept.
CREATE FUNCTION enter_to_write(its_office text, patience text, OUT number integer, OUT entered text, OUT clock float8,
                               OUT process integer, OUT moved text, OUT lines bigint, OUT head text,
                               OUT named_office text, OUT channel text, OUT last_line bigint, OUT last_text text,
                               OUT ledger_lost boolean, OUT office_versions text[])
    LANGUAGE plpgsql
    AS $$ BEGIN
        SELECT e.* INTO number, entered, clock, process, moved FROM sopctl.enter(its_office, patience) e;
        IF entered IS NULL OR moved <> '' THEN
            RETURN;
        END IF;
        PERFORM sopctl.take_turn();
        SELECT o.moved_to, o.lines, o.head, o.named_office, o.channel INTO moved, lines, head, named_office, channel
            FROM sopctl.offices o WHERE o.office = its_office FOR NO KEY UPDATE;
        SELECT l.line, l.text INTO last_line, last_text FROM sopctl.ledger l WHERE l.office = its_office
            ORDER BY l.line DESC LIMIT 1;
        ledger_lost := lines = 0 AND (EXISTS (SELECT FROM sopctl.cases c WHERE c.office = its_office)
                                      OR EXISTS (SELECT FROM sopctl.counters n WHERE n.office = its_office));
        office_versions := ARRAY(SELECT v.version FROM sopctl.versions v WHERE v.office = its_office
                                 AND v.kind = 'office' ORDER BY v.version);
    END $$;

-- Add lines to the ledger, say where it ends, and change what repeats it: rows as JSON by the names of the columns, all
-- in one statement.
CREATE FUNCTION save_changes(lines json, its_end json, cases json, counters json) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    own CONSTANT json := json_build_object('office', sopctl.current_office());
BEGIN
    INSERT INTO sopctl.ledger SELECT * FROM json_populate_recordset(json_populate_record(NULL::sopctl.ledger, own), lines);
    UPDATE sopctl.offices o SET lines = e.lines, head = e.head, named_office = e.named_office
        FROM json_populate_record(NULL::sopctl.offices, its_end) e WHERE o.office = own ->> 'office' AND its_end IS NOT NULL;
    INSERT INTO sopctl.cases SELECT * FROM json_populate_recordset(json_populate_record(NULL::sopctl.cases, own), cases)
        ON CONFLICT (office, id) DO UPDATE SET version = excluded.version, revision = excluded.revision,
        head = excluded.head, envelope = excluded.envelope, line = greatest(cases.line, excluded.line);
    INSERT INTO sopctl.folders SELECT office, folder, max(line) FROM
        json_populate_recordset(json_populate_record(NULL::sopctl.cases, own), cases) GROUP BY office, folder
        ON CONFLICT (office, folder) DO UPDATE SET line = greatest(folders.line, excluded.line);
    IF counters IS NOT NULL THEN  -- few changes count
        INSERT INTO sopctl.counters
            SELECT * FROM json_populate_recordset(json_populate_record(NULL::sopctl.counters, own), counters)
            ON CONFLICT (office, name) DO UPDATE SET value = greatest(counters.value, excluded.value);
    END IF;
END $$;
REVOKE ALL ON FUNCTION enter(text, text), enter_to_write(text, text), save_changes(json, json, json, json) FROM PUBLIC;

-- Make a role work for an office, which is made where there is none; again after each migration. The columns that it may
-- change are named, for who may change any column may lock the whole table, and so all other offices out.
CREATE FUNCTION admit(admitted name, its_office text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = sopctl, pg_temp
    AS $admit$
BEGIN
    IF NOT EXISTS (SELECT FROM members WHERE office = its_office) THEN
        BEGIN
            INSERT INTO offices (office) VALUES (its_office);
        EXCEPTION WHEN unique_violation THEN  -- one that nobody works for any more
            NULL;
        END;
    END IF;
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I ()', 'writer_' || md5(its_office));
    INSERT INTO members (role, office) VALUES (admitted, its_office) ON CONFLICT DO NOTHING;
    EXECUTE format('GRANT USAGE ON SCHEMA sopctl TO %I', admitted);
    EXECUTE format('GRANT EXECUTE ON FUNCTION current_office(), own_offices(), take_turn(),'
                   ' trim_figures(text, bigint), enter(text, text), enter_to_write(text, text),'
                   ' save_changes(json, json, json, json) TO %I', admitted);
    EXECUTE format('GRANT SELECT ON migrations TO %I', admitted);
    EXECUTE format('GRANT SELECT, UPDATE (lines, head, named_office, moved_to) ON offices TO %I', admitted);
    EXECUTE format('GRANT SELECT, INSERT ON ledger, versions, files, contents, aside TO %I', admitted);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE (version, revision, head, envelope, line) ON cases TO %I', admitted);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE (line) ON folders TO %I', admitted);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE (value) ON counters TO %I', admitted);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE (line, damaged, running, turns, running_facts, tally, digest, facts,'
                   ' written) ON figures TO %I', admitted);
END $admit$;
REVOKE ALL ON FUNCTION admit(name, text) FROM PUBLIC;
