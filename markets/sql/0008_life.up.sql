-- A market changes only by people's approval of exactly that change, and ends as it may.
ALTER TABLE market_amendments
  ADD CONSTRAINT amendment_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, proposal_id, digest)
    REFERENCES approval_grants (audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT amendment_has_a_known_market FOREIGN KEY (tenant_id, market_id)
    REFERENCES markets (tenant_id, market_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT amendment_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id)
    REFERENCES market_proposals (tenant_id, id) MATCH FULL ON DELETE RESTRICT;
ALTER TABLE market_resolutions
  ADD CONSTRAINT resolution_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, proposal_id, digest)
    REFERENCES approval_grants (audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT resolution_has_a_known_market FOREIGN KEY (tenant_id, market_id)
    REFERENCES markets (tenant_id, market_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT resolution_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id)
    REFERENCES market_proposals (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT resolution_supersedes_a_known_one FOREIGN KEY (tenant_id, supersedes_id)
    REFERENCES market_resolutions (tenant_id, id) ON DELETE RESTRICT;
ALTER TABLE market_reopenings
  ADD CONSTRAINT reopening_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, proposal_id, digest)
    REFERENCES approval_grants (audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT reopening_has_a_known_market FOREIGN KEY (tenant_id, market_id)
    REFERENCES markets (tenant_id, market_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT reopening_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id)
    REFERENCES market_proposals (tenant_id, id) MATCH FULL ON DELETE RESTRICT;

CREATE FUNCTION grant_to_use(used uuid, granted_action text, over_subject uuid, over_digest bytea, promise text) RETURNS approval_grants
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  approval approval_grants;
BEGIN
  SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = used AND g.action = granted_action;
  IF NOT FOUND OR approval.subject_id IS DISTINCT FROM over_subject OR approval.digest IS DISTINCT FROM over_digest THEN
    PERFORM refuse(promise, 'A market changes only by people''s approval of exactly that change.',
                   'Propose it and have it approved in the admin.');
  END IF;
  IF approval.expires_at <= clock_timestamp() THEN
    PERFORM refuse('approval_has_expired', format('This approval was to be used before %s.', approval.expires_at),
                   'Have it approved again.');
  END IF;
  RETURN approval;
END $$;

-- The wording that was approved, and the market it changes, held until the change is there.
CREATE FUNCTION revision_granted(approval approval_grants) RETURNS market_revisions
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  revision market_revisions;
BEGIN
  SELECT * INTO STRICT revision FROM market_revisions r
  WHERE r.proposal_id = approval.subject_id AND r.digest = approval.digest ORDER BY r.revision_no DESC LIMIT 1;
  RETURN revision;
END $$;

CREATE FUNCTION market_to_change(proposal_id uuid, revision market_revisions) RETURNS markets
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  proposal market_proposals;
  market markets;
BEGIN
  -- the lock order of every verb: request, subject, market; the vote holds the first two
  SELECT * INTO STRICT proposal FROM market_proposals p WHERE p.id = proposal_id;
  SELECT * INTO STRICT market FROM markets m WHERE m.market_id = proposal.market_id FOR NO KEY UPDATE;
  PERFORM change_fits_its_market(proposal.kind, market, convert_from(revision.canonical, 'UTF8')::jsonb, revision.created_at);
  RETURN market;
END $$;

CREATE FUNCTION amendment_is_what_was_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  approval approval_grants := grant_to_use(NEW.human_approval_audit_id, 'market:amend', NEW.proposal_id, NEW.digest,
                                           'amendment_needs_human_approval');
  market markets;
BEGIN
  IF EXISTS (SELECT FROM market_amendments a WHERE a.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('amendment_approval_is_used_once', 'One approval makes one amendment.', 'The market is amended already.');
  END IF;
  market := market_to_change(approval.subject_id, revision_granted(approval));
  NEW.tenant_id := approval.tenant_id;
  NEW.market_id := market.market_id;
  NEW.number := market.version;
  NEW.previous_digest := market.content_digest;
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER amendment_is_what_was_approved BEFORE INSERT ON market_amendments
  FOR EACH ROW EXECUTE FUNCTION amendment_is_what_was_approved();

-- How long a resolution can be disputed, and which one counts.
CREATE FUNCTION challenge_window(risk text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE risk WHEN 'high' THEN interval '72 hours' ELSE interval '24 hours' END
$$;

CREATE FUNCTION standing_resolution(resolved uuid) RETURNS market_resolutions
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r FROM market_resolutions r JOIN markets m ON m.tenant_id = r.tenant_id AND m.market_id = r.market_id
  WHERE m.market_id = resolved ORDER BY r.number DESC LIMIT 1
$$;

CREATE FUNCTION resolution_is_what_was_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  wanted text := (SELECT g.action FROM approval_grants g WHERE g.audit_id = NEW.human_approval_audit_id AND g.action = 'market:void');
  approval approval_grants := grant_to_use(NEW.human_approval_audit_id, COALESCE(wanted, 'market:resolve'), NEW.proposal_id,
                                           NEW.digest, 'resolution_needs_human_approval');
  revision market_revisions;
  market markets;
  before market_resolutions;
  content jsonb;
BEGIN
  IF EXISTS (SELECT FROM market_resolutions r WHERE r.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('resolution_approval_is_used_once', 'One approval makes one resolution.', 'The market is resolved already.');
  END IF;
  revision := revision_granted(approval);
  market := market_to_change(approval.subject_id, revision);
  before := standing_resolution(market.market_id);
  content := convert_from(revision.canonical, 'UTF8')::jsonb;
  NEW.tenant_id := approval.tenant_id;
  NEW.market_id := market.market_id;
  NEW.number := COALESCE(before.number, 0) + 1;
  NEW.supersedes_id := before.id;
  NEW.recorded_at := clock_timestamp();
  NEW.outcome := CASE WHEN wanted IS NULL THEN content ->> 'outcome' ELSE 'void' END;
  NEW.known_at := CASE WHEN wanted IS NULL THEN (content ->> 'known_at')::timestamptz END;
  NEW.challenge_until := CASE WHEN wanted IS NULL THEN NEW.recorded_at + challenge_window(revision.risk) END;
  RETURN NEW;
END $$;
CREATE TRIGGER resolution_is_what_was_approved BEFORE INSERT ON market_resolutions
  FOR EACH ROW EXECUTE FUNCTION resolution_is_what_was_approved();

CREATE FUNCTION reopening_is_what_was_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  approval approval_grants := grant_to_use(NEW.human_approval_audit_id, 'market:reopen', NEW.proposal_id, NEW.digest,
                                           'reopening_needs_human_approval');
  revision market_revisions;
  market markets;
BEGIN
  IF EXISTS (SELECT FROM market_reopenings r WHERE r.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('reopening_approval_is_used_once', 'One approval opens a market once.', 'The market was opened again already.');
  END IF;
  revision := revision_granted(approval);
  market := market_to_change(approval.subject_id, revision);
  NEW.tenant_id := approval.tenant_id;
  NEW.market_id := market.market_id;
  NEW.number := market.reopened + 1;
  NEW.closes_at := (convert_from(revision.canonical, 'UTF8')::jsonb ->> 'closes_at')::timestamptz;
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER reopening_is_what_was_approved BEFORE INSERT ON market_reopenings
  FOR EACH ROW EXECUTE FUNCTION reopening_is_what_was_approved();

-- Each of them moves its market, and says no more than that it is there: the market's guard reads the rest from it.
CREATE FUNCTION amendment_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE markets SET version = NEW.number + 1 WHERE market_id = NEW.market_id;
  RETURN NULL;
END $$;
CREATE TRIGGER amendment_takes_effect AFTER INSERT ON market_amendments
  FOR EACH ROW EXECUTE FUNCTION amendment_takes_effect();

CREATE FUNCTION resolution_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE market_disputes SET settled_by = NEW.id
  WHERE tenant_id = NEW.tenant_id AND market_id = NEW.market_id AND settled_by IS NULL;
  UPDATE markets SET status = CASE NEW.outcome WHEN 'void' THEN 'voided' ELSE 'resolved' END WHERE market_id = NEW.market_id;
  RETURN NULL;
END $$;
CREATE TRIGGER resolution_takes_effect AFTER INSERT ON market_resolutions
  FOR EACH ROW EXECUTE FUNCTION resolution_takes_effect();

CREATE FUNCTION reopening_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE markets SET reopened = NEW.number, status = 'active' WHERE market_id = NEW.market_id;
  RETURN NULL;
END $$;
CREATE TRIGGER reopening_takes_effect AFTER INSERT ON market_reopenings
  FOR EACH ROW EXECUTE FUNCTION reopening_takes_effect();

CREATE TRIGGER amendment_never_changes BEFORE UPDATE OR DELETE ON market_amendments
  FOR EACH ROW EXECUTE FUNCTION refuse_change('change_never_changes');
CREATE TRIGGER amendments_are_never_truncated BEFORE TRUNCATE ON market_amendments
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('change_never_changes');
CREATE TRIGGER resolution_never_changes BEFORE UPDATE OR DELETE ON market_resolutions
  FOR EACH ROW EXECUTE FUNCTION refuse_change('change_never_changes');
CREATE TRIGGER resolutions_are_never_truncated BEFORE TRUNCATE ON market_resolutions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('change_never_changes');
CREATE TRIGGER reopening_never_changes BEFORE UPDATE OR DELETE ON market_reopenings
  FOR EACH ROW EXECUTE FUNCTION refuse_change('change_never_changes');
CREATE TRIGGER reopenings_are_never_truncated BEFORE TRUNCATE ON market_reopenings
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('change_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_amendments
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_resolutions
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_reopenings
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');

-- Guards hold in replica role too.
ALTER TABLE market_amendments ENABLE ALWAYS TRIGGER amendment_is_what_was_approved;
ALTER TABLE market_amendments ENABLE ALWAYS TRIGGER amendment_takes_effect;
ALTER TABLE market_amendments ENABLE ALWAYS TRIGGER amendment_never_changes;
ALTER TABLE market_amendments ENABLE ALWAYS TRIGGER amendments_are_never_truncated;
ALTER TABLE market_amendments ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE market_resolutions ENABLE ALWAYS TRIGGER resolution_is_what_was_approved;
ALTER TABLE market_resolutions ENABLE ALWAYS TRIGGER resolution_takes_effect;
ALTER TABLE market_resolutions ENABLE ALWAYS TRIGGER resolution_never_changes;
ALTER TABLE market_resolutions ENABLE ALWAYS TRIGGER resolutions_are_never_truncated;
ALTER TABLE market_resolutions ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE market_reopenings ENABLE ALWAYS TRIGGER reopening_is_what_was_approved;
ALTER TABLE market_reopenings ENABLE ALWAYS TRIGGER reopening_takes_effect;
ALTER TABLE market_reopenings ENABLE ALWAYS TRIGGER reopening_never_changes;
ALTER TABLE market_reopenings ENABLE ALWAYS TRIGGER reopenings_are_never_truncated;
ALTER TABLE market_reopenings ENABLE ALWAYS TRIGGER change_is_audited;

-- Guards act as the owner, so nobody may hang one on a table of their own.
REVOKE ALL ON FUNCTION grant_to_use(uuid, text, uuid, bytea, text), revision_granted(approval_grants),
  market_to_change(uuid, market_revisions), standing_resolution(uuid), amendment_is_what_was_approved(),
  resolution_is_what_was_approved(), reopening_is_what_was_approved(), amendment_takes_effect(), resolution_takes_effect(),
  reopening_takes_effect() FROM PUBLIC;

SELECT raise_tenant_wall('market_amendments');
SELECT raise_tenant_wall('market_resolutions');
SELECT raise_tenant_wall('market_reopenings');
GRANT SELECT ON market_amendments, market_resolutions, market_reopenings
  TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (human_approval_audit_id, proposal_id, digest) ON market_amendments TO xm_staff, xm_platform;
GRANT INSERT (human_approval_audit_id, proposal_id, digest) ON market_resolutions TO xm_staff, xm_platform;
GRANT INSERT (human_approval_audit_id, proposal_id, digest) ON market_reopenings TO xm_staff, xm_platform;
