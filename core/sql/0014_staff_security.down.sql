-- Nobody counts failed logins any more.
REVOKE ALL ON axes_accessattempt FROM xm_staff, xm_platform;
