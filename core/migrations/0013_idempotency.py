"""What was answered under a key stays what it was, for its own tenant, for a day at least."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0012_idempotency_tables")]

    operations = [SqlPair("core", "0013_idempotency")]
