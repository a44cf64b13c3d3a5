-- A key is good for whatever its holder may do.
REVOKE SELECT (scopes, last_used_at) ON api_keys FROM xm_staff, xm_platform, xm_auditor;
REVOKE INSERT (scopes), UPDATE (expires_at) ON api_keys FROM xm_staff, xm_platform;
DROP FUNCTION key_is_live(uuid);
DROP TRIGGER two_keys_are_live ON api_keys;
DROP FUNCTION two_keys_are_live();
DROP TRIGGER key_only_ends ON api_keys;
DROP FUNCTION key_only_ends();
ALTER TABLE api_keys DROP CONSTRAINT scopes_are_written_plainly;
