-- A policy changes only by people's approval of exactly what it will say.
ALTER TABLE approval_policy_changes
  ADD CONSTRAINT policy_change_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES users (id) ON DELETE RESTRICT;
ALTER TABLE approval_policy_versions
  ADD CONSTRAINT policy_version_has_a_known_change FOREIGN KEY (change_id)
    REFERENCES approval_policy_changes (id) ON DELETE RESTRICT,
  ADD CONSTRAINT policy_version_needs_approval FOREIGN KEY (audit_id, approval_action, change_id, digest)
    REFERENCES approval_grants (audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT;

-- What a canonical text says, as a policy; refused where it is no policy.
CREATE FUNCTION policy_in(canonical bytea) RETURNS approval_policies
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  known CONSTANT text[] := ARRAY['action', 'risk', 'required_roles', 'request_lifetime_seconds', 'due_after_seconds',
    'grant_lifetime_seconds', 'needs_reauthentication', 'publishes_by_itself', 'instead_of', 'explanation'];
  content jsonb;
  named text[];
  said approval_policies;
BEGIN
  BEGIN
    content := convert_from(canonical, 'UTF8')::jsonb;
    named := ARRAY(SELECT jsonb_object_keys(content));
    said.action := content ->> 'action';
    said.risk := content ->> 'risk';
    said.required_roles := content -> 'required_roles';
    said.quorum := cardinality(approval_slots(said.required_roles));
    said.request_lifetime := make_interval(secs => (content ->> 'request_lifetime_seconds')::integer);
    said.due_after := make_interval(secs => (content ->> 'due_after_seconds')::integer);
    said.grant_lifetime := make_interval(secs => (content ->> 'grant_lifetime_seconds')::integer);
    said.needs_reauthentication := (content ->> 'needs_reauthentication')::boolean;
    said.publishes_by_itself := (content ->> 'publishes_by_itself')::boolean;
    -- the grant that set what it is to replace
    said.set_by_audit_id := (content ->> 'instead_of')::uuid;
  EXCEPTION WHEN data_exception OR invalid_parameter_value THEN
    PERFORM refuse('policy_change_is_well_formed', 'The canonical text is no policy.', 'Send RFC 8785 JSON.');
  END;
  IF NOT COALESCE(
      named <@ known AND known <@ named AND said.risk IN ('low', 'medium', 'high')
      AND said.quorum BETWEEN 1 AND 9 AND approval_slots(said.required_roles) <@ ARRAY['admin', 'super-admin']
      AND said.request_lifetime BETWEEN interval '1 hour' AND interval '720 hours'
      AND said.due_after BETWEEN interval '1 minute' AND said.request_lifetime
      AND said.grant_lifetime BETWEEN interval '1 minute' AND interval '720 hours'
      AND (NOT said.publishes_by_itself OR (said.action = 'event:publish' AND said.risk <> 'high'))
      AND (said.action <> 'policy:change' OR (said.quorum >= 2 AND said.needs_reauthentication))
      AND length(btrim(content ->> 'explanation')) >= 10, false)
     OR said.needs_reauthentication IS NULL OR said.publishes_by_itself IS NULL THEN
    PERFORM refuse('policy_change_is_well_formed', 'No policy can say this.',
                   'Ask for 1 to 9 people, two for policy:change, and keep to the lengths of time that the runbook names.');
  END IF;
  RETURN said;
END $$;

CREATE FUNCTION refuse_another_policy(said approval_policies) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT p.set_by_audit_id FROM approval_policies p WHERE p.action = said.action AND p.risk = said.risk)
     IS DISTINCT FROM said.set_by_audit_id THEN
    PERFORM refuse('policy_has_moved_on', 'The policy was changed since this was proposed.', 'Propose the change anew.');
  END IF;
END $$;

-- A change is its proposer's own, of the platform, and says something that the standing policy does not.
CREATE FUNCTION policy_change_is_well_formed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said approval_policies;
  role_held text;
