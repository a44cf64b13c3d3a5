"""Resolutions are disputed, markets clarified and closed."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0009_standing")]

    operations = [SqlPair("markets", "0010_disputes")]
