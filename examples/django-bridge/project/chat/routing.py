"""Which consumer serves which socket."""

from django.urls import re_path

from .consumers import ChatConsumer
from .names import ROOM_NAME

websocket_urlpatterns = [
    re_path(rf"^ws/chat/(?P<room_name>{ROOM_NAME})/$", ChatConsumer.as_asgi()),
]
