-- Every id sorts by its time of birth, and every updated_at is kept by the database.
CREATE FUNCTION time_ordered_uuid() RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made uuid;
  milliseconds bigint;
  bytes bytea;
BEGIN
  IF to_regprocedure('pg_catalog.uuidv7()') IS NOT NULL THEN
    EXECUTE 'SELECT pg_catalog.uuidv7()' INTO made;
    RETURN made;
  END IF;
  -- RFC 9562, version 7: 48 bits of milliseconds, then 74 random bits around version and variant
  milliseconds := floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  bytes := substring(int8send(milliseconds) FROM 3) || substring(uuid_send(gen_random_uuid()) FROM 7);
  bytes := set_byte(bytes, 6, (get_byte(bytes, 6) & 15) | 112);
  RETURN encode(bytes, 'hex')::uuid;
END $$;

CREATE FUNCTION update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'Rows of % are never changed, removed or truncated (%).', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME,
          HINT = 'Write a new row instead.';
END $$;
