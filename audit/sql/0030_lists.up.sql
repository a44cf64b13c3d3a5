-- Several requests of low risk may be decided on together: one list, one password, and one decision for each.
ALTER TABLE approval_lists
  ADD CONSTRAINT list_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT list_is_by_a_known_person FOREIGN KEY (person_id) REFERENCES users (id) ON DELETE RESTRICT;
ALTER TABLE reauthentications
  ADD CONSTRAINT reauthentication_has_a_known_list FOREIGN KEY (tenant_id, list_id)
    REFERENCES approval_lists (tenant_id, id) ON DELETE RESTRICT;

CREATE FUNCTION list_is_well_formed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  written text;
  lines text[];
BEGIN
  NEW.tenant_id := COALESCE(unit_setting('tenant_id')::uuid, '00000000-0000-0000-0000-000000000000');
  NEW.created_at := clock_timestamp();
  PERFORM role_of_acting_staff(NEW.person_id, NEW.tenant_id);
  -- a line is an id of 36 characters, a space, 64 of the digest and a line feed; its bytes are ASCII
  written := encode(NEW.canonical, 'escape');
  lines := string_to_array(rtrim(written, E'\n'), E'\n');
  IF octet_length(NEW.canonical) <> 102 * cardinality(lines) OR cardinality(lines) NOT BETWEEN 1 AND 50
     OR written IS DISTINCT FROM (SELECT string_agg(l || E'\n', '' ORDER BY l COLLATE "C")
                                  FROM (SELECT DISTINCT unnest(lines) AS l) one_of_each)
     OR EXISTS (SELECT FROM unnest(lines) l
                WHERE l !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12} [0-9a-f]{64}$') THEN
    PERFORM refuse('list_is_well_formed', 'A list names 1 to 50 requests, each once and with its digest, sorted.',
                   'Choose at most 50 requests, and read the page again.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER list_is_well_formed BEFORE INSERT ON approval_lists
  FOR EACH ROW EXECUTE FUNCTION list_is_well_formed();

CREATE FUNCTION list_is_ones_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM approval_lists l WHERE l.id = NEW.list_id AND l.person_id = NEW.person_id) THEN
    PERFORM refuse('list_is_ones_own', 'A list is decided on by the person who made it.', 'Make a list of your own.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER list_is_ones_own BEFORE INSERT ON reauthentications
  FOR EACH ROW WHEN (NEW.list_id IS NOT NULL) EXECUTE FUNCTION list_is_ones_own();

DROP FUNCTION spend_proof(uuid, uuid);
CREATE FUNCTION spend_proof(proof uuid, person uuid, by_list boolean DEFAULT false) RETURNS void
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
  IF typed.list_id IS NOT NULL AND NOT by_list THEN
    PERFORM refuse('not_on_the_list', 'This password was typed for a list of requests.', 'Type your password again.');
  END IF;
  IF EXISTS (SELECT FROM approval_decisions d WHERE d.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_revocations r WHERE r.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_delegations g WHERE g.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_overrides o WHERE o.reauthentication_id = proof) THEN
    PERFORM refuse('reauthentication_is_used_once', 'One typing of the password serves one decision.', 'Type your password again.');
  END IF;
END $$;

-- A password that was typed for a list is good for what the list names, and only at low risk.
CREATE FUNCTION list_allows(request approval_requests, decision approval_decisions) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  named text;
BEGIN
  SELECT encode(l.canonical, 'escape') INTO named FROM reauthentications a JOIN approval_lists l ON l.id = a.list_id
  WHERE a.id = decision.reauthentication_id;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF request.risk <> 'low' OR decision.verdict = 'break_glass' THEN
    PERFORM refuse('bulk_is_for_low_risk', 'Only what is of low risk is decided on by a list.', 'Open it and decide on it by itself.');
  END IF;
  IF strpos(named, request.id || ' ' || encode(decision.digest, 'hex') || E'\n') = 0 THEN
    PERFORM refuse('not_on_the_list', 'The password was typed for a list that does not name this request with this digest.',
                   'Open it, read it again and decide on what it shows.');
  END IF;
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
    PERFORM spend_proof(NEW.reauthentication_id, NEW.reviewer_id, by_list => true);
    PERFORM list_allows(request, NEW);
  END IF;
  NEW.slot := CASE NEW.verdict WHEN 'approve' THEN slot_filled_by(request, NEW.role_held)
                               WHEN 'break_glass' THEN slot_broken_open(request, NEW) END;
  RETURN NEW;
END $$;

CREATE TRIGGER list_never_changes BEFORE UPDATE OR DELETE ON approval_lists
  FOR EACH ROW EXECUTE FUNCTION refuse_change('list_never_changes');
CREATE TRIGGER lists_are_never_truncated BEFORE TRUNCATE ON approval_lists
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('list_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_lists
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'canonical', '');
ALTER TABLE approval_lists ENABLE ALWAYS TRIGGER list_is_well_formed;
ALTER TABLE approval_lists ENABLE ALWAYS TRIGGER list_never_changes;
ALTER TABLE approval_lists ENABLE ALWAYS TRIGGER lists_are_never_truncated;
ALTER TABLE approval_lists ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE reauthentications ENABLE ALWAYS TRIGGER list_is_ones_own;

SELECT raise_tenant_wall('approval_lists');
REVOKE ALL ON FUNCTION list_is_well_formed(), list_is_ones_own(), spend_proof(uuid, uuid, boolean),
  list_allows(approval_requests, approval_decisions) FROM PUBLIC;
GRANT SELECT ON approval_lists TO xm_staff, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (person_id, canonical) ON approval_lists TO xm_staff, xm_platform;
GRANT INSERT (list_id) ON reauthentications TO xm_staff, xm_platform;
