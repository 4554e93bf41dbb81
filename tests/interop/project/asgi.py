"""The worker: makes a thumbnail's name of a picture's, and says so on another channel."""

from channels.consumer import AsyncConsumer
from channels.routing import ChannelNameRouter, ProtocolTypeRouter


class Thumbnails(AsyncConsumer):
    async def thumbnails_generate(self, message):
        made = {"type": "thumbnails.made", "picture": message["picture"], "name": "small-" + message["picture"]}
        await self.channel_layer.send("thumbnails-made", made)


application = ProtocolTypeRouter({"channel": ChannelNameRouter({"thumbnails-generate": Thumbnails.as_asgi()})})
