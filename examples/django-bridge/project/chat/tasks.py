"""Work for later, done by a thread; with Celery, `task` would be its `shared_task`, and the thread its worker."""

import logging
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)
worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker")


def task(function):
    """Gives a function a `delay(..)`, which has it called by the thread."""

    def run(*arguments):
        try:
            function(*arguments)
        except Exception:
            logger.exception("task %s failed", function.__name__)

    function.delay = lambda *arguments: worker.submit(run, *arguments)
    return function


@task
def say(room_name, message):
    event = {"type": "chat.message", "message": message}
    async_to_sync(get_channel_layer().group_send)(f"chat_{room_name}", event)
