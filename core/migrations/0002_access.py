"""Who may act is guarded by the database."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0001_tables")]

    operations = [SqlPair("core", "0002_access")]
