"""Whoever waits for people's answer hears of it."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0032_trial")]

    operations = [SqlPair("audit", "0033_waiting")]
