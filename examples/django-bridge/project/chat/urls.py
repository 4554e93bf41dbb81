"""The page of a room, and what its buttons call."""

from django.urls import re_path

from . import views
from .names import ROOM_NAME

urlpatterns = [
    re_path(rf"^(?P<room_name>{ROOM_NAME})/$", views.room),
    re_path(rf"^(?P<room_name>{ROOM_NAME})/say/$", views.say),
    re_path(rf"^(?P<room_name>{ROOM_NAME})/say-by-command/$", views.say_by_command),
    re_path(rf"^(?P<room_name>{ROOM_NAME})/say-by-task/$", views.say_by_task),
]
