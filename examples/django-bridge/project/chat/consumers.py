"""Django's side of a socket."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class ChatConsumer(AsyncJsonWebsocketConsumer):
    """A window in a room: what it says goes to the room's group, and what comes from there goes to it."""

    async def connect(self):
        self.group_name = f"chat_{self.scope['url_route']['kwargs']['room_name']}"
        await self.channel_layer.group_add(self.group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group_name, self.channel_name)

    async def receive_json(self, content):
        event = {"type": "chat.message", "message": content["message"]}
        await self.channel_layer.group_send(self.group_name, event)

    async def chat_message(self, event):
        await self.send_json({"message": event["message"]})
