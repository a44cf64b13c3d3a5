"""Who is entitled to what, and where the switches stand, is in the log."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_signatures"), ("core", "0011_entitlements")]

    operations = [SqlPair("audit", "0007_entitlements")]
