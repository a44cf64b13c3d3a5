-- Nobody is told of what waits.
REVOKE ALL ON approval_notices FROM xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('approval_notices');
DROP TRIGGER request_is_noticed ON approval_requests;
DROP TRIGGER notices_are_never_truncated ON approval_notices;
DROP TRIGGER notice_stays ON approval_notices;
DROP TRIGGER notice_is_told_once ON approval_notices;
DROP FUNCTION request_is_noticed(), care_for_requests(integer), tenants_to_tell(), hand_over_notices(uuid),
  people_to_tell(uuid), notice_is_told_once();
ALTER TABLE approval_notices DROP CONSTRAINT notice_has_a_known_request;
