"""The accounts of a Django project: does what it is told, and prints what came of it.

    accounts.py SETTINGS STEPS

SETTINGS are Django's, as JSON. STEPS is a list of lists, a name and arguments, as in
[["migrate"], ["user", "ann", {"is_staff": true}], ["login", "ann"]]; for each, a line
of JSON with what the function of that name returns.
"""

import json
import sys

import django
from django.conf import settings

given = json.loads(sys.argv[1])
settings.configure(
    ALLOWED_HOSTS=["testserver"],
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    # Quick to make, since many are.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    USE_TZ=True,
    **given,
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402


def migrate():
    call_command("migrate", verbosity=0)


def user(name, fields):
    return str(User.objects.create_user(name, f"{name}@example.com", "secret", **fields).pk)


def login(name, values=None):
    """The cookie of a new session, with these values in it too."""
    client = Client()
    assert client.login(username=name, password="secret")
    session = client.session
    session.update(values or {})
    session.save()
    # With signed cookies the key is the session.
    return session.session_key


def anonymous(values):
    session = Client().session
    session.update(values)
    session.save()
    return session.session_key


def change_password(name):
    user = User.objects.get(username=name)
    user.set_password("another")
    user.save()


def change(name, fields):
    User.objects.filter(username=name).update(**fields)


def delete_user(name):
    User.objects.filter(username=name).delete()


def logout(key):
    Session.objects.filter(session_key=key).delete()


def expire(key):
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timezone.timedelta(seconds=1))


for name, *arguments in json.loads(sys.argv[2]):
    print(json.dumps(globals()[name](*arguments)))
