"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import sys

from portal.app import create_app

# The thread that writes lets others run at each SQL statement; with Python's 5 ms turns everybody
# behind it would wait for them sixteen times over.
sys.setswitchinterval(0.0005)

app = create_app()
