"""Whoever looks at a request says so, and whoever takes part comments on it."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0025_thread_tables")]

    operations = [SqlPair("audit", "0026_threads")]
