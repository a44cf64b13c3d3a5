-- How the log stands, for whoever watches it: over all tenants, and nothing but numbers and times.
-- What waits is counted so far and no further, along the order in which it will be sealed.
CREATE FUNCTION log_standing(most integer)
RETURNS TABLE (size bigint, unsealed bigint, lag_seconds double precision, sealed_at timestamptz, age_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH at AS (SELECT s.size, s.sealed_epoch, s.xid, s.seq FROM audit_seal s),
  due AS MATERIALIZED (
    SELECT e.created_at FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) > (SELECT sealed_epoch, xid, seq FROM at)
    ORDER BY e.epoch, e.xid, e.seq LIMIT most),
  newest AS (SELECT c.sealed_at FROM audit_checkpoint c ORDER BY c.size DESC LIMIT 1),
  now_is AS MATERIALIZED (SELECT clock_timestamp() AS moment)
  SELECT (SELECT a.size FROM at a), (SELECT count(*) FROM due),
         COALESCE(EXTRACT(epoch FROM m.moment - (SELECT min(d.created_at) FROM due d)), 0)::double precision,
         (SELECT n.sealed_at FROM newest n),
         EXTRACT(epoch FROM m.moment - (SELECT n.sealed_at FROM newest n))::double precision
  FROM now_is m
$$;
REVOKE ALL ON FUNCTION log_standing(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_standing(integer) TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
