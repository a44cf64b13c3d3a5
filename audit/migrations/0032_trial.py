"""What is only tried is never kept, and a decision may say for how long the page was read."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0031_reading")]

    operations = [SqlPair("audit", "0032_trial")]
