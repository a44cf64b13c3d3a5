-- Every request is decided on by itself.
REVOKE INSERT (list_id) ON reauthentications FROM xm_staff, xm_platform;
REVOKE ALL ON approval_lists FROM xm_staff, xm_platform, xm_auditor;
SELECT lower_tenant_wall('approval_lists');
DROP TRIGGER change_is_audited ON approval_lists;
DROP TRIGGER lists_are_never_truncated ON approval_lists;
DROP TRIGGER list_never_changes ON approval_lists;

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

DROP FUNCTION list_allows(approval_requests, approval_decisions);
DROP FUNCTION spend_proof(uuid, uuid, boolean);
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
     OR EXISTS (SELECT FROM approval_revocations r WHERE r.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_delegations g WHERE g.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_overrides o WHERE o.reauthentication_id = proof) THEN
    PERFORM refuse('reauthentication_is_used_once', 'One typing of the password serves one decision.', 'Type your password again.');
  END IF;
END $$;
REVOKE ALL ON FUNCTION spend_proof(uuid, uuid) FROM PUBLIC;

DROP TRIGGER list_is_ones_own ON reauthentications;
DROP FUNCTION list_is_ones_own();
DROP TRIGGER list_is_well_formed ON approval_lists;
DROP FUNCTION list_is_well_formed();
ALTER TABLE reauthentications DROP CONSTRAINT reauthentication_has_a_known_list;
ALTER TABLE approval_lists
  DROP CONSTRAINT list_is_by_a_known_person,
  DROP CONSTRAINT list_has_a_known_tenant;
