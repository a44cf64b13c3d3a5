-- Whoever works here may dispute a resolution while there is time, staff may say how a market is to be read, and its time ends it.
ALTER TABLE market_disputes
  ADD CONSTRAINT dispute_has_a_known_market FOREIGN KEY (tenant_id, market_id)
    REFERENCES markets (tenant_id, market_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT dispute_has_a_known_resolution FOREIGN KEY (tenant_id, resolution_id)
    REFERENCES market_resolutions (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT dispute_is_settled_by_a_known_resolution FOREIGN KEY (tenant_id, settled_by)
    REFERENCES market_resolutions (tenant_id, id) ON DELETE RESTRICT,
  ADD CONSTRAINT dispute_is_raised_by_a_known_user FOREIGN KEY (raised_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT dispute_says_why CHECK (char_length(btrim(reason)) BETWEEN 10 AND 4000),
  ADD CONSTRAINT dispute_shows_evidence CHECK (
    cardinality(snapshot_ids) > 0 AND array_position(snapshot_ids, NULL) IS NULL AND NOT has_duplicates(snapshot_ids));
ALTER TABLE market_clarifications
  ADD CONSTRAINT clarification_has_a_known_market FOREIGN KEY (tenant_id, market_id)
    REFERENCES markets (tenant_id, market_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT clarification_is_written_by_a_known_user FOREIGN KEY (written_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT clarification_is_1_to_4000_long CHECK (char_length(btrim(text)) BETWEEN 1 AND 4000),
  ADD CONSTRAINT clarification_was_known_before CHECK (known_at <= created_at);

CREATE FUNCTION dispute_is_raised_in_time() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  market markets;
  raiser users;
BEGIN
  SELECT * INTO raiser FROM users u WHERE u.id = NEW.raised_by;
  IF NEW.raised_by IS DISTINCT FROM unit_setting('actor_id')::uuid OR raiser.status IS DISTINCT FROM 'active'
     OR raiser.kind NOT IN ('person', 'agent')
     OR raiser.tenant_id NOT IN (NEW.tenant_id, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('dispute_is_ones_own', 'Nobody disputes in the name of another.', 'Use your own key.');
  END IF;
  SELECT * INTO market FROM markets m WHERE m.tenant_id = NEW.tenant_id AND m.market_id = NEW.market_id FOR NO KEY UPDATE;
  IF market.status IS NULL OR market.status NOT IN ('resolved', 'disputed') THEN
    PERFORM refuse('dispute_is_about_a_resolution', 'Only a market that was resolved is disputed.', 'Look at the state it is in.');
  END IF;
  NEW.created_at := clock_timestamp();
  IF market.challenge_until <= NEW.created_at THEN
    PERFORM refuse('resolution_is_final', format('This market could be disputed until %s.', market.challenge_until),
                   'Nothing changes it any more.');
  END IF;
  NEW.resolution_id := (standing_resolution(market.market_id)).id;
  NEW.settled_by := NULL;
  IF (SELECT count(*) FROM snapshots s WHERE s.tenant_id = NEW.tenant_id AND s.snapshot_id = ANY (NEW.snapshot_ids))
     <> (SELECT count(DISTINCT shown) FROM unnest(NEW.snapshot_ids) shown) THEN
    PERFORM refuse('evidence_is_a_known_snapshot', 'A snapshot named as evidence does not exist here.', 'Ingest it first.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dispute_is_raised_in_time BEFORE INSERT ON market_disputes
  FOR EACH ROW EXECUTE FUNCTION dispute_is_raised_in_time();
CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON market_disputes
  FOR EACH ROW EXECUTE FUNCTION agents_are_not_paused();

CREATE FUNCTION dispute_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE markets SET status = 'disputed' WHERE market_id = NEW.market_id AND status = 'resolved';
  RETURN NULL;
END $$;
CREATE TRIGGER dispute_takes_effect AFTER INSERT ON market_disputes
  FOR EACH ROW EXECUTE FUNCTION dispute_takes_effect();

CREATE FUNCTION dispute_is_only_settled() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside market_disputes := NEW;
BEGIN
  beside.settled_by := OLD.settled_by;
  IF beside IS DISTINCT FROM OLD OR OLD.settled_by IS NOT NULL OR NOT EXISTS (
      SELECT FROM market_resolutions r WHERE r.tenant_id = OLD.tenant_id AND r.id = NEW.settled_by
        AND r.supersedes_id = OLD.resolution_id) THEN
    PERFORM refuse('dispute_never_changes', 'A dispute stays what it was, until the resolution that follows settles it.',
                   'Propose a resolution, or a void.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dispute_is_only_settled BEFORE UPDATE ON market_disputes
  FOR EACH ROW EXECUTE FUNCTION dispute_is_only_settled();

CREATE FUNCTION clarification_is_ones_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  writer users;
BEGIN
  SELECT * INTO writer FROM users u WHERE u.id = NEW.written_by;
  IF NEW.written_by IS DISTINCT FROM unit_setting('actor_id')::uuid OR writer.status IS DISTINCT FROM 'active' OR NOT writer.is_staff
     OR writer.tenant_id NOT IN (NEW.tenant_id, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('clarification_is_ones_own', 'Nobody clarifies in the name of another.', 'Log in as yourself.');
  END IF;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER clarification_is_ones_own BEFORE INSERT ON market_clarifications
  FOR EACH ROW EXECUTE FUNCTION clarification_is_ones_own();

-- The worker closes what is to close, in every tenant, as nobody in particular.
CREATE FUNCTION close_due_markets(at_most integer) RETURNS TABLE (closed_id uuid, of_tenant uuid, called text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  -- looked for once: joined as it stands, it would be asked again for each row, and close more
  WITH due AS MATERIALIZED (
    SELECT d.market_id FROM markets d WHERE d.status IN ('active', 'paused') AND d.closes_at <= clock_timestamp()
    ORDER BY d.closes_at LIMIT at_most FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE markets m SET status = 'closed' FROM due WHERE m.market_id = due.market_id
  RETURNING m.market_id, m.tenant_id, m.symbol
$$;

CREATE TRIGGER dispute_is_never_deleted BEFORE DELETE ON market_disputes
  FOR EACH ROW EXECUTE FUNCTION refuse_change('dispute_never_changes');
CREATE TRIGGER disputes_are_never_truncated BEFORE TRUNCATE ON market_disputes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('dispute_never_changes');
CREATE TRIGGER clarification_never_changes BEFORE UPDATE OR DELETE ON market_clarifications
  FOR EACH ROW EXECUTE FUNCTION refuse_change('clarification_never_changes');
CREATE TRIGGER clarifications_are_never_truncated BEFORE TRUNCATE ON market_clarifications
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('clarification_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_disputes
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_clarifications
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');

ALTER TABLE market_disputes ENABLE ALWAYS TRIGGER dispute_is_raised_in_time;
ALTER TABLE market_disputes ENABLE ALWAYS TRIGGER agents_are_not_paused;
ALTER TABLE market_disputes ENABLE ALWAYS TRIGGER dispute_takes_effect;
ALTER TABLE market_disputes ENABLE ALWAYS TRIGGER dispute_is_only_settled;
ALTER TABLE market_disputes ENABLE ALWAYS TRIGGER dispute_is_never_deleted;
ALTER TABLE market_disputes ENABLE ALWAYS TRIGGER disputes_are_never_truncated;
ALTER TABLE market_disputes ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE market_clarifications ENABLE ALWAYS TRIGGER clarification_is_ones_own;
ALTER TABLE market_clarifications ENABLE ALWAYS TRIGGER clarification_never_changes;
ALTER TABLE market_clarifications ENABLE ALWAYS TRIGGER clarifications_are_never_truncated;
ALTER TABLE market_clarifications ENABLE ALWAYS TRIGGER change_is_audited;
REVOKE ALL ON FUNCTION dispute_is_raised_in_time(), dispute_takes_effect(), clarification_is_ones_own(), close_due_markets(integer)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION close_due_markets(integer) TO xm_worker;

SELECT raise_tenant_wall('market_disputes');
SELECT raise_tenant_wall('market_clarifications');
GRANT SELECT ON market_disputes, market_clarifications TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (tenant_id, market_id, raised_by, reason, snapshot_ids) ON market_disputes TO xm_api, xm_staff, xm_platform;
GRANT INSERT (tenant_id, market_id, text, known_at, written_by) ON market_clarifications TO xm_staff, xm_platform;
