-- Every id sorts by its time of birth, and every updated_at is kept by the database.
-- Not SECURITY DEFINER and every name qualified: a pinned search_path would cost more than the id itself.
CREATE FUNCTION time_ordered_uuid() RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
DECLARE
  bytes bytea;
BEGIN
  IF pg_catalog.to_regprocedure('pg_catalog.uuidv7()') IS NOT NULL THEN
    -- planned only where it runs, so older servers never look for it
    RETURN pg_catalog.uuidv7();
  END IF;
  -- RFC 9562, version 7: 48 bits of milliseconds, then 74 random bits around version and variant
  bytes := pg_catalog.substring(
      pg_catalog.int8send(pg_catalog.floor(EXTRACT(epoch FROM pg_catalog.clock_timestamp()) * 1000)::bigint), 3)
    OPERATOR(pg_catalog.||) pg_catalog.substring(pg_catalog.uuid_send(pg_catalog.gen_random_uuid()), 7);
  bytes := pg_catalog.set_byte(bytes, 6, (pg_catalog.get_byte(bytes, 6) & 15) | 112);
  RETURN pg_catalog.encode(bytes, 'hex')::uuid;
END $$;

CREATE FUNCTION update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'Rows of % are never changed, removed or truncated (%).', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME,
          HINT = 'Write a new row instead.';
END $$;

-- A backup reads every table and sequence that the owner ever makes.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO xm_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO xm_backup;
