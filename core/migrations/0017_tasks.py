"""Owners' jobs are read as the resume agent's tasks."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0016_jobs")]

    operations = [SqlPair("core", "0017_tasks")]
