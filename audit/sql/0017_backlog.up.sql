-- What may be sealed next is decided in one statement: nobody who still writes can come before any of it.
-- Rows: the first of each tile, and the last of all. What stands between is final, so whoever reads it later reads the same.
CREATE FUNCTION unsealed_places(most integer) RETURNS TABLE (place bigint, epoch integer, xid xid8, seq bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH at AS (SELECT s.size, s.epoch, s.sealed_epoch, s.xid, s.seq FROM audit_seal s),
  due AS MATERIALIZED (
    SELECT e.epoch, e.xid, e.seq,
           (SELECT size FROM at) + row_number() OVER (ORDER BY e.epoch, e.xid, e.seq) - 1 AS place
    FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) > (SELECT sealed_epoch, xid, seq FROM at)
      -- of an epoch that is over, nobody writes any more
      AND (e.epoch < (SELECT epoch FROM at) OR e.xid < pg_snapshot_xmin(pg_current_snapshot()))
    ORDER BY e.epoch, e.xid, e.seq LIMIT most)
  SELECT d.place, d.epoch, d.xid, d.seq FROM due d
  WHERE d.place % 256 = 0 OR d.place = (SELECT max(l.place) FROM due l)
  ORDER BY d.place
$$;
REVOKE ALL ON FUNCTION unsealed_places(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unsealed_places(integer) TO xm_worker;
DROP FUNCTION unsealed_events(integer);
