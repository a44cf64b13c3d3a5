-- No request is signed any more.
REVOKE ALL ON signing_keys FROM xm_staff, xm_platform, xm_auditor;
REVOKE ALL (signature_policy) ON users FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP FUNCTION take_nonce(uuid, text);
DROP FUNCTION signing_key(text);
DROP TRIGGER request_nonces_are_never_truncated ON request_nonces;
DROP TRIGGER signing_keys_are_never_truncated ON signing_keys;
DROP TRIGGER two_signing_keys_are_live ON signing_keys;
DROP FUNCTION two_signing_keys_are_live();
DROP TRIGGER signing_key_only_ends ON signing_keys;
DROP FUNCTION signing_key_only_ends();
SELECT lower_tenant_wall('request_nonces');
SELECT lower_tenant_wall('signing_keys');
ALTER TABLE request_nonces DROP CONSTRAINT nonce_has_a_known_key;
ALTER TABLE signing_keys
  DROP CONSTRAINT public_key_is_ed25519,
  DROP CONSTRAINT signing_scopes_are_written_plainly,
  DROP CONSTRAINT signing_key_id_is_written_plainly,
  DROP CONSTRAINT signing_key_has_a_known_user;
