-- What was done alone and nobody reviewed in time says so, once.
CREATE FUNCTION overrides_become_overdue(at_most integer) RETURNS SETOF approval_overrides
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH late AS MATERIALIZED (
    SELECT o.id FROM approval_overrides o
    WHERE o.reviewed_at IS NULL AND o.overdue_at IS NULL AND o.review_due_at <= clock_timestamp()
    ORDER BY o.review_due_at LIMIT at_most FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE approval_overrides o SET overdue_at = clock_timestamp() FROM late WHERE o.id = late.id
  RETURNING o.*
$$;
REVOKE ALL ON FUNCTION overrides_become_overdue(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION overrides_become_overdue(integer) TO xm_worker;
