-- Whoever looks at a request may say so, which binds nobody, and whoever takes part may comment on it, for ever.
ALTER TABLE approval_claims
  ADD CONSTRAINT claim_has_a_known_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES approval_requests (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT claim_is_by_a_known_person FOREIGN KEY (person_id) REFERENCES users (id) ON DELETE RESTRICT;
ALTER TABLE approval_comments
  ADD CONSTRAINT comment_has_a_known_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES approval_requests (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT comment_is_by_a_known_user FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT comment_says_something CHECK (btrim(body) <> '' AND length(body) <= 4000);

-- A claim of one's own is made anew, and one that is older than half an hour is taken over.
CREATE FUNCTION claim_is_ones_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  request approval_requests;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('decision_has_a_known_request', 'There is no such request.', 'Open the queue again.');
  END IF;
  PERFORM role_of_acting_staff(NEW.person_id, request.tenant_id);
  IF request.status <> 'open' THEN
    PERFORM refuse('request_is_closed', format('This request is %s already.', request.status), 'Look at the newer request.');
  END IF;
  NEW.tenant_id := request.tenant_id;
  NEW.claimed_at := clock_timestamp();
  NEW.released_at := NULL;
  UPDATE approval_claims SET released_at = NEW.claimed_at
  WHERE request_id = NEW.request_id AND released_at IS NULL
    AND (person_id = NEW.person_id OR claimed_at <= NEW.claimed_at - interval '30 minutes');
  IF EXISTS (SELECT FROM approval_claims c WHERE c.request_id = NEW.request_id AND c.released_at IS NULL) THEN
    PERFORM refuse('request_is_claimed', 'Somebody else looked at this request within the last half hour.',
                   'Ask them, or wait; you may decide all the same.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claim_is_ones_own BEFORE INSERT ON approval_claims
  FOR EACH ROW EXECUTE FUNCTION claim_is_ones_own();

CREATE FUNCTION claim_is_only_released() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside approval_claims := NEW;
BEGIN
  beside.released_at := OLD.released_at;
  IF beside IS DISTINCT FROM OLD OR OLD.released_at IS NOT NULL OR NEW.released_at IS NULL THEN
    PERFORM refuse('claim_never_changes', 'A claim stays as it was made; it is only released.', 'Release it and claim again.');
  END IF;
  IF OLD.person_id IS DISTINCT FROM unit_setting('actor_id')::uuid
     AND current_user <> pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    PERFORM refuse('claim_is_ones_own', 'A claim is released by the person whose it is.', 'Claim it yourself.');
  END IF;
  NEW.released_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER claim_is_only_released BEFORE UPDATE ON approval_claims
  FOR EACH ROW EXECUTE FUNCTION claim_is_only_released();

CREATE FUNCTION comment_is_by_whoever_takes_part() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  request approval_requests;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id;
  IF NOT FOUND THEN
    PERFORM refuse('decision_has_a_known_request', 'There is no such request.', 'Open the queue again.');
  END IF;
  IF NEW.author_id IS DISTINCT FROM unit_setting('actor_id')::uuid
     OR NOT EXISTS (SELECT FROM users u WHERE u.id = NEW.author_id AND u.status = 'active'
                    AND u.tenant_id IN (request.tenant_id, '00000000-0000-0000-0000-000000000000')
                    AND (u.kind = 'person' AND u.is_staff OR u.id IN (request.proposed_by, request.operated_by))) THEN
    PERFORM refuse('comment_is_by_whoever_takes_part', 'People of staff comment on a request, its proposer, and who operates that one.',
                   'Ask a member of staff.');
  END IF;
  NEW.tenant_id := request.tenant_id;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER comment_is_by_whoever_takes_part BEFORE INSERT ON approval_comments
  FOR EACH ROW EXECUTE FUNCTION comment_is_by_whoever_takes_part();

CREATE TRIGGER claim_is_never_deleted BEFORE DELETE ON approval_claims
  FOR EACH ROW EXECUTE FUNCTION refuse_change('claim_never_changes');
CREATE TRIGGER claims_are_never_truncated BEFORE TRUNCATE ON approval_claims
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('claim_never_changes');
CREATE TRIGGER comment_never_changes BEFORE UPDATE OR DELETE ON approval_comments
  FOR EACH ROW EXECUTE FUNCTION refuse_change('comment_never_changes');
CREATE TRIGGER comments_are_never_truncated BEFORE TRUNCATE ON approval_comments
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('comment_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_claims
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_comments
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'body', '');
ALTER TABLE approval_claims ENABLE ALWAYS TRIGGER claim_is_ones_own;
ALTER TABLE approval_claims ENABLE ALWAYS TRIGGER claim_is_only_released;
ALTER TABLE approval_claims ENABLE ALWAYS TRIGGER claim_is_never_deleted;
ALTER TABLE approval_claims ENABLE ALWAYS TRIGGER claims_are_never_truncated;
ALTER TABLE approval_claims ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE approval_comments ENABLE ALWAYS TRIGGER comment_is_by_whoever_takes_part;
ALTER TABLE approval_comments ENABLE ALWAYS TRIGGER comment_never_changes;
ALTER TABLE approval_comments ENABLE ALWAYS TRIGGER comments_are_never_truncated;
ALTER TABLE approval_comments ENABLE ALWAYS TRIGGER change_is_audited;

SELECT raise_tenant_wall('approval_claims');
SELECT raise_tenant_wall('approval_comments');
REVOKE ALL ON FUNCTION claim_is_ones_own(), comment_is_by_whoever_takes_part() FROM PUBLIC;
GRANT SELECT ON approval_claims, approval_comments TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (request_id, person_id), UPDATE (released_at) ON approval_claims TO xm_staff, xm_platform;
GRANT INSERT (request_id, author_id, body) ON approval_comments TO xm_api, xm_staff, xm_platform;
