-- Staff log in and are remembered; nothing else of Django's own tables is theirs to change.
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO xm_staff, xm_platform;
GRANT SELECT ON django_admin_log, django_content_type TO xm_staff, xm_platform;
GRANT SELECT ON django_migrations TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
-- these may be older than the default privileges of 0001
GRANT SELECT ON ALL TABLES IN SCHEMA public TO xm_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO xm_backup;
