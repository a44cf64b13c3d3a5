"""A policy changes by people's approval."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0036_policy_tables")]

    operations = [SqlPair("audit", "0037_policies")]
