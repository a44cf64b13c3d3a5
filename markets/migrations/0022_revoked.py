"""A market that rested on what was revoked trades again by a later reopening alone, whatever it says by then."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0021_lent")]

    operations = [SqlPair("markets", "0022_revoked")]
