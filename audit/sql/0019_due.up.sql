-- A request is due before it expires, is escalated at most once, and whoever is barred does not decide on it.
ALTER TABLE approval_policies
  ADD CONSTRAINT policy_is_due_in_time CHECK (due_after > interval '0' AND due_after <= request_lifetime),
  ADD CONSTRAINT policy_was_set_by_a_grant FOREIGN KEY (set_by_audit_id)
    REFERENCES approval_grants (audit_id) ON DELETE RESTRICT;

-- Requests put before they had to say when they are due: no fact of theirs changes.
ALTER TABLE approval_requests
  ALTER COLUMN due_at TYPE timestamptz USING requested_at + (expires_at - requested_at) / 2;

CREATE OR REPLACE FUNCTION policy_change_needs_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' AND current_user = pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    NEW.due_after := COALESCE(NEW.due_after, NEW.request_lifetime / 2);
    RETURN NEW;
  END IF;
  PERFORM refuse('policy_change_needs_approval', 'An approval policy changes only by an approved proposal.',
                 'Propose the change and have it approved.');
END $$;

CREATE OR REPLACE FUNCTION request_is_filled_from_its_policy() RETURNS trigger
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
  NEW.barred := subject.barred;
  NEW.quorum := policy.quorum;
  NEW.required_roles := policy.required_roles;
  NEW.grant_lifetime := policy.grant_lifetime;
  NEW.needs_reauthentication := policy.needs_reauthentication;
  NEW.status := 'open';
  NEW.requested_at := clock_timestamp();
  NEW.expires_at := NEW.requested_at + policy.request_lifetime;
  NEW.due_at := NEW.requested_at + policy.due_after;
  NEW.escalated_at := NULL;
  NEW.closed_at := NULL;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION request_only_closes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  by_a_guard boolean := current_user = pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID));
  actor uuid := unit_setting('actor_id')::uuid;
  beside approval_requests := NEW;
BEGIN
  beside.status := OLD.status;
  beside.closed_at := OLD.closed_at;
  beside.escalated_at := OLD.escalated_at;
  IF beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('request_never_changes', 'A request stays what it was when it was put.', 'Put a new request.');
  END IF;
  IF NEW.escalated_at IS DISTINCT FROM OLD.escalated_at THEN
    IF NOT by_a_guard OR NEW.status <> 'open' OR OLD.status <> 'open' OR OLD.escalated_at IS NOT NULL THEN
      PERFORM refuse('request_never_changes', 'A request is escalated once, by the database, while it is open.',
                     'Look at who can decide on it.');
    END IF;
    NEW.escalated_at := clock_timestamp();
    RETURN NEW;
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
