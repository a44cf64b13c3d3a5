-- Failed logins are counted by those who serve the login, and by nobody else.
GRANT SELECT, INSERT, UPDATE, DELETE ON axes_accessattempt TO xm_staff, xm_platform;
