"""Failed logins are counted by those who serve the login, and by nobody else."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_idempotency"),
        ("axes", "0009_add_session_hash"),
        ("otp_totp", "0003_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]

    operations = [SqlPair("core", "0014_staff_security")]
