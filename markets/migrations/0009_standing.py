"""A market says what was approved last."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0008_life")]

    operations = [SqlPair("markets", "0009_standing")]
