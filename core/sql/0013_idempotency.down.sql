-- No answer is kept any more.
REVOKE ALL ON idempotency_keys FROM xm_api;
DROP FUNCTION prune_kept_answers();
DROP TRIGGER kept_answers_are_never_truncated ON idempotency_keys;
DROP TRIGGER kept_answer_stays_for_a_day ON idempotency_keys;
DROP FUNCTION kept_answer_stays_for_a_day();
SELECT lower_tenant_wall('idempotency_keys');
ALTER TABLE idempotency_keys
  DROP CONSTRAINT kept_answer_digest_is_a_sha256,
  DROP CONSTRAINT kept_answer_has_a_known_tenant,
  DROP CONSTRAINT kept_answer_has_a_known_principal;
