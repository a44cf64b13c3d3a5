-- Nobody counts failed logins or keeps second factors any more.
REVOKE ALL ON axes_accessattempt, otp_totp_totpdevice, otp_static_staticdevice, otp_static_statictoken
  FROM xm_staff, xm_platform;
