"""Nothing governed happens without people's approval."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_log")]

    operations = [SqlPair("audit", "0003_approvals")]
