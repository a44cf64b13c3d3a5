-- Staff log in and are remembered; nothing else of Django's own tables is theirs to change.
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO xm_staff, xm_platform;
GRANT SELECT ON django_admin_log, django_content_type TO xm_staff, xm_platform;
GRANT SELECT ON django_migrations TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
-- these may be older than the default privileges of 0001
GRANT SELECT ON auth_group, auth_group_permissions, auth_permission, django_admin_log, django_content_type,
  django_migrations, django_session TO xm_backup;
GRANT SELECT ON SEQUENCE auth_group_id_seq, auth_group_permissions_id_seq, auth_permission_id_seq,
  django_admin_log_id_seq, django_content_type_id_seq, django_migrations_id_seq TO xm_backup;
