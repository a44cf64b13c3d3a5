"""Events are published and taken back."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0013_candidates")]

    operations = [SqlPair("markets", "0014_publishing")]
