"""Nobody proposes or writes more than they are entitled to, and agents stop when people say so."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0010_entitlement_tables")]

    operations = [SqlPair("core", "0011_entitlements")]
