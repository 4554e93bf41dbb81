"""Puts messages into an acknowledged channel, as `docs/workers.md` says.

Arguments: the server's URL, the channel, and messages as JSON.
"""

import json
import sys

import msgpack
import redis

url, channel, *messages = sys.argv[1:]
server = redis.Redis.from_url(url)
for message in messages:
    server.xadd(f"asgi:work:{channel}", {"message": msgpack.packb(json.loads(message))})
