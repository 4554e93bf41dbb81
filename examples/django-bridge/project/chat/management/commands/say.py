"""Says something in a room, from a shell: `./manage.py say lobby "Tea is ready"`."""

import re

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.management.base import BaseCommand, CommandError

from chat.names import ROOM_NAME


class Command(BaseCommand):
    help = "Says something in a room."

    def add_arguments(self, parser):
        parser.add_argument("room_name", metavar="ROOM")
        parser.add_argument("message", metavar="MESSAGE")

    def handle(self, *, room_name, message, **options):
        if not re.fullmatch(ROOM_NAME, room_name):
            raise CommandError(f"{room_name!r} is no room's name: 1 to 94 ASCII letters, digits, '-', '_' and '.'")
        event = {"type": "chat.message", "message": message}
        async_to_sync(get_channel_layer().group_send)(f"chat_{room_name}", event)
