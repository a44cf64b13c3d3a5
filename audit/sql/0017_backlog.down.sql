-- What is sealed next is hashed by the statement that decides on it.
DROP FUNCTION unsealed_places(integer);
-- What may be sealed next, in one statement: nobody who still writes can come before any of it.
CREATE FUNCTION unsealed_events(most integer)
RETURNS TABLE (leaves bytea, how_many bigint, last_epoch integer, last_xid xid8, last_seq bigint,
               tile_epochs integer[], tile_xids text[], tile_seqs bigint[])
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH at AS (SELECT s.size, s.epoch, s.sealed_epoch, s.xid, s.seq FROM audit_seal s),
  due AS MATERIALIZED (
    SELECT e.epoch, e.xid, e.seq, audit_leaf(e) AS leaf,
           (SELECT size FROM at) + row_number() OVER (ORDER BY e.epoch, e.xid, e.seq) - 1 AS place
    FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) > (SELECT sealed_epoch, xid, seq FROM at)
      -- of an epoch that is over, nobody writes any more
      AND (e.epoch < (SELECT epoch FROM at) OR e.xid < pg_snapshot_xmin(pg_current_snapshot()))
    ORDER BY e.epoch, e.xid, e.seq LIMIT most),
  ends AS (SELECT d.epoch, d.xid, d.seq FROM due d ORDER BY d.place DESC LIMIT 1)
  SELECT string_agg(d.leaf, ''::bytea ORDER BY d.place), count(*), (SELECT epoch FROM ends), (SELECT xid FROM ends),
         (SELECT seq FROM ends),
         array_agg(d.epoch ORDER BY d.place) FILTER (WHERE d.place % 256 = 0),
         array_agg(d.xid::text ORDER BY d.place) FILTER (WHERE d.place % 256 = 0),
         array_agg(d.seq ORDER BY d.place) FILTER (WHERE d.place % 256 = 0)
  FROM due d
$$;
REVOKE ALL ON FUNCTION unsealed_events(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unsealed_events(integer) TO xm_worker;
