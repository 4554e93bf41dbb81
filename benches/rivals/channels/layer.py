"""A process of Django's that sends and receives through a channel layer, as it is told on stdin.

    python layer.py redis://localhost:6379

The commands and the answers are those of `benches/src/bin/layer.rs`.
"""

import asyncio
import json
import os
import sys
import time

os.environ["LAYER"] = sys.argv[1]

import chat  # noqa: E402, F401 -- sets Django up

from channels.layers import get_channel_layer  # noqa: E402

TEXT = "#00000000" + "x" * 41


async def join(layer, groups, heard):
    channel = await layer.new_channel()
    start = time.perf_counter()
    for number in range(groups):
        await layer.group_add(f"bench_{number}", channel)
    seconds = time.perf_counter() - start

    async def hear():
        while True:
            message = await layer.receive(channel)
            heard.append(time.time_ns() - message["stamp"])

    return seconds, asyncio.create_task(hear())


async def send(layer, groups, in_flight, rate, seconds):
    sent = failed = 0
    start = time.perf_counter()

    async def sender():
        nonlocal sent, failed
        due = start
        while time.perf_counter() < start + seconds:
            if rate:
                await asyncio.sleep(max(0, due - time.perf_counter()))
                due += 1 / rate
            number = sent * 7919 % groups
            sent += 1
            try:
                tick = {"type": "bench.tick", "message": TEXT, "stamp": time.time_ns()}
                await layer.group_send(f"bench_{number}", tick)
            except Exception as error:
                print(error, file=sys.stderr)
                failed += 1

    await asyncio.gather(*[sender() for _ in range(in_flight)])
    return {"sent": sent - failed, "failed": failed, "seconds": time.perf_counter() - start}


def answer(what):
    print(what if isinstance(what, str) else json.dumps(what), flush=True)


async def main():
    layer = get_channel_layer()
    lines = asyncio.StreamReader(limit=2**20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    heard = []
    hearing = []
    answer("ready")
    while line := (await lines.readline()).decode().strip():
        what, _, rest = line.partition(" ")
        if what == "join":
            seconds, task = await join(layer, int(rest), heard)
            hearing.append(task)
            answer({"seconds": seconds})
        elif what == "send":
            answer(await send(layer, **json.loads(rest)))
        elif what == "count":
            answer({"count": len(heard)})
        elif what == "heard":
            answer({"nanoseconds": heard})
            heard.clear()
        elif what == "say":
            group, _, message = rest.partition(" ")
            await layer.group_send(group, {"type": "chat.message", "message": message})
            answer({})
        else:
            raise SystemExit(f"what is `{what}`?")


asyncio.run(main())
