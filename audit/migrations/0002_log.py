"""The audit log only grows, and governed rows write into it."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables"), ("core", "0002_access")]

    operations = [SqlPair("audit", "0002_log")]
