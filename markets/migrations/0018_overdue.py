"""A market that one person let through alone is paused once nobody reviewed that in time."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0017_duplicates"), ("audit", "0038_overdue")]

    operations = [SqlPair("markets", "0018_overdue")]
