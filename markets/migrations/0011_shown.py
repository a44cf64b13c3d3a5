"""What the API shows tells how a market ended."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0010_disputes")]

    operations = [SqlPair("markets", "0011_shown")]
