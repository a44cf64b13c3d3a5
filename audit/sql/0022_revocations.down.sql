-- What was granted cannot be revoked.
REVOKE ALL ON approval_revocations FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('approval_revocations');
DROP TRIGGER change_is_audited ON approval_revocations;
DROP TRIGGER revocations_are_never_truncated ON approval_revocations;
DROP TRIGGER revocation_never_changes ON approval_revocations;
DROP TRIGGER revocation_is_a_persons_own ON approval_revocations;
DROP FUNCTION revocation_is_a_persons_own();
DROP FUNCTION grant_still_stands();

-- Who decided on an earlier step of the same thing leaves this one to others; the owning room says who that is.
CREATE FUNCTION reviewer_is_barred() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM approval_requests r WHERE r.id = NEW.request_id AND NEW.reviewer_id = ANY (r.barred)) THEN
    PERFORM refuse('reviewer_is_barred', 'Whoever decided on an earlier step of the same thing does not decide on this one.',
                   'Ask another member of staff.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reviewer_is_barred BEFORE INSERT ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION reviewer_is_barred();
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER reviewer_is_barred;
REVOKE ALL ON FUNCTION reviewer_is_barred() FROM PUBLIC;

CREATE OR REPLACE FUNCTION decision_is_a_persons_own() RETURNS trigger
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

DROP FUNCTION slot_filled_by(approval_requests, text);
DROP FUNCTION decides_in_role(approval_requests, approval_decisions);
DROP FUNCTION spend_proof(uuid, uuid);
DROP FUNCTION role_of_acting_staff(uuid, uuid);
ALTER TABLE approval_revocations
  DROP CONSTRAINT revocation_says_why,
  DROP CONSTRAINT revocation_has_a_known_proof,
  DROP CONSTRAINT revocation_is_by_a_known_person,
  DROP CONSTRAINT revocation_has_a_known_grant;
