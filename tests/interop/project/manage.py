"""A Django project as small as it can be: one worker, `manage.py runworker thumbnails-generate`.

`LAYER` in the environment is `{"BACKEND": .., "CONFIG": {..}}`, as in `CHANNEL_LAYERS`.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
