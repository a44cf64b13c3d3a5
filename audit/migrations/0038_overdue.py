"""What was done alone and nobody reviewed in time says so, once."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0037_policies")]

    operations = [SqlPair("audit", "0038_overdue")]
