-- A person may decide in another's role while that other lets them, and the two give one word between them.
ALTER TABLE approval_delegations
  ADD CONSTRAINT delegation_is_by_a_known_person FOREIGN KEY (tenant_id, from_person_id)
    REFERENCES users (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT delegation_is_to_a_known_person FOREIGN KEY (tenant_id, to_person_id)
    REFERENCES users (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT delegation_has_a_known_proof FOREIGN KEY (reauthentication_id)
    REFERENCES reauthentications (id) ON DELETE RESTRICT,
  ADD CONSTRAINT delegation_says_why CHECK (length(btrim(reason)) >= 10);
ALTER TABLE approval_decisions
  ADD CONSTRAINT decision_has_a_known_delegation FOREIGN KEY (delegation_id)
    REFERENCES approval_delegations (id) ON DELETE RESTRICT;

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

-- One delegates a role of one's own, to somebody of the same tenant; whoever decides by it holds it not, and passes it to nobody.
CREATE FUNCTION delegation_is_a_persons_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  home uuid := (SELECT u.tenant_id FROM users u WHERE u.id = NEW.from_person_id);
  held text := role_of_acting_staff(NEW.from_person_id, home);
BEGIN
  NEW.tenant_id := home;
  NEW.created_at := clock_timestamp();
  NEW.revoked_at := NULL;
  IF held IS NULL OR role_rank(held) < role_rank(NEW.role) THEN
    PERFORM refuse('delegator_holds_the_role', format('Nobody lets another decide as %s who is not %s.', NEW.role, NEW.role),
                   'Delegate a role of your own.');
  END IF;
  IF NOT EXISTS (SELECT FROM users u WHERE u.id = NEW.to_person_id AND u.tenant_id = home AND u.kind = 'person'
                 AND u.status = 'active' AND u.is_staff) THEN
    PERFORM refuse('delegate_is_active_staff', 'One delegates to an active person of staff of the same tenant.',
                   'Choose a member of staff of your own tenant.');
  END IF;
  IF NEW.ends_at <= NEW.created_at THEN
    PERFORM refuse('delegation_ends_after_it_begins', 'A delegation does not end in the past.', 'Say until when it is to last.');
  END IF;
  PERFORM spend_proof(NEW.reauthentication_id, NEW.from_person_id);
  RETURN NEW;
END $$;
CREATE TRIGGER delegation_is_a_persons_own BEFORE INSERT ON approval_delegations
  FOR EACH ROW EXECUTE FUNCTION delegation_is_a_persons_own();

CREATE FUNCTION delegation_only_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside approval_delegations := NEW;
  actor uuid := unit_setting('actor_id')::uuid;
BEGIN
  beside.revoked_at := OLD.revoked_at;
  IF beside IS DISTINCT FROM OLD OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL THEN
    PERFORM refuse('delegation_never_changes', 'A delegation stays as it was given; it only ends.', 'End it and give another.');
  END IF;
  IF actor IS NULL OR (actor NOT IN (OLD.from_person_id, OLD.to_person_id)
     AND COALESCE(role_rank(role_of_acting_staff(actor, OLD.tenant_id)), 0) < role_rank('admin')) THEN
    PERFORM refuse('delegation_is_somebody_elses', 'Only the two people of a delegation end it early, or an admin.',
                   'Ask one of the two.');
  END IF;
  NEW.revoked_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER delegation_only_ends BEFORE UPDATE ON approval_delegations
  FOR EACH ROW EXECUTE FUNCTION delegation_only_ends();

-- The role that a delegation lends for this request.
CREATE FUNCTION role_lent(request approval_requests, decision approval_decisions) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  lent approval_delegations;
BEGIN
  SELECT * INTO lent FROM approval_delegations g WHERE g.id = decision.delegation_id FOR SHARE;
  IF NOT FOUND OR lent.to_person_id <> decision.reviewer_id OR lent.revoked_at IS NOT NULL
     OR lent.starts_at > decision.decided_at OR lent.ends_at <= decision.decided_at THEN
    PERFORM refuse('delegation_is_in_force', 'No such delegation is given to you at this moment.',
                   'Decide in your own role, or ask the person for a delegation.');
  END IF;
  IF lent.from_person_id IN (request.proposed_by, request.operated_by) OR lent.from_person_id = ANY (request.barred) THEN
    PERFORM refuse('delegator_cannot_decide', 'Whoever may not decide on this lets nobody else do it for them.',
                   'Decide in your own role, or by the delegation of somebody else.');
  END IF;
  IF NOT EXISTS (SELECT FROM users u JOIN user_roles r ON r.user_id = u.id
                 WHERE u.id = lent.from_person_id AND u.status = 'active' AND u.is_staff
                 AND u.tenant_id IN (request.tenant_id, '00000000-0000-0000-0000-000000000000')
                 AND role_rank(r.role) >= role_rank(lent.role)) THEN
    PERFORM refuse('delegator_holds_the_role', format('Whoever delegated this is no active %s any more.', lent.role),
                   'Ask somebody who holds that role.');
  END IF;
  RETURN lent.role;
END $$;

CREATE OR REPLACE FUNCTION decides_in_role(request approval_requests, decision approval_decisions) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  slots text[] := approval_slots(request.required_roles);
  held text;
  pair uuid[] := ARRAY[decision.reviewer_id];
BEGIN
  IF decision.reviewer_id = request.proposed_by THEN
    PERFORM refuse('proposer_cannot_decide', 'Whoever proposed cannot decide.', 'Ask another member of staff.');
  END IF;
  IF decision.reviewer_id = request.operated_by THEN
    PERFORM refuse('operator_cannot_decide', 'Whoever operates the proposing agent cannot decide.', 'Ask another member of staff.');
  END IF;
  held := role_of_acting_staff(decision.reviewer_id, request.tenant_id);
  IF decision.delegation_id IS NOT NULL THEN
    held := role_lent(request, decision);
    pair := pair || (SELECT g.from_person_id FROM approval_delegations g WHERE g.id = decision.delegation_id);
  END IF;
  IF held IS NULL OR role_rank(slots[cardinality(slots)]) > role_rank(held) THEN
    PERFORM refuse('reviewer_lacks_the_role', format('The policy asks for %s.', request.required_roles),
                   'Ask somebody who holds that role.');
  END IF;
  IF decision.reviewer_id = ANY (request.barred) THEN
    PERFORM refuse('reviewer_is_barred', 'Whoever decided on an earlier step of the same thing does not decide on this one.',
                   'Ask another member of staff.');
  END IF;
  IF EXISTS (SELECT FROM approval_decisions d LEFT JOIN approval_delegations g ON g.id = d.delegation_id
             WHERE d.request_id = request.id
             AND ((d.reviewer_id = ANY (pair) AND d.reviewer_id <> decision.reviewer_id) OR g.from_person_id = ANY (pair))) THEN
    PERFORM refuse('delegator_and_delegate_speak_once', 'Whoever delegates and whoever decides for them give one word between them.',
                   'Ask another member of staff.');
  END IF;
  RETURN held;
END $$;

CREATE TRIGGER delegation_is_never_deleted BEFORE DELETE ON approval_delegations
  FOR EACH ROW EXECUTE FUNCTION refuse_change('delegation_never_changes');
CREATE TRIGGER delegations_are_never_truncated BEFORE TRUNCATE ON approval_delegations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('delegation_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_delegations
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
ALTER TABLE approval_delegations ENABLE ALWAYS TRIGGER delegation_is_a_persons_own;
ALTER TABLE approval_delegations ENABLE ALWAYS TRIGGER delegation_only_ends;
ALTER TABLE approval_delegations ENABLE ALWAYS TRIGGER delegation_is_never_deleted;
ALTER TABLE approval_delegations ENABLE ALWAYS TRIGGER delegations_are_never_truncated;
ALTER TABLE approval_delegations ENABLE ALWAYS TRIGGER change_is_audited;

SELECT raise_tenant_wall('approval_delegations');
REVOKE ALL ON FUNCTION delegation_is_a_persons_own(), delegation_only_ends(),
  role_lent(approval_requests, approval_decisions) FROM PUBLIC;
GRANT SELECT ON approval_delegations TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (from_person_id, to_person_id, role, starts_at, ends_at, reason, reauthentication_id), UPDATE (revoked_at)
  ON approval_delegations TO xm_staff, xm_platform;
GRANT INSERT (delegation_id) ON approval_decisions TO xm_staff, xm_platform;
