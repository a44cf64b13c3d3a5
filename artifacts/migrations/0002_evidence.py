"""Evidence is written once."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0001_tables"), ("audit", "0003_approvals")]

    operations = [SqlPair("artifacts", "0002_evidence")]
