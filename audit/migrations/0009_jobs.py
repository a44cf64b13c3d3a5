"""What people do to jobs is in the log, and so is every job that ran out of attempts."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_hot_lists"), ("core", "0016_jobs")]

    operations = [SqlPair("audit", "0009_jobs")]