BEGIN
  NEW.created_at := clock_timestamp();
  role_held := role_of_acting_staff(NEW.proposed_by, '00000000-0000-0000-0000-000000000000');
  IF role_held IS NULL OR role_rank(role_held) < role_rank('admin') THEN
    PERFORM refuse('reviewer_lacks_the_role', 'A policy is proposed by an admin of the platform.', 'Ask somebody who holds that role.');
  END IF;
  said := policy_in(NEW.canonical);
  IF NOT EXISTS (SELECT FROM approval_policies p WHERE p.action = said.action) THEN
    PERFORM refuse('policy_change_is_well_formed', format('Nothing is called %s.', said.action), 'Choose an action that has a policy.');
  END IF;
  PERFORM refuse_another_policy(said);
  IF EXISTS (SELECT FROM approval_policies p
             WHERE (p.action, p.risk, p.required_roles, p.request_lifetime, p.due_after, p.grant_lifetime,
                    p.needs_reauthentication, p.publishes_by_itself)
                 = (said.action, said.risk, said.required_roles, said.request_lifetime, said.due_after, said.grant_lifetime,
                    said.needs_reauthentication, said.publishes_by_itself)) THEN
    PERFORM refuse('policy_is_so_already', 'The policy says this already.', 'Change something, or leave it as it is.');
  END IF;
  NEW.action := said.action;
  NEW.risk := said.risk;
  RETURN NEW;
END $$;
CREATE TRIGGER policy_change_is_well_formed BEFORE INSERT ON approval_policy_changes
  FOR EACH ROW EXECUTE FUNCTION policy_change_is_well_formed();

CREATE FUNCTION policy_change_can_be_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by)
  VALUES ('00000000-0000-0000-0000-000000000000', 'policy:change', NEW.id, NEW.digest, 'high', NEW.proposed_by);
  RETURN NULL;
END $$;
CREATE TRIGGER policy_change_can_be_approved AFTER INSERT ON approval_policy_changes
  FOR EACH ROW EXECUTE FUNCTION policy_change_can_be_approved();

-- A version is what people approved, whatever the caller sent.
CREATE FUNCTION policy_version_is_what_was_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  approval approval_grants;
  said approval_policies;
BEGIN
  SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = NEW.audit_id AND g.action = 'policy:change';
  IF NOT FOUND OR NEW.change_id <> approval.subject_id OR NEW.digest <> approval.digest THEN
    PERFORM refuse('policy_change_needs_approval', 'An approval policy changes only by an approved proposal.',
                   'Propose the change and have it approved.');
  END IF;
  IF approval.expires_at <= clock_timestamp() THEN
    PERFORM refuse('approval_has_expired', format('This approval was to be used before %s.', approval.expires_at),
                   'Have it approved again.');
  END IF;
  SELECT (policy_in(c.canonical)).* INTO said FROM approval_policy_changes c WHERE c.id = approval.subject_id;
  -- two changes of one policy wait for each other here
  PERFORM FROM approval_policies p WHERE p.action = said.action AND p.risk = said.risk FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM approval_policy_versions v WHERE v.audit_id = approval.audit_id) THEN
    PERFORM refuse('policy_version_has_an_approval_of_its_own', 'One approval changes a policy once.', 'It is in force already.');
  END IF;
  PERFORM refuse_another_policy(said);
  NEW.number := 1 + (SELECT count(*) FROM approval_policy_versions v WHERE v.action = said.action AND v.risk = said.risk);
  NEW.action := said.action;
  NEW.risk := said.risk;
  NEW.quorum := said.quorum;
  NEW.required_roles := said.required_roles;
  NEW.request_lifetime := said.request_lifetime;
  NEW.grant_lifetime := said.grant_lifetime;
  NEW.needs_reauthentication := said.needs_reauthentication;
  NEW.due_after := said.due_after;
  NEW.publishes_by_itself := said.publishes_by_itself;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER policy_version_is_what_was_approved BEFORE INSERT ON approval_policy_versions
  FOR EACH ROW EXECUTE FUNCTION policy_version_is_what_was_approved();
CREATE TRIGGER grant_still_stands BEFORE INSERT ON approval_policy_versions
  FOR EACH ROW EXECUTE FUNCTION grant_still_stands('audit_id');

