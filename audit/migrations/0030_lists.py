"""Several requests of low risk may be decided on together, each by its digest."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0029_list_table")]

    operations = [SqlPair("audit", "0030_lists")]
