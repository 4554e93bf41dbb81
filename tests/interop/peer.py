"""A process of Django Channels: does what it is told on stdin, and tells on stdout what it hears; JSON, line by line.

The one argument is `{"layer": dotted path, "config": keyword arguments}`. Bytes are `{"bytes": hex}` in both directions.
It goes on when its layer raises: a call tells what, and a line without calls how often it could not receive.
What JSON has no form for, compiled expressions in `channel_capacity`, stands there as in our own settings.
"""

import asyncio
import importlib
import json
import re
import sys

from channels.exceptions import ChannelFull


def told(line):
    return json.loads(line, object_hook=lambda value: bytes.fromhex(value["bytes"]) if set(value) == {"bytes"} else value)


def tell(**what):
    print(json.dumps(what, default=lambda value: {"bytes": value.hex()}), flush=True)


def capacities(written):
    if isinstance(written, dict):
        return written
    pairs = [(re.compile(entry["regex"]), entry["capacity"]) if isinstance(entry, dict) else entry for entry in written]
    return dict(pairs)


async def main():
    wanted = json.loads(sys.argv[1])
    wanted["config"]["channel_capacity"] = capacities(wanted["config"].get("channel_capacity") or {})
    module, name = wanted["layer"].rsplit(".", 1)
    layer = getattr(importlib.import_module(module), name)(**wanted["config"])
    channel = await layer.new_channel()

    failures = 0

    async def hear():
        nonlocal failures
        while True:
            try:
                heard = await layer.receive(channel)
            except Exception:
                failures += 1
                await asyncio.sleep(0.05)
            else:
                tell(heard=heard)

    hearing = asyncio.create_task(hear())
    tell(channel=channel)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        calls = told(line)
        if not calls:
            tell(failures=failures)
        for method, arguments in calls.items():
            error = ""
            try:
                await getattr(layer, method)(*[channel if argument == "<own>" else argument for argument in arguments])
            except Exception as raised:
                error = repr(raised)
            tell(done=error)
    hearing.cancel()


asyncio.run(main())
