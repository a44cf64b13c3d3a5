"""Whoever watches the log is told how it stands, whatever role they work as."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0014_holders")]

    operations = [SqlPair("audit", "0015_standing")]
