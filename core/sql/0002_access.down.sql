-- Nobody but the owner reads these tables any more.
REVOKE ALL ON tenants, users, user_roles, api_keys, jobs, outbox_events
  FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP FUNCTION person_by_id(uuid);
DROP FUNCTION person_by_email(text);
DROP FUNCTION authenticate_key(text, bytea);
DROP FUNCTION highest_role(uuid);
DROP TRIGGER role_is_in_its_users_tenant ON user_roles;
DROP TRIGGER api_keys_are_never_truncated ON api_keys;
DROP TRIGGER user_roles_are_never_truncated ON user_roles;
DROP TRIGGER users_are_never_truncated ON users;
DROP TRIGGER tenants_are_never_truncated ON tenants;
DROP FUNCTION role_is_in_its_users_tenant();
DROP TRIGGER user_stays_who_they_are ON users;
DROP FUNCTION user_stays_who_they_are();
DROP TRIGGER trg_jobs_updated_at ON jobs;
DROP TRIGGER users_updated_at ON users;
DROP TRIGGER tenants_updated_at ON tenants;
ALTER TABLE outbox_events DROP CONSTRAINT message_has_a_known_tenant;
ALTER TABLE jobs DROP CONSTRAINT job_has_a_known_owner, DROP CONSTRAINT job_has_a_known_tenant;
ALTER TABLE api_keys DROP CONSTRAINT key_digest_is_a_sha256, DROP CONSTRAINT key_has_a_known_user;
ALTER TABLE user_roles DROP CONSTRAINT role_has_a_known_user;
ALTER TABLE users DROP CONSTRAINT user_has_a_known_operator, DROP CONSTRAINT user_has_a_known_tenant;
