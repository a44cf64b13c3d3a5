-- An id is made by a function that asks each time what the server knows.
CREATE OR REPLACE FUNCTION time_ordered_uuid() RETURNS uuid
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
