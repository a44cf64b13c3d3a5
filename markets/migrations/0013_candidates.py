"""Events are proposed."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0012_candidate_tables"), ("audit", "0022_revocations")]

    operations = [SqlPair("markets", "0013_candidates")]
