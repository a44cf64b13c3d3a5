-- Nobody goes past what is usual.
REVOKE ALL ON approval_overrides FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('approval_overrides');
DROP TRIGGER change_is_audited ON approval_overrides;
DROP TRIGGER overrides_are_never_truncated ON approval_overrides;
DROP TRIGGER override_is_never_deleted ON approval_overrides;
DROP TRIGGER override_is_reviewed_once ON approval_overrides;
DROP FUNCTION override_is_reviewed_once();
DROP TRIGGER switch_is_reviewed ON switches;
DROP FUNCTION switch_is_reviewed();

CREATE OR REPLACE FUNCTION approval_needs_its_quorum() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  request approval_requests;
  actor uuid := unit_setting('actor_id')::uuid;
  deciders jsonb;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id FOR UPDATE;
  SELECT jsonb_agg(jsonb_build_object('reviewer_id', d.reviewer_id, 'role', d.role_held, 'slot', d.slot, 'reason', d.reason,
                                      'decided_at', d.decided_at) ORDER BY d.decided_at) INTO deciders
  FROM approval_decisions d WHERE d.request_id = request.id AND d.digest = request.digest AND d.slot IS NOT NULL;
  IF request.id IS NULL OR request.status <> 'open' OR request.expires_at <= clock_timestamp()
     OR COALESCE(jsonb_array_length(deciders), 0) < request.quorum THEN
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

CREATE OR REPLACE FUNCTION decision_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.verdict IN ('reject', 'request_changes') THEN
    UPDATE approval_requests SET status = CASE NEW.verdict WHEN 'reject' THEN 'rejected' ELSE 'changes_requested' END
    WHERE id = NEW.request_id;
  ELSIF NEW.slot IS NOT NULL AND (
      SELECT count(*) FROM approval_decisions d WHERE d.request_id = NEW.request_id AND d.slot IS NOT NULL
    ) = (SELECT r.quorum FROM approval_requests r WHERE r.id = NEW.request_id) THEN
    INSERT INTO approval_grants (request_id) VALUES (NEW.request_id);
    UPDATE approval_requests SET status = 'granted' WHERE id = NEW.request_id;
  END IF;
  RETURN NULL;
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
  IF request.needs_reauthentication OR NEW.reauthentication_id IS NOT NULL THEN
    PERFORM spend_proof(NEW.reauthentication_id, NEW.reviewer_id);
  END IF;
  NEW.slot := CASE WHEN NEW.verdict = 'approve' THEN slot_filled_by(request, NEW.role_held) END;
  RETURN NEW;
END $$;

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
     OR EXISTS (SELECT FROM approval_delegations g WHERE g.reauthentication_id = proof) THEN
    PERFORM refuse('reauthentication_is_used_once', 'One typing of the password serves one decision.', 'Type your password again.');
  END IF;
END $$;

DROP FUNCTION slot_broken_open(approval_requests, approval_decisions);
ALTER TABLE approval_overrides
  DROP CONSTRAINT review_says_why,
  DROP CONSTRAINT review_has_a_known_proof,
  DROP CONSTRAINT review_is_by_a_known_person,
  DROP CONSTRAINT override_is_by_a_known_person,
  DROP CONSTRAINT override_has_a_known_request,
  DROP CONSTRAINT override_has_a_known_tenant;
