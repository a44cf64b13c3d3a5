-- An override that is overdue takes the password of a review before there is one.
CREATE OR REPLACE FUNCTION override_is_reviewed_once() RETURNS trigger
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
