"""At high risk whoever let a market in leaves its end to others, and so does whoever let them decide in their role."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0020_receipts")]

    operations = [SqlPair("markets", "0021_lent")]
