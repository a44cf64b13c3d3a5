"""Whoever may decide is told of what waits, and what is overdue is escalated."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0034_notice_table")]

    operations = [SqlPair("audit", "0035_notices")]
