"""Whoever goes past what is usual alone is reviewed by somebody else."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0027_override_table")]

    operations = [SqlPair("audit", "0028_overrides")]
