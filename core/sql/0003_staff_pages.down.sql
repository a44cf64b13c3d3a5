-- Nobody logs in any more.
REVOKE ALL ON django_migrations FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
REVOKE ALL ON django_admin_log, django_content_type FROM xm_staff, xm_platform;
REVOKE ALL ON django_session FROM xm_staff, xm_platform;
REVOKE SELECT ON ALL SEQUENCES IN SCHEMA public FROM xm_backup;
REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM xm_backup;
