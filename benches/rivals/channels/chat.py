"""The chat and an echo on Django Channels, with the asynchronous consumer.

The layer is in memory, or at `LAYER`: `redis://..` is channels_redis' default, `redis+pubsub://..` its other one.
"""

import json
import os

import django
from django.conf import settings

BACKENDS = {
    "redis": "channels_redis.core.RedisChannelLayer",
    "redis+pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
}


def layer(address):
    scheme, _, server = address.partition("://")
    if not server:
        return {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    return {"BACKEND": BACKENDS[scheme], "CONFIG": {"hosts": [f"redis://{server}"]}}


settings.configure(
    ALLOWED_HOSTS=["*"],
    CHANNEL_LAYERS={"default": layer(os.environ.get("LAYER", "memory"))},
    INSTALLED_APPS=["channels"],
    SECRET_KEY="of no use beyond this machine",
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import path  # noqa: E402


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room = "chat_" + self.scope["url_route"]["kwargs"]["room_name"]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.room, self.channel_name)

    async def receive(self, text_data):
        message = json.loads(text_data)["message"]
        await self.channel_layer.group_send(self.room, {"type": "chat.message", "message": message})

    async def chat_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))


class EchoConsumer(AsyncWebsocketConsumer):
    async def receive(self, text_data):
        await self.send(text_data=text_data)


application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": URLRouter(
            [
                path("ws/chat/<slug:room_name>/", ChatConsumer.as_asgi()),
                path("echo/", EchoConsumer.as_asgi()),
            ]
        ),
    }
)
