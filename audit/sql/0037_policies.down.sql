-- No policy changes.
REVOKE ALL ON approval_policy_changes, approval_policy_versions FROM xm_staff, xm_worker, xm_platform, xm_auditor;
DROP TRIGGER change_is_audited ON approval_policy_versions;
DROP TRIGGER change_is_audited ON approval_policy_changes;
DROP TRIGGER policy_versions_are_never_truncated ON approval_policy_versions;
DROP TRIGGER policy_version_never_changes ON approval_policy_versions;
DROP TRIGGER policy_changes_are_never_truncated ON approval_policy_changes;
DROP TRIGGER policy_change_never_changes ON approval_policy_changes;
DROP TRIGGER policy_version_takes_effect ON approval_policy_versions;
DROP TRIGGER grant_still_stands ON approval_policy_versions;
DROP TRIGGER policy_version_is_what_was_approved ON approval_policy_versions;
DROP TRIGGER policy_change_can_be_approved ON approval_policy_changes;
DROP TRIGGER policy_change_is_well_formed ON approval_policy_changes;

-- A policy is set once by its owner; whoever wants another asks people for it.
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

DROP FUNCTION policy_version_takes_effect(), policy_version_is_what_was_approved(), policy_change_can_be_approved(),
  policy_change_is_well_formed(), refuse_another_policy(approval_policies), policy_in(bytea);
ALTER TABLE approval_policy_versions
  DROP CONSTRAINT policy_version_needs_approval, DROP CONSTRAINT policy_version_has_a_known_change;
ALTER TABLE approval_policy_changes DROP CONSTRAINT policy_change_has_a_known_proposer;
