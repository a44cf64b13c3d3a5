"""The log is sealed in one order, tiles only grow, and a checkpoint stays what it was."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0010_seal_tables")]

    operations = [SqlPair("audit", "0011_seal")]
