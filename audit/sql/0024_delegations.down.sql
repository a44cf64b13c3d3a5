-- Everybody decides in a role of their own.
REVOKE INSERT (delegation_id) ON approval_decisions FROM xm_staff, xm_platform;
REVOKE ALL ON approval_delegations FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('approval_delegations');
DROP TRIGGER change_is_audited ON approval_delegations;
DROP TRIGGER delegations_are_never_truncated ON approval_delegations;
DROP TRIGGER delegation_is_never_deleted ON approval_delegations;

CREATE OR REPLACE FUNCTION decides_in_role(request approval_requests, decision approval_decisions) RETURNS text
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
     OR EXISTS (SELECT FROM approval_revocations r WHERE r.reauthentication_id = proof) THEN
    PERFORM refuse('reauthentication_is_used_once', 'One typing of the password serves one decision.', 'Type your password again.');
  END IF;
END $$;

DROP FUNCTION role_lent(approval_requests, approval_decisions);
DROP TRIGGER delegation_only_ends ON approval_delegations;
DROP FUNCTION delegation_only_ends();
DROP TRIGGER delegation_is_a_persons_own ON approval_delegations;
DROP FUNCTION delegation_is_a_persons_own();
ALTER TABLE approval_decisions DROP CONSTRAINT decision_has_a_known_delegation;
ALTER TABLE approval_delegations
  DROP CONSTRAINT delegation_says_why,
  DROP CONSTRAINT delegation_has_a_known_proof,
  DROP CONSTRAINT delegation_is_to_a_known_person,
  DROP CONSTRAINT delegation_is_by_a_known_person;
