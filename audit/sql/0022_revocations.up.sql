-- A person can revoke what people granted, once and for good, and a revoked grant allows nothing more.
ALTER TABLE approval_revocations
  ADD CONSTRAINT revocation_has_a_known_grant FOREIGN KEY (tenant_id, audit_id)
    REFERENCES approval_grants (tenant_id, audit_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT revocation_is_by_a_known_person FOREIGN KEY (revoked_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT revocation_has_a_known_proof FOREIGN KEY (reauthentication_id)
    REFERENCES reauthentications (id) ON DELETE RESTRICT,
  ADD CONSTRAINT revocation_says_why CHECK (length(btrim(reason)) >= 10);

-- Whoever decides anything is an active person of staff, at home in the tenant or on the platform, and acts as oneself.
CREATE FUNCTION role_of_acting_staff(person uuid, works_in uuid) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  member users;
BEGIN
  IF person IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('decision_is_ones_own', 'Nobody decides in the name of another.', 'Log in as yourself.');
  END IF;
  SELECT * INTO member FROM users u WHERE u.id = person;
  IF NOT FOUND OR member.kind <> 'person' OR member.status <> 'active' OR NOT member.is_staff THEN
    PERFORM refuse('reviewer_is_active_staff', 'Only an active person of staff decides.', 'Ask a member of staff.');
  END IF;
  IF member.tenant_id NOT IN (works_in, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('reviewer_is_of_another_tenant', 'A reviewer belongs to the tenant of the proposal, or to the platform.',
                   'Ask a member of that tenant.');
  END IF;
  RETURN (SELECT r.role FROM user_roles r WHERE r.user_id = person ORDER BY role_rank(r.role) DESC LIMIT 1);
END $$;

-- The password was typed by this person within five minutes, and no other word was given with it.
CREATE FUNCTION spend_proof(proof uuid, person uuid) RETURNS void
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
     OR EXISTS (SELECT FROM approval_revocations r WHERE r.reauthentication_id = proof) THEN
    PERFORM refuse('reauthentication_is_used_once', 'One typing of the password serves one decision.', 'Type your password again.');
  END IF;
END $$;

CREATE FUNCTION revocation_is_a_persons_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  approval approval_grants;
  role_held text;
BEGIN
  SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = NEW.audit_id;
  IF NOT FOUND THEN
    PERFORM refuse('revocation_has_a_known_grant', 'There is no such grant.', 'Look for it among the grants in the admin.');
  END IF;
  -- the lock order of every verb: request, subject, market
  PERFORM FROM approval_requests r WHERE r.id = approval.request_id FOR UPDATE;
  NEW.tenant_id := approval.tenant_id;
  NEW.revoked_at := clock_timestamp();
  role_held := role_of_acting_staff(NEW.revoked_by, approval.tenant_id);
  IF role_held IS NULL OR role_rank(role_held) < role_rank('admin') THEN
    PERFORM refuse('reviewer_lacks_the_role', 'An approval is revoked by an admin.', 'Ask somebody who holds that role.');
  END IF;
  IF EXISTS (SELECT FROM approval_revocations r WHERE r.audit_id = NEW.audit_id) THEN
    PERFORM refuse('grant_is_revoked_once', 'This approval has been revoked already.', 'Read who revoked it, and why.');
  END IF;
  PERFORM spend_proof(NEW.reauthentication_id, NEW.revoked_by);
  RETURN NEW;
END $$;
CREATE TRIGGER revocation_is_a_persons_own BEFORE INSERT ON approval_revocations
  FOR EACH ROW EXECUTE FUNCTION revocation_is_a_persons_own();

-- Whatever rests on a grant asks here first; TG_ARGV names the column that holds the grant's audit id.
CREATE FUNCTION grant_still_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  used uuid := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  -- a revocation takes the same lock, so one of the two sees the other
  PERFORM FROM approval_requests r WHERE r.id = (SELECT g.request_id FROM approval_grants g WHERE g.audit_id = used) FOR UPDATE;
  IF EXISTS (SELECT FROM approval_revocations v WHERE v.audit_id = used) THEN
    PERFORM refuse('approval_is_revoked', 'The approval that this rests on has been revoked.', 'Propose it anew and have it approved.');
  END IF;
  RETURN NEW;
END $$;

-- The role in which somebody decides on a request, refused to whoever may not.
CREATE FUNCTION decides_in_role(request approval_requests, decision approval_decisions) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  slots text[] := approval_slots(request.required_roles);
  held text;
BEGIN
  IF decision.reviewer_id = request.proposed_by THEN
    PERFORM refuse('proposer_cannot_decide', 'Whoever proposed cannot decide.', 'Ask another member of staff.');
  END IF;
  IF decision.reviewer_id = request.operated_by THEN
    PERFORM refuse('operator_cannot_decide', 'Whoever operates the proposing agent cannot decide.', 'Ask another member of staff.');
  END IF;
  held := role_of_acting_staff(decision.reviewer_id, request.tenant_id);
  IF held IS NULL OR role_rank(slots[cardinality(slots)]) > role_rank(held) THEN
    PERFORM refuse('reviewer_lacks_the_role', format('The policy asks for %s.', request.required_roles),
                   'Ask somebody who holds that role.');
  END IF;
  IF decision.reviewer_id = ANY (request.barred) THEN
    PERFORM refuse('reviewer_is_barred', 'Whoever decided on an earlier step of the same thing does not decide on this one.',
                   'Ask another member of staff.');
  END IF;
  RETURN held;
END $$;

-- The highest slot that is still open and that this role reaches.
CREATE FUNCTION slot_filled_by(request approval_requests, held text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  filled text[] := ARRAY(SELECT d.slot FROM approval_decisions d WHERE d.request_id = request.id AND d.slot IS NOT NULL);
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY approval_slots(request.required_roles) LOOP
    IF wanted = ANY (filled) THEN
      filled := filled[:array_position(filled, wanted) - 1] || filled[array_position(filled, wanted) + 1:];
    ELSIF role_rank(wanted) <= role_rank(held) THEN
      RETURN wanted;
    END IF;
  END LOOP;
  PERFORM refuse('open_slot_needs_a_higher_role', 'What is still missing is the approval of a higher role.',
                 'Ask somebody who holds it.');
END $$;

-- A decision is one person's word on what is still open, over the digest under review.
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
DROP TRIGGER reviewer_is_barred ON approval_decisions;
DROP FUNCTION reviewer_is_barred();

CREATE TRIGGER revocation_never_changes BEFORE UPDATE OR DELETE ON approval_revocations
  FOR EACH ROW EXECUTE FUNCTION refuse_change('revocation_never_changes');
CREATE TRIGGER revocations_are_never_truncated BEFORE TRUNCATE ON approval_revocations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('revocation_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_revocations
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
ALTER TABLE approval_revocations ENABLE ALWAYS TRIGGER revocation_is_a_persons_own;
ALTER TABLE approval_revocations ENABLE ALWAYS TRIGGER revocation_never_changes;
ALTER TABLE approval_revocations ENABLE ALWAYS TRIGGER revocations_are_never_truncated;
ALTER TABLE approval_revocations ENABLE ALWAYS TRIGGER change_is_audited;

SELECT raise_tenant_wall('approval_revocations');
REVOKE ALL ON FUNCTION revocation_is_a_persons_own(), grant_still_stands(), role_of_acting_staff(uuid, uuid),
  spend_proof(uuid, uuid), decides_in_role(approval_requests, approval_decisions), slot_filled_by(approval_requests, text) FROM PUBLIC;
GRANT SELECT ON approval_revocations TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (audit_id, revoked_by, reason, reauthentication_id) ON approval_revocations TO xm_staff, xm_platform;
