"""A proposal is of one kind for ever."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0006_life_tables"), ("audit", "0022_revocations")]

    operations = [SqlPair("markets", "0007_kinds")]