-- The version alone writes the policy.
CREATE FUNCTION policy_version_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO approval_policies (action, risk, quorum, required_roles, request_lifetime, grant_lifetime,
                                 needs_reauthentication, due_after, publishes_by_itself, set_by_audit_id)
  VALUES (NEW.action, NEW.risk, NEW.quorum, NEW.required_roles, NEW.request_lifetime, NEW.grant_lifetime,
          NEW.needs_reauthentication, NEW.due_after, NEW.publishes_by_itself, NEW.audit_id)
  ON CONFLICT (action, risk) DO UPDATE
  SET (quorum, required_roles, request_lifetime, grant_lifetime, needs_reauthentication, due_after, publishes_by_itself,
       set_by_audit_id)
    = (EXCLUDED.quorum, EXCLUDED.required_roles, EXCLUDED.request_lifetime, EXCLUDED.grant_lifetime,
       EXCLUDED.needs_reauthentication, EXCLUDED.due_after, EXCLUDED.publishes_by_itself, EXCLUDED.set_by_audit_id);
  RETURN NULL;
END $$;
CREATE TRIGGER policy_version_takes_effect AFTER INSERT ON approval_policy_versions
  FOR EACH ROW EXECUTE FUNCTION policy_version_takes_effect();

-- A policy is set once by its owner; from then on it says what its newest approved version says, and nothing else.
CREATE OR REPLACE FUNCTION policy_change_needs_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'DELETE' AND current_user = pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    IF TG_OP = 'INSERT' AND NEW.set_by_audit_id IS NULL THEN
      NEW.due_after := COALESCE(NEW.due_after, NEW.request_lifetime / 2);
      RETURN NEW;
    END IF;
    IF (TG_OP = 'INSERT' OR (OLD.id, OLD.created_at) = (NEW.id, NEW.created_at)) AND EXISTS (
        SELECT FROM approval_policy_versions v
        WHERE v.audit_id = NEW.set_by_audit_id
          AND (v.action, v.risk, v.quorum, v.required_roles, v.request_lifetime, v.grant_lifetime,
               v.needs_reauthentication, v.due_after, v.publishes_by_itself)
            = (NEW.action, NEW.risk, NEW.quorum, NEW.required_roles, NEW.request_lifetime, NEW.grant_lifetime,
               NEW.needs_reauthentication, NEW.due_after, NEW.publishes_by_itself)
          AND v.number = (SELECT max(n.number) FROM approval_policy_versions n WHERE n.action = v.action AND n.risk = v.risk)) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM refuse('policy_change_needs_approval', 'An approval policy changes only by an approved proposal.',
                 'Propose the change and have it approved.');
END $$;

CREATE TRIGGER policy_change_never_changes BEFORE UPDATE OR DELETE ON approval_policy_changes
  FOR EACH ROW EXECUTE FUNCTION refuse_change('policy_change_never_changes');
CREATE TRIGGER policy_changes_are_never_truncated BEFORE TRUNCATE ON approval_policy_changes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('policy_change_never_changes');
CREATE TRIGGER policy_version_never_changes BEFORE UPDATE OR DELETE ON approval_policy_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change('policy_change_never_changes');
CREATE TRIGGER policy_versions_are_never_truncated BEFORE TRUNCATE ON approval_policy_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('policy_change_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_policy_changes
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'canonical', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON approval_policy_versions
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
ALTER TABLE approval_policy_changes
  ENABLE ALWAYS TRIGGER policy_change_is_well_formed, ENABLE ALWAYS TRIGGER policy_change_can_be_approved,
  ENABLE ALWAYS TRIGGER policy_change_never_changes, ENABLE ALWAYS TRIGGER policy_changes_are_never_truncated,
  ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE approval_policy_versions
  ENABLE ALWAYS TRIGGER policy_version_is_what_was_approved, ENABLE ALWAYS TRIGGER grant_still_stands,
  ENABLE ALWAYS TRIGGER policy_version_takes_effect, ENABLE ALWAYS TRIGGER policy_version_never_changes,
  ENABLE ALWAYS TRIGGER policy_versions_are_never_truncated, ENABLE ALWAYS TRIGGER change_is_audited;

REVOKE ALL ON FUNCTION policy_change_is_well_formed(), policy_change_can_be_approved(), policy_version_is_what_was_approved(),
  policy_version_takes_effect() FROM PUBLIC;
GRANT SELECT ON approval_policy_changes, approval_policy_versions TO xm_staff, xm_worker, xm_platform, xm_auditor;
GRANT INSERT (canonical, proposed_by) ON approval_policy_changes TO xm_platform;
GRANT INSERT (audit_id, change_id, digest) ON approval_policy_versions TO xm_platform;
