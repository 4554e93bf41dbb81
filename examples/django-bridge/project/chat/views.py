"""The page of a room, and three ways from an HTTP request to the room's group."""

import asyncio
import sys

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django import forms
from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from . import tasks

COMMAND_SECONDS = 30


class Saying(forms.Form):
    message = forms.CharField(max_length=500)


def refusal(form):
    return JsonResponse({"error": " ".join(form.errors["message"])}, status=400)


@require_GET
def room(request, room_name):
    return render(request, "chat/room.html", {"room_name": room_name, "rust_sockets": settings.RUST_SOCKETS})


@require_POST
def say(request, room_name):
    """Sends within the request."""
    form = Saying(request.POST)
    if not form.is_valid():
        return refusal(form)
    event = {"type": "chat.message", "message": form.cleaned_data["message"]}
    async_to_sync(get_channel_layer().group_send)(f"chat_{room_name}", event)
    return JsonResponse({})


@require_POST
async def say_by_command(request, room_name):
    """Runs `manage.py say`, a process of its own."""
    form = Saying(request.POST)
    if not form.is_valid():
        return refusal(form)
    command = await asyncio.create_subprocess_exec(
        sys.executable, settings.BASE_DIR / "manage.py", "say", "--", room_name, form.cleaned_data["message"],
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, complaint = await asyncio.wait_for(command.communicate(), COMMAND_SECONDS)
    except asyncio.TimeoutError:
        command.kill()
        await command.wait()
        return JsonResponse({"error": f"the command was not done after {COMMAND_SECONDS} s"}, status=504)
    if command.returncode != 0:
        return JsonResponse({"error": complaint.decode(errors="replace")[-500:]}, status=500)
    return JsonResponse({})


@require_POST
def say_by_task(request, room_name):
    """Leaves it to the thread; the answer does not wait for it."""
    form = Saying(request.POST)
    if not form.is_valid():
        return refusal(form)
    tasks.say.delay(room_name, form.cleaned_data["message"])
    return JsonResponse({}, status=202)
