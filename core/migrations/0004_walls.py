"""A tenant's rows stand behind one wall, and its form is written once."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0003_staff_pages")]

    operations = [SqlPair("core", "0004_walls")]
