"""Every request says when it is due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0019_due")]

    operations = [
        migrations.AlterField(model_name="approvalrequest", name="due_at", field=models.DateTimeField()),
    ]
