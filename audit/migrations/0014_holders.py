"""Who keeps checkpoints is known to everybody, only the worker says how far they are, and a cosignature stays."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0013_holders")]

    operations = [SqlPair("audit", "0014_holders")]
