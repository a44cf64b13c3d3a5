"""A key is good for its scopes, only ever ends, and two of one label are live at most."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0006_key_columns")]

    operations = [SqlPair("core", "0007_keys")]
