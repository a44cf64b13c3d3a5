-- A super-admin may break the glass in an emergency; somebody else reviews it, and until then it is not done again.
ALTER TABLE approval_overrides
  ADD CONSTRAINT override_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT override_has_a_known_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES approval_requests (tenant_id, id) ON DELETE RESTRICT,
  ADD CONSTRAINT override_is_by_a_known_person FOREIGN KEY (person_id) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT review_is_by_a_known_person FOREIGN KEY (reviewed_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT review_has_a_known_proof FOREIGN KEY (reauthentication_id)
    REFERENCES reauthentications (id) ON DELETE RESTRICT,
  ADD CONSTRAINT review_says_why CHECK (length(btrim(review_reason)) >= 10);

CREATE OR REPLACE FUNCTION spend_proof(proof uuid, person uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  typed reauthentications;
BEGIN
  SELECT * INTO typed FROM reauthentications a WHERE a.id = proof FOR UPDATE;
  IF NOT FOUND OR typed.person_id <> person
     OR clock_timestamp() NOT BETWEEN typed.created_at AND typed.created_at + interval '5 minutes' THEN
    PERFORM refuse('reauthentication_is_fresh', 'A decision needs the password, typed by this person within five minutes.',
                   'Type your password again.');
  END IF;
  IF EXISTS (SELECT FROM approval_decisions d WHERE d.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_revocations r WHERE r.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_delegations g WHERE g.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_overrides o WHERE o.reauthentication_id = proof) THEN
    PERFORM refuse('reauthentication_is_used_once', 'One typing of the password serves one decision.', 'Type your password again.');
  END IF;
END $$;

-- The slot that a broken glass fills in the name of all that are missing.
CREATE FUNCTION slot_broken_open(request approval_requests, decision approval_decisions) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF decision.role_held <> 'super-admin' OR decision.delegation_id IS NOT NULL THEN
    PERFORM refuse('break_glass_is_for_super_admins', 'Only a super-admin breaks the glass, in a role of their own.',
                   'Ask a super-admin, or wait for the people whom the policy asks for.');
  END IF;
  IF EXISTS (SELECT FROM approval_overrides o
             WHERE o.person_id = decision.reviewer_id AND o.kind = 'break_glass' AND o.reviewed_at IS NULL) THEN
    PERFORM refuse('override_waits_for_review', 'What you overrode last time has not been reviewed yet.',
                   'Ask another admin to review it.');
  END IF;
  IF request.risk = 'high' AND NOT EXISTS (
      SELECT FROM approval_decisions d WHERE d.request_id = request.id AND d.verdict = 'approve') THEN
    PERFORM refuse('break_glass_needs_another_person', 'At high risk the glass is broken only beside the approval of another person.',
                   'Ask an admin to approve it first.');
  END IF;
  RETURN slot_filled_by(request, decision.role_held);
END $$;

CREATE OR REPLACE FUNCTION decision_is_a_persons_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  request approval_requests;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('decision_has_a_known_request', 'There is no such request.', 'Open the queue again.');
  END IF;
  NEW.decided_at := clock_timestamp();
  NEW.tenant_id := request.tenant_id;
  IF request.status <> 'open' THEN
    PERFORM refuse('request_is_closed', format('This request is %s already.', request.status), 'Look at the newer request.');
  END IF;
  IF request.expires_at <= NEW.decided_at THEN
    PERFORM refuse('request_has_expired', format('This request expired at %s.', request.expires_at),
                   'Ask the proposer to put it again.');
  END IF;
  IF NEW.digest <> request.digest THEN
    PERFORM refuse('digest_is_not_the_one_under_review', 'What you saw is not what is under review now.',
                   'Read the page again and decide on what it shows.');
  END IF;
  NEW.role_held := decides_in_role(request, NEW);
  IF request.needs_reauthentication OR NEW.verdict = 'break_glass' OR NEW.reauthentication_id IS NOT NULL THEN
    PERFORM spend_proof(NEW.reauthentication_id, NEW.reviewer_id);
  END IF;
  NEW.slot := CASE NEW.verdict WHEN 'approve' THEN slot_filled_by(request, NEW.role_held)
                               WHEN 'break_glass' THEN slot_broken_open(request, NEW) END;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION decision_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.verdict IN ('reject', 'request_changes') THEN
    UPDATE approval_requests SET status = CASE NEW.verdict WHEN 'reject' THEN 'rejected' ELSE 'changes_requested' END
    WHERE id = NEW.request_id;
  ELSIF NEW.verdict = 'break_glass' THEN
    INSERT INTO approval_overrides (tenant_id, kind, about_id, request_id, person_id, reason, opened_at, review_due_at)
    VALUES (NEW.tenant_id, 'break_glass', NEW.request_id, NEW.request_id, NEW.reviewer_id, NEW.reason, NEW.decided_at,
            NEW.decided_at + interval '24 hours');
    INSERT INTO approval_grants (request_id) VALUES (NEW.request_id);
    UPDATE approval_requests SET status = 'granted' WHERE id = NEW.request_id;
  ELSIF NEW.slot IS NOT NULL AND (
      SELECT count(*) FROM approval_decisions d WHERE d.request_id = NEW.request_id AND d.slot IS NOT NULL
    ) = (SELECT r.quorum FROM approval_requests r WHERE r.id = NEW.request_id) THEN
    INSERT INTO approval_grants (request_id) VALUES (NEW.request_id);
    UPDATE approval_requests SET status = 'granted' WHERE id = NEW.request_id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION approval_needs_its_quorum() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  request approval_requests;
  actor uuid := unit_setting('actor_id')::uuid;
  deciders jsonb;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id FOR UPDATE;
  SELECT jsonb_agg(jsonb_build_object('reviewer_id', d.reviewer_id, 'role', d.role_held, 'slot', d.slot, 'verdict', d.verdict,
                                      'delegation_id', d.delegation_id, 'reason', d.reason,
                                      'decided_at', d.decided_at) ORDER BY d.decided_at) INTO deciders
  FROM approval_decisions d WHERE d.request_id = request.id AND d.digest = request.digest AND d.slot IS NOT NULL;
  IF request.id IS NULL OR request.status <> 'open' OR request.expires_at <= clock_timestamp()
     OR (COALESCE(jsonb_array_length(deciders), 0) < request.quorum
         AND NOT jsonb_path_exists(COALESCE(deciders, '[]'), '$[*] ? (@.verdict == "break_glass")')) THEN
    PERFORM refuse('approval_needs_its_quorum', 'The people this policy asks for have not approved this content.',
                   'Decide on the request in the admin.');
  END IF;
  NEW.tenant_id := request.tenant_id;
  NEW.action := request.action;
  NEW.subject_id := request.subject_id;
  NEW.digest := request.digest;
  NEW.granted_at := clock_timestamp();
  NEW.expires_at := NEW.granted_at + request.grant_lifetime;
  INSERT INTO audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, new_value, payload_hash,
                           correlation_id, ip_address, user_agent, metadata)
  VALUES (request.tenant_id, actor,
          COALESCE((SELECT CASE u.kind WHEN 'person' THEN 'human' WHEN 'agent' THEN 'agent' END
                    FROM users u WHERE u.id = actor), 'system'), 'approval:grant', 'approval_grants', request.id::text,
          jsonb_build_object('action', request.action, 'subject_id', request.subject_id,
                             'digest', encode(request.digest, 'hex'), 'quorum', request.quorum, 'decisions', deciders),
          encode(request.digest, 'hex'), unit_setting('correlation_id')::uuid, unit_setting('ip')::inet,
          unit_setting('user_agent'), jsonb_strip_nulls(jsonb_build_object('operation', 'insert', 'reason', unit_setting('reason'))))
  RETURNING audit_id INTO NEW.audit_id;
  RETURN NEW;
END $$;

-- Turning a switch is an override as well: it happens at once, and somebody looks at it afterwards.
CREATE FUNCTION switch_is_reviewed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  turned_by uuid := (SELECT u.id FROM users u WHERE u.id = unit_setting('actor_id')::uuid AND u.kind = 'person');
BEGIN
  IF turned_by IS NOT NULL THEN
    INSERT INTO approval_overrides (tenant_id, kind, about_id, person_id, reason, review_due_at)
    VALUES (COALESCE(NEW.for_tenant_id, '00000000-0000-0000-0000-000000000000'), 'switch', NEW.id, turned_by,
            format('%s %s: %s', NEW.name, NEW.value, COALESCE(unit_setting('reason'), 'no reason was given')),
            clock_timestamp() + interval '24 hours');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER switch_is_reviewed AFTER INSERT OR UPDATE OF value ON switches
  FOR EACH ROW EXECUTE FUNCTION switch_is_reviewed();
ALTER TABLE switches ENABLE ALWAYS TRIGGER switch_is_reviewed;

-- A review is one other admin's own word; to reverse a broken glass is to revoke what it granted.
CREATE FUNCTION override_is_reviewed_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside approval_overrides := NEW;
  opened uuid;
BEGIN
  beside.outcome := OLD.outcome;
  beside.reviewed_by := OLD.reviewed_by;
  beside.review_reason := OLD.review_reason;
  beside.reauthentication_id := OLD.reauthentication_id;
  IF OLD.overdue_at IS NULL AND NEW.overdue_at IS NOT NULL AND NEW.outcome IS NULL AND OLD.reviewed_at IS NULL
     AND OLD.review_due_at <= clock_timestamp() THEN
    beside.overdue_at := NULL;
    NEW.overdue_at := clock_timestamp();
  END IF;
  IF beside IS DISTINCT FROM OLD OR OLD.reviewed_at IS NOT NULL OR (NEW.outcome IS NULL AND NEW.overdue_at IS NULL) THEN
    PERFORM refuse('override_is_reviewed_once', 'An override stays as it was made, and is reviewed once.',
                   'Read what the review came to.');
  END IF;
  IF NEW.outcome IS NULL THEN
    RETURN NEW;
  END IF;

  IF COALESCE(role_rank(role_of_acting_staff(NEW.reviewed_by, OLD.tenant_id)), 0) < role_rank('admin') THEN
    PERFORM refuse('reviewer_lacks_the_role', 'An override is reviewed by an admin.', 'Ask somebody who holds that role.');
  END IF;
  IF NEW.reviewed_by = OLD.person_id
     OR EXISTS (SELECT FROM approval_decisions d WHERE d.request_id = OLD.request_id AND d.reviewer_id = NEW.reviewed_by)
     OR EXISTS (SELECT FROM approval_requests r
                WHERE r.id = OLD.request_id AND NEW.reviewed_by IN (r.proposed_by, r.operated_by)) THEN
    PERFORM refuse('override_is_reviewed_by_another',
                   'An override is reviewed by an admin who neither made it, nor decided on it, nor proposed it.', 'Ask another admin.');
  END IF;
  NEW.reviewed_at := clock_timestamp();
  opened := (SELECT g.audit_id FROM approval_grants g WHERE g.request_id = OLD.request_id
             AND NOT EXISTS (SELECT FROM approval_revocations v WHERE v.audit_id = g.audit_id));
  IF NEW.outcome = 'reversed' AND opened IS NOT NULL THEN
    INSERT INTO approval_revocations (audit_id, revoked_by, reason, reauthentication_id)
    VALUES (opened, NEW.reviewed_by, NEW.review_reason, NEW.reauthentication_id);
  ELSE
    PERFORM spend_proof(NEW.reauthentication_id, NEW.reviewed_by);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER override_is_reviewed_once BEFORE UPDATE ON approval_overrides
  FOR EACH ROW EXECUTE FUNCTION override_is_reviewed_once();

CREATE TRIGGER override_is_never_deleted BEFORE DELETE ON approval_overrides
  FOR EACH ROW EXECUTE FUNCTION refuse_change('override_is_reviewed_once');
CREATE TRIGGER overrides_are_never_truncated BEFORE TRUNCATE ON approval_overrides
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('override_is_reviewed_once');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_overrides
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
ALTER TABLE approval_overrides ENABLE ALWAYS TRIGGER override_is_reviewed_once;
ALTER TABLE approval_overrides ENABLE ALWAYS TRIGGER override_is_never_deleted;
ALTER TABLE approval_overrides ENABLE ALWAYS TRIGGER overrides_are_never_truncated;
ALTER TABLE approval_overrides ENABLE ALWAYS TRIGGER change_is_audited;

SELECT raise_tenant_wall('approval_overrides');
REVOKE ALL ON FUNCTION switch_is_reviewed(), override_is_reviewed_once(),
  slot_broken_open(approval_requests, approval_decisions) FROM PUBLIC;
GRANT SELECT ON approval_overrides TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT UPDATE (outcome, reviewed_by, review_reason, reauthentication_id) ON approval_overrides TO xm_staff, xm_platform;
