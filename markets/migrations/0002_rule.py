"""A market exists only by approval of exactly its content."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0001_tables"), ("audit", "0003_approvals"), ("artifacts", "0002_evidence")]

    operations = [SqlPair("markets", "0002_rule")]
