-- Nothing governed happens without people's approval of exactly that content.
CREATE FUNCTION role_rank(role text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.array_position(ARRAY['viewer', 'editor', 'admin', 'super-admin'], role)
$$;

CREATE FUNCTION approval_slots(required_roles jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(pg_catalog.array_agg(r.key ORDER BY public.role_rank(r.key) DESC), '{}')
  FROM pg_catalog.jsonb_each_text(required_roles) r, pg_catalog.generate_series(1, r.value::integer)
$$;

ALTER TABLE approval_policies
  ADD CONSTRAINT policy_slots_fill_the_quorum CHECK (cardinality(approval_slots(required_roles)) = quorum),
  ADD CONSTRAINT policy_roles_are_known CHECK (approval_slots(required_roles) <@ ARRAY['admin', 'super-admin']);
ALTER TABLE approval_subjects
  ADD CONSTRAINT subject_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT subject_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT subject_has_a_known_operator FOREIGN KEY (operated_by) REFERENCES users (id) ON DELETE RESTRICT;
ALTER TABLE approval_requests
  ADD CONSTRAINT request_has_a_known_subject FOREIGN KEY (tenant_id, action, subject_id, digest)
    REFERENCES approval_subjects (tenant_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT request_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT request_has_a_known_operator FOREIGN KEY (operated_by) REFERENCES users (id) ON DELETE RESTRICT;
ALTER TABLE reauthentications
  ADD CONSTRAINT reauthentication_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT reauthentication_is_a_persons FOREIGN KEY (person_id, person_kind)
    REFERENCES users (id, kind) MATCH FULL ON DELETE RESTRICT;
ALTER TABLE approval_decisions
  ADD CONSTRAINT decision_has_a_known_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES approval_requests (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT decision_is_over_the_requests_digest FOREIGN KEY (request_id, digest)
    REFERENCES approval_requests (id, digest) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT decision_is_by_a_known_person FOREIGN KEY (reviewer_id, reviewer_kind)
    REFERENCES users (id, kind) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT decision_has_a_known_reauthentication FOREIGN KEY (reauthentication_id)
    REFERENCES reauthentications (id) ON DELETE RESTRICT,
  ADD CONSTRAINT reason_is_given CHECK (length(btrim(reason)) >= 10);
ALTER TABLE approval_grants
  ADD CONSTRAINT grant_is_in_the_log FOREIGN KEY (tenant_id, audit_id)
    REFERENCES audit_event (tenant_id, audit_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT grant_has_a_known_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES approval_requests (tenant_id, id) MATCH FULL ON DELETE RESTRICT;

-- Every refusal below has a name that Python knows too.
CREATE FUNCTION refuse(name text, said text, next_step text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '%', said USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = name, HINT = next_step;
END $$;

-- A policy is set once by its owner; whoever wants another asks people for it.
CREATE FUNCTION policy_change_needs_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' AND current_user = pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    RETURN NEW;
  END IF;
  PERFORM refuse('policy_change_needs_approval', 'An approval policy changes only by an approved proposal.',
                 'Propose the change and have it approved.');
END $$;
CREATE TRIGGER policy_change_needs_approval BEFORE INSERT OR UPDATE OR DELETE ON approval_policies
  FOR EACH ROW EXECUTE FUNCTION policy_change_needs_approval();
CREATE TRIGGER policies_are_never_truncated BEFORE TRUNCATE ON approval_policies
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('policy_change_needs_approval');

-- A request is its proposer's own, is what its subject and its policy say, and replaces the older open one.
CREATE FUNCTION request_is_filled_from_its_policy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  subject approval_subjects;
  policy approval_policies;
BEGIN
  UPDATE approval_requests SET status = 'superseded'
  WHERE action = NEW.action AND subject_id = NEW.subject_id AND status = 'open';
  SELECT * INTO subject FROM approval_subjects s
  WHERE s.subject_id = NEW.subject_id AND s.action = NEW.action AND s.digest = NEW.digest;
  IF NOT FOUND THEN
    PERFORM refuse('request_has_a_known_subject', 'There is no such content to approve.', 'Propose it first.');
  END IF;
  IF subject.proposed_by IS DISTINCT FROM unit_setting('actor_id')::uuid
     AND subject.operated_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('proposal_is_somebody_elses', 'Only the proposer, or the person who operates it, asks for its approval.',
                   'Propose your own.');
  END IF;
  IF EXISTS (SELECT FROM approval_requests r WHERE r.action = NEW.action AND r.subject_id = NEW.subject_id
             AND r.status IN ('granted', 'rejected', 'withdrawn')) THEN
    PERFORM refuse('request_is_closed', 'This has been decided or withdrawn for good.', 'Propose anew.');
  END IF;
  SELECT * INTO policy FROM approval_policies p WHERE p.action = NEW.action AND p.risk = subject.risk;
  IF NOT FOUND THEN
    PERFORM refuse('approval_needs_a_policy', format('No policy says who approves %s at %s risk.', NEW.action, subject.risk),
                   'Load the reference rows with manage.py migrate.');
  END IF;
  NEW.tenant_id := subject.tenant_id;
  NEW.risk := subject.risk;
  NEW.proposed_by := subject.proposed_by;
  NEW.operated_by := subject.operated_by;
  NEW.quorum := policy.quorum;
  NEW.required_roles := policy.required_roles;
  NEW.grant_lifetime := policy.grant_lifetime;
  NEW.needs_reauthentication := policy.needs_reauthentication;
  NEW.status := 'open';
  NEW.requested_at := clock_timestamp();
  NEW.expires_at := NEW.requested_at + policy.request_lifetime;
  NEW.closed_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER request_is_filled_from_its_policy BEFORE INSERT ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION request_is_filled_from_its_policy();

-- A request only ever closes; everybody but the guards themselves may only withdraw what is their own.
CREATE FUNCTION request_only_closes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  by_a_guard boolean := current_user = pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID));
  actor uuid := unit_setting('actor_id')::uuid;
  beside approval_requests := NEW;
BEGIN
  beside.status := OLD.status;
  beside.closed_at := OLD.closed_at;
  IF beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('request_never_changes', 'A request stays what it was when it was put.', 'Put a new request.');
  END IF;
  IF NOT (OLD.status = 'open' OR (OLD.status = 'changes_requested' AND NEW.status = 'withdrawn')) THEN
    PERFORM refuse('request_is_closed', format('This request is %s already.', OLD.status), 'Look at the newer request.');
  END IF;
  IF NOT by_a_guard AND NEW.status <> 'withdrawn' THEN
    PERFORM refuse('approval_needs_its_quorum', 'A request is closed by decisions, not by hand.', 'Decide on it in the admin.');
  END IF;
  IF NOT by_a_guard AND (actor IS NULL OR actor NOT IN (OLD.proposed_by, COALESCE(OLD.operated_by, OLD.proposed_by))) THEN
    PERFORM refuse('proposal_is_somebody_elses', 'Only the proposer, or the person who operates it, withdraws.',
                   'Reject it in the admin instead.');
  END IF;
  NEW.closed_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER request_only_closes BEFORE UPDATE ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION request_only_closes();

-- A decision is one active person's own word, over the digest under review, by one fresh proof of who it is.
CREATE FUNCTION decision_is_a_persons_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  request approval_requests;
  reviewer users;
  proof reauthentications;
  slots text[];
  filled text[];
  wanted text;
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
  IF NEW.reviewer_id = request.proposed_by THEN
    PERFORM refuse('proposer_cannot_decide', 'Whoever proposed cannot decide.', 'Ask another member of staff.');
  END IF;
  IF NEW.reviewer_id = request.operated_by THEN
    PERFORM refuse('operator_cannot_decide', 'Whoever operates the proposing agent cannot decide.', 'Ask another member of staff.');
  END IF;
  IF NEW.reviewer_id IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('decision_is_ones_own', 'Nobody decides in the name of another.', 'Log in as yourself.');
  END IF;

  SELECT * INTO reviewer FROM users u WHERE u.id = NEW.reviewer_id;
  IF NOT FOUND OR reviewer.kind <> 'person' OR reviewer.status <> 'active' OR NOT reviewer.is_staff THEN
    PERFORM refuse('reviewer_is_active_staff', 'Only an active person of staff decides.', 'Ask a member of staff.');
  END IF;
  IF reviewer.tenant_id NOT IN (request.tenant_id, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('reviewer_is_of_another_tenant', 'A reviewer belongs to the tenant of the proposal, or to the platform.',
                   'Ask a member of that tenant.');
  END IF;
  SELECT r.role INTO NEW.role_held FROM user_roles r WHERE r.user_id = reviewer.id ORDER BY role_rank(r.role) DESC LIMIT 1;
  slots := approval_slots(request.required_roles);
  IF NEW.role_held IS NULL OR role_rank(slots[cardinality(slots)]) > role_rank(NEW.role_held) THEN
    PERFORM refuse('reviewer_lacks_the_role', format('The policy asks for %s.', request.required_roles),
                   'Ask somebody who holds that role.');
  END IF;

  IF request.needs_reauthentication OR NEW.reauthentication_id IS NOT NULL THEN
    SELECT * INTO proof FROM reauthentications a WHERE a.id = NEW.reauthentication_id;
    IF NOT FOUND OR proof.person_id <> NEW.reviewer_id
       OR proof.created_at < NEW.decided_at - interval '5 minutes' OR proof.created_at > NEW.decided_at THEN
      PERFORM refuse('reauthentication_is_fresh', 'A decision needs the password, typed by this person within five minutes.',
                     'Type your password again.');
    END IF;
  END IF;

  NEW.slot := NULL;
  IF NEW.verdict = 'approve' THEN
    filled := ARRAY(SELECT d.slot FROM approval_decisions d WHERE d.request_id = request.id AND d.slot IS NOT NULL);
    FOREACH wanted IN ARRAY slots LOOP
      IF wanted = ANY (filled) THEN
        filled := filled[:array_position(filled, wanted) - 1] || filled[array_position(filled, wanted) + 1:];
      ELSIF role_rank(wanted) <= role_rank(NEW.role_held) THEN
        NEW.slot := wanted;
        EXIT;
      END IF;
    END LOOP;
    IF NEW.slot IS NULL THEN
      PERFORM refuse('open_slot_needs_a_higher_role', 'What is still missing is the approval of a higher role.',
                     'Ask somebody who holds it.');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_is_a_persons_own BEFORE INSERT ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION decision_is_a_persons_own();

-- The vote that fills the last slot makes the grant; a refusal closes the request at once.
CREATE FUNCTION decision_takes_effect() RETURNS trigger
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
CREATE TRIGGER decision_takes_effect AFTER INSERT ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION decision_takes_effect();

-- A grant appears only when the quorum over its digest is met, and its audit row is written with it.
CREATE FUNCTION approval_needs_its_quorum() RETURNS trigger
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
CREATE TRIGGER approval_needs_its_quorum BEFORE INSERT ON approval_grants
  FOR EACH ROW EXECUTE FUNCTION approval_needs_its_quorum();

CREATE FUNCTION reauthentication_is_of_now() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.created_at := clock_timestamp();
  IF NEW.person_id IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('decision_is_ones_own', 'Nobody types the password of another.', 'Log in as yourself.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reauthentication_is_of_now BEFORE INSERT ON reauthentications
  FOR EACH ROW EXECUTE FUNCTION reauthentication_is_of_now();

CREATE TRIGGER subject_never_changes BEFORE UPDATE OR DELETE ON approval_subjects
  FOR EACH ROW EXECUTE FUNCTION refuse_change('subject_never_changes');
CREATE TRIGGER subjects_are_never_truncated BEFORE TRUNCATE ON approval_subjects
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('subject_never_changes');
CREATE TRIGGER request_is_never_deleted BEFORE DELETE ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_change('request_never_changes');
CREATE TRIGGER requests_are_never_truncated BEFORE TRUNCATE ON approval_requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('request_never_changes');
CREATE TRIGGER decision_never_changes BEFORE UPDATE OR DELETE ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION refuse_change('decision_never_changes');
CREATE TRIGGER decisions_are_never_truncated BEFORE TRUNCATE ON approval_decisions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('decision_never_changes');
CREATE TRIGGER grant_never_changes BEFORE UPDATE OR DELETE ON approval_grants
  FOR EACH ROW EXECUTE FUNCTION refuse_change('grant_never_changes');
CREATE TRIGGER grants_are_never_truncated BEFORE TRUNCATE ON approval_grants
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('grant_never_changes');
CREATE TRIGGER reauthentication_never_changes BEFORE UPDATE OR DELETE ON reauthentications
  FOR EACH ROW EXECUTE FUNCTION refuse_change('reauthentication_never_changes');
CREATE TRIGGER reauthentications_are_never_truncated BEFORE TRUNCATE ON reauthentications
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('reauthentication_never_changes');

CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_policies
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_subjects
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');

-- Guards hold in replica role too.
ALTER TABLE approval_policies ENABLE ALWAYS TRIGGER policy_change_needs_approval;
ALTER TABLE approval_policies ENABLE ALWAYS TRIGGER policies_are_never_truncated;
ALTER TABLE approval_policies ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE approval_subjects ENABLE ALWAYS TRIGGER subject_never_changes;
ALTER TABLE approval_subjects ENABLE ALWAYS TRIGGER subjects_are_never_truncated;
ALTER TABLE approval_subjects ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_is_filled_from_its_policy;
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_only_closes;
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_is_never_deleted;
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER requests_are_never_truncated;
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER decision_is_a_persons_own;
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER decision_takes_effect;
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER decision_never_changes;
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER decisions_are_never_truncated;
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE approval_grants ENABLE ALWAYS TRIGGER approval_needs_its_quorum;
ALTER TABLE approval_grants ENABLE ALWAYS TRIGGER grant_never_changes;
ALTER TABLE approval_grants ENABLE ALWAYS TRIGGER grants_are_never_truncated;
ALTER TABLE reauthentications ENABLE ALWAYS TRIGGER reauthentication_is_of_now;
ALTER TABLE reauthentications ENABLE ALWAYS TRIGGER reauthentication_never_changes;
ALTER TABLE reauthentications ENABLE ALWAYS TRIGGER reauthentications_are_never_truncated;

-- Guards act as the owner, so nobody may hang one on a table of their own.
REVOKE ALL ON FUNCTION request_is_filled_from_its_policy(), decision_is_a_persons_own(), decision_takes_effect(),
  approval_needs_its_quorum() FROM PUBLIC;

GRANT SELECT ON approval_policies, approval_subjects, approval_requests, approval_decisions, approval_grants
  TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT SELECT ON reauthentications TO xm_staff, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (action, subject_id, digest), UPDATE (status) ON approval_requests TO xm_api, xm_staff, xm_worker, xm_platform;
GRANT INSERT (tenant_id, person_id, method) ON reauthentications TO xm_staff, xm_platform;
GRANT INSERT (request_id, digest, reviewer_id, verdict, reason, reauthentication_id) ON approval_decisions TO xm_staff, xm_platform;
