-- The log is sealed in one order, tiles only grow, and a checkpoint stays what it was.
ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL,
  ADD CONSTRAINT tile_is_of_whole_hashes CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0);
ALTER TABLE audit_checkpoint
  ADD CONSTRAINT checkpoint_root_is_a_sha256 CHECK (octet_length(root) = 32);

-- The bytes of one fact, the same for ever: every column, but of what may hold somebody's data a sha256.
-- record_send depends on client_encoding: whoever reads it works in UTF8, and the sealer refuses anything else.
CREATE FUNCTION audit_record(e audit_event) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.record_send(ROW(
    1, e.epoch, e.xid, e.seq, e.audit_id, e.tenant_id, e.actor_id, e.actor_type, e.action, e.entity_type, e.entity_id,
    pg_catalog.sha256(pg_catalog.convert_to(e.old_value::text, 'UTF8')),
    pg_catalog.sha256(pg_catalog.convert_to(e.new_value::text, 'UTF8')),
    e.payload_hash, e.signature, e.job_id, e.correlation_id,
    pg_catalog.sha256(pg_catalog.convert_to(e.ip_address::text, 'UTF8')),
    pg_catalog.sha256(pg_catalog.convert_to(e.user_agent, 'UTF8')),
    e.metadata, e.created_at))
$$;
CREATE FUNCTION audit_leaf(e audit_event) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.sha256('\x00'::bytea OPERATOR(pg_catalog.||) public.audit_record(e))
$$;

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

-- Where in the log a fact of one's own tenant is sealed, and its bytes; no row where it is not there, no place where it
-- is not sealed yet. The count goes over all tenants, and tells nothing but where one's own fact is.
CREATE FUNCTION sealed_place(of_event uuid) RETURNS TABLE (record bytea, place bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  fact audit_event;
  tile record;
BEGIN
  SELECT * INTO fact FROM audit_event e
  WHERE e.audit_id = of_event AND e.tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  record := audit_record(fact);
  IF (fact.epoch, fact.xid, fact.seq) <= (SELECT s.sealed_epoch, s.xid, s.seq FROM audit_seal s) THEN
    SELECT t.position, t.epoch, t.xid, t.seq INTO tile FROM audit_tile t
    WHERE t.level = 0 AND (t.epoch, t.xid, t.seq) <= (fact.epoch, fact.xid, fact.seq)
    ORDER BY t.epoch DESC, t.xid DESC, t.seq DESC LIMIT 1;
    SELECT tile.position * 256 + count(*) INTO place FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) >= (tile.epoch, tile.xid, tile.seq) AND (e.epoch, e.xid, e.seq) < (fact.epoch, fact.xid, fact.seq);
  END IF;
  RETURN NEXT;
END $$;

-- A tile keeps every hash that it has, and its place; it is full at 256 hashes.
CREATE FUNCTION tile_only_grows() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.level, NEW.position, NEW.epoch, NEW.xid, NEW.seq)
       IS DISTINCT FROM (OLD.id, OLD.level, OLD.position, OLD.epoch, OLD.xid, OLD.seq)
     OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) <> OLD.hashes THEN
    RAISE EXCEPTION 'A tile of the log only grows.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_only_grows', TABLE = 'audit_tile',
            HINT = 'What was sealed stays as it was sealed.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tile_only_grows BEFORE UPDATE ON audit_tile FOR EACH ROW EXECUTE FUNCTION tile_only_grows();
CREATE TRIGGER tile_stays BEFORE DELETE ON audit_tile
  FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER tiles_are_never_truncated BEFORE TRUNCATE ON audit_tile
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER checkpoint_stays BEFORE UPDATE OR DELETE ON audit_checkpoint
  FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER checkpoints_are_never_truncated BEFORE TRUNCATE ON audit_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event_only_grows');

-- The seal only moves on.
CREATE FUNCTION seal_only_moves_on() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.epoch < OLD.epoch OR NEW.size < OLD.size
     OR (NEW.sealed_epoch, NEW.xid, NEW.seq) < (OLD.sealed_epoch, OLD.xid, OLD.seq) THEN
    RAISE EXCEPTION 'The seal of the log only moves on.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_only_grows', TABLE = 'audit_seal',
            HINT = 'What was sealed stays as it was sealed.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER seal_only_moves_on BEFORE UPDATE ON audit_seal FOR EACH ROW EXECUTE FUNCTION seal_only_moves_on();
CREATE TRIGGER seal_stays BEFORE DELETE ON audit_seal
  FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER the_seal_is_never_truncated BEFORE TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event_only_grows');
ALTER TABLE audit_tile ENABLE ALWAYS TRIGGER tile_only_grows, ENABLE ALWAYS TRIGGER tile_stays,
  ENABLE ALWAYS TRIGGER tiles_are_never_truncated;
ALTER TABLE audit_checkpoint ENABLE ALWAYS TRIGGER checkpoint_stays, ENABLE ALWAYS TRIGGER checkpoints_are_never_truncated;
ALTER TABLE audit_seal ENABLE ALWAYS TRIGGER seal_only_moves_on, ENABLE ALWAYS TRIGGER seal_stays,
  ENABLE ALWAYS TRIGGER the_seal_is_never_truncated;

REVOKE ALL ON FUNCTION audit_record(audit_event), audit_leaf(audit_event), unsealed_events(integer), sealed_place(uuid), tile_only_grows(),
  seal_only_moves_on() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_record(audit_event), audit_leaf(audit_event)
  TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
GRANT EXECUTE ON FUNCTION unsealed_events(integer) TO xm_worker;
GRANT EXECUTE ON FUNCTION sealed_place(uuid) TO xm_api, xm_staff, xm_platform, xm_auditor;
GRANT SELECT ON audit_tile, audit_checkpoint, audit_seal TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
GRANT INSERT (level, position, hashes, epoch, xid, seq), UPDATE (hashes) ON audit_tile TO xm_worker;
GRANT INSERT (size, root, epoch, note) ON audit_checkpoint TO xm_worker;
GRANT UPDATE (size, sealed_epoch, xid, seq, truth_sequence) ON audit_seal TO xm_worker;
