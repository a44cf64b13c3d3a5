-- Failed logins and second factors belong to those who serve the login, and to nobody else.
GRANT SELECT, INSERT, UPDATE, DELETE ON axes_accessattempt TO xm_staff, xm_platform;
GRANT SELECT, INSERT, UPDATE, DELETE ON otp_totp_totpdevice, otp_static_staticdevice TO xm_staff, xm_platform;
GRANT SELECT, INSERT, DELETE ON otp_static_statictoken TO xm_staff, xm_platform;
