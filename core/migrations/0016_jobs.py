"""Work is claimed once at a time, moves only as it may, and is seen by whom it concerns."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0015_job_tables")]

    operations = [SqlPair("core", "0016_jobs")]
