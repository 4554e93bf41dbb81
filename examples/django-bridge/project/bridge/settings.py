"""The settings of a small project: pages, one app, one channel layer, no database."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

# A new one for each process will do: nothing that is signed with it is kept.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

INSTALLED_APPS = ["daphne", "channels", "chat"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "bridge.urls"
ASGI_APPLICATION = "bridge.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
TIME_ZONE = "UTC"

# `redis://HOST:PORT`, or `redis+pubsub://HOST:PORT` for the layer that publishes instead of storing.
_layers = {
    "redis": "channels_redis.core.RedisChannelLayer",
    "redis+pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
}
_scheme, _, _server = os.environ.get("CHANNELS_REDIS", "redis://127.0.0.1:6379").partition("://")
if _scheme not in _layers:
    raise ImproperlyConfigured("CHANNELS_REDIS is as in redis://localhost:6379 or redis+pubsub://localhost:6379")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": _layers[_scheme],
        # redis-py 8 gives a read five seconds unless told otherwise; channels_redis waits for messages just as long, so
        # a socket at rest would be closed with 1011 after a few seconds (channels_redis #422). Said here rather than by
        # an older redis-py, since this holds with every version, and an upgrade cannot take it away.
        "CONFIG": {"hosts": [{"address": f"redis://{_server}", "socket_timeout": None}]},
    },
}

# Where a browser finds the sockets that Rust serves. Behind one proxy for both it would be the page's own host.
RUST_SOCKETS = os.environ.get("RUST_SOCKETS", "ws://127.0.0.1:8001")
