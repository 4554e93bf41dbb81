import json
import os

SECRET_KEY = "of a test"
INSTALLED_APPS = ["channels"]
ASGI_APPLICATION = "asgi.application"
CHANNEL_LAYERS = {"default": json.loads(os.environ["LAYER"])}
