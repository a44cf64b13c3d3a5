-- Nobody logs in any more.
REVOKE ALL ON django_migrations FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
REVOKE ALL ON django_admin_log, django_content_type FROM xm_staff, xm_platform;
REVOKE ALL ON django_session FROM xm_staff, xm_platform;
REVOKE SELECT ON SEQUENCE auth_group_id_seq, auth_group_permissions_id_seq, auth_permission_id_seq,
  django_admin_log_id_seq, django_content_type_id_seq, django_migrations_id_seq FROM xm_backup;
REVOKE SELECT ON auth_group, auth_group_permissions, auth_permission, django_admin_log, django_content_type,
  django_migrations, django_session FROM xm_backup;
