"""A key is called an API key."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0020_granting")]

    operations = [
        migrations.AlterModelOptions(
            name="apikey", options={"base_manager_name": "objects", "verbose_name": "API key"}
        )
    ]
