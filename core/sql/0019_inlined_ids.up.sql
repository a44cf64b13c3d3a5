-- An id costs a row what PostgreSQL itself takes for it, from version 18 on.
-- A function of one SQL expression is written into the DEFAULTs that call it; older servers keep the function they have.
DO $$ BEGIN
  IF pg_catalog.to_regprocedure('pg_catalog.uuidv7()') IS NOT NULL THEN
    CREATE OR REPLACE FUNCTION time_ordered_uuid() RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT pg_catalog.uuidv7()';
  END IF;
END $$;
