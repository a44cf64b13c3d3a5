"""A person can revoke a grant, and what is revoked allows nothing more."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0021_revocation_table")]

    operations = [SqlPair("audit", "0022_revocations")]
