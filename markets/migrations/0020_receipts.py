"""What the API shows of a market says where the receipt of its approval is."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0019_risen")]

    operations = [SqlPair("markets", "0020_receipts")]
