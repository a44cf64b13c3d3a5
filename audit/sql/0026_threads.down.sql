-- Nobody says that they look at a request, and nobody comments on it.
REVOKE ALL ON approval_claims, approval_comments FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('approval_comments');
SELECT lower_tenant_wall('approval_claims');
DROP TRIGGER change_is_audited ON approval_comments;
DROP TRIGGER change_is_audited ON approval_claims;
DROP TRIGGER comments_are_never_truncated ON approval_comments;
DROP TRIGGER comment_never_changes ON approval_comments;
DROP TRIGGER claims_are_never_truncated ON approval_claims;
DROP TRIGGER claim_is_never_deleted ON approval_claims;
DROP TRIGGER comment_is_by_whoever_takes_part ON approval_comments;
DROP FUNCTION comment_is_by_whoever_takes_part();
DROP TRIGGER claim_is_only_released ON approval_claims;
DROP FUNCTION claim_is_only_released();
DROP TRIGGER claim_is_ones_own ON approval_claims;
DROP FUNCTION claim_is_ones_own();
ALTER TABLE approval_comments
  DROP CONSTRAINT comment_says_something,
  DROP CONSTRAINT comment_is_by_a_known_user,
  DROP CONSTRAINT comment_has_a_known_request;
ALTER TABLE approval_claims
  DROP CONSTRAINT claim_is_by_a_known_person,
  DROP CONSTRAINT claim_has_a_known_request;
