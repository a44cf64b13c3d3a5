-- Whoever may decide is told of what waits, once for each occasion, and what nobody decided in time is escalated once.
ALTER TABLE approval_notices
  ADD CONSTRAINT notice_has_a_known_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES approval_requests (tenant_id, id) MATCH FULL ON DELETE RESTRICT;

-- A request that is put, escalated or answered is noticed with the row itself; who takes it back knows it already.
CREATE FUNCTION request_is_noticed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  about text := CASE
    WHEN TG_OP = 'INSERT' THEN 'put'
    WHEN NEW.escalated_at IS DISTINCT FROM OLD.escalated_at THEN 'escalated'
    WHEN OLD.status = 'open' AND NEW.status IN ('granted', 'rejected', 'changes_requested') THEN 'closed'
  END;
BEGIN
  IF about IS NOT NULL THEN
    INSERT INTO approval_notices (tenant_id, request_id, occasion) VALUES (NEW.tenant_id, NEW.id, about) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER request_is_noticed AFTER INSERT OR UPDATE ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION request_is_noticed();
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_is_noticed;

-- What no row says is noticed by the clock: due within the hour, overdue, and over without an answer.
CREATE FUNCTION care_for_requests(most integer) RETURNS SETOF approval_requests
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moment timestamptz := clock_timestamp();
BEGIN
  -- whoever has two hours or less is told once, when it is put
  INSERT INTO approval_notices (tenant_id, request_id, occasion)
  SELECT r.tenant_id, r.id, 'due' FROM approval_requests r
  WHERE r.status = 'open' AND r.escalated_at IS NULL AND r.due_at > moment AND r.due_at <= moment + interval '1 hour'
    AND r.due_at > r.requested_at + interval '2 hours'
  ON CONFLICT DO NOTHING;
  INSERT INTO approval_notices (tenant_id, request_id, occasion)
  SELECT r.tenant_id, r.id, 'closed' FROM approval_requests r
  WHERE r.status = 'open' AND r.expires_at <= moment AND r.expires_at > moment - interval '1 day'
  ON CONFLICT DO NOTHING;
  -- whoever decides just now has the lock, and nobody waits for them
  RETURN QUERY
  UPDATE approval_requests r SET escalated_at = moment
  FROM (SELECT o.id FROM approval_requests o
        WHERE o.status = 'open' AND o.escalated_at IS NULL AND o.due_at <= moment AND o.expires_at > moment
        ORDER BY o.due_at LIMIT most FOR NO KEY UPDATE SKIP LOCKED) overdue
  WHERE r.id = overdue.id RETURNING r.*;
END $$;

CREATE FUNCTION tenants_to_tell() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT n.tenant_id FROM public.approval_notices n WHERE n.job_id IS NULL
$$;

-- One job tells all that is untold in its tenant.
CREATE FUNCTION hand_over_notices(to_job uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  handed integer;
BEGIN
  UPDATE approval_notices n SET job_id = to_job FROM jobs j
  WHERE j.job_id = to_job AND j.job_type = 'approval:notify' AND n.tenant_id = j.tenant_id AND n.job_id IS NULL;
  GET DIAGNOSTICS handed = ROW_COUNT;
  RETURN handed;
END $$;

-- Who is told what by a job of this tenant: whoever could still decide; of what is overdue the platform too; of the end who asked.
CREATE FUNCTION people_to_tell(by_job uuid) RETURNS TABLE (person_id uuid, email text, request_id uuid, occasion text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH people AS MATERIALIZED (
    SELECT u.id, u.tenant_id, u.email, u.is_staff, public.role_rank(public.highest_role(u.id)) AS rank FROM public.users u
    WHERE u.kind = 'person' AND u.status = 'active'
      AND u.tenant_id IN (public.unit_setting('tenant_id')::uuid, '00000000-0000-0000-0000-000000000000')),
  told AS (
    SELECT n.occasion, r.* FROM public.approval_notices n JOIN public.approval_requests r ON r.id = n.request_id
    WHERE n.job_id = by_job AND n.tenant_id = public.unit_setting('tenant_id')::uuid)
  SELECT p.id, p.email::text, t.id, t.occasion::text FROM told t JOIN people p ON
    CASE WHEN t.occasion = 'closed' THEN p.id = COALESCE(t.operated_by, t.proposed_by)
    ELSE t.status = 'open' AND t.expires_at > clock_timestamp() AND p.is_staff
      AND (p.tenant_id = t.tenant_id OR t.occasion = 'escalated')
      AND p.id <> t.proposed_by AND p.id IS DISTINCT FROM t.operated_by AND p.id <> ALL (t.barred)
      AND NOT EXISTS (SELECT FROM public.approval_decisions d WHERE d.request_id = t.id AND d.reviewer_id = p.id)
      AND EXISTS (SELECT FROM unnest(public.approval_slots(t.required_roles)) w (slot) WHERE public.role_rank(w.slot) <= p.rank
                  GROUP BY w.slot HAVING count(*) > (SELECT count(*) FROM public.approval_decisions d
                                                     WHERE d.request_id = t.id AND d.slot = w.slot))
    END
$$;

CREATE FUNCTION notice_is_told_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside approval_notices := NEW;
BEGIN
  beside.job_id := NULL;
  IF NEW.job_id IS NULL OR beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('notice_is_told_once', 'A notice is told once, and stays.', 'Look at the job that told it.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notice_is_told_once BEFORE UPDATE ON approval_notices
  FOR EACH ROW EXECUTE FUNCTION notice_is_told_once();
CREATE TRIGGER notice_stays BEFORE DELETE ON approval_notices
  FOR EACH ROW EXECUTE FUNCTION refuse_change('notice_is_told_once');
CREATE TRIGGER notices_are_never_truncated BEFORE TRUNCATE ON approval_notices
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('notice_is_told_once');
ALTER TABLE approval_notices ENABLE ALWAYS TRIGGER notice_is_told_once;
ALTER TABLE approval_notices ENABLE ALWAYS TRIGGER notice_stays;
ALTER TABLE approval_notices ENABLE ALWAYS TRIGGER notices_are_never_truncated;

SELECT raise_tenant_wall('approval_notices');
REVOKE ALL ON FUNCTION request_is_noticed(), care_for_requests(integer), tenants_to_tell(), hand_over_notices(uuid),
  people_to_tell(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care_for_requests(integer), tenants_to_tell(), hand_over_notices(uuid), people_to_tell(uuid) TO xm_worker;
GRANT SELECT ON approval_notices TO xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
