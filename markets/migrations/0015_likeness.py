"""Texts that are alike share a mark."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0014_publishing")]

    operations = [SqlPair("markets", "0015_likeness")]
