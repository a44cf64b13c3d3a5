"""A market changes only by approval of exactly that change."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0007_kinds")]

    operations = [SqlPair("markets", "0008_life")]
