import { createServer } from "node:http";

/** A small server of event streams with POSTs beside them, as docs/protocol.md has it; no WebSockets. */
export async function sseServer({ refuse = () => null, onFrame = () => {}, subprotocol = null } = {}) {
    const sessions = new Map();
    const log = { frames: [], posts: [], closes: [], opens: [], streams: 0 };
    let last = 0;
    const server = createServer(async (request, response) => {
        const session = sessions.get(request.headers["consumer-session"]);
        const refusal = refuse(request);
        if (refusal) return response.writeHead(refusal.status, refusal.headers ?? {}).end("refused");
        if (request.method === "GET") {
            if (request.headers.upgrade) return response.writeHead(403).end();
            const token = `session-${++last}`;
            log.opens.push(request.url);
            log.streams++;
            response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
            const stream = {
                text: text => response.write(text.split("\n").map(line => `data: ${line}\n`).join("") + "\n"),
                bytes: bytes => response.write(`event: bytes\ndata: ${Buffer.from(bytes).toString("base64")}\n\n`),
                close(code, reason) {
                    response.end(`event: close\ndata: ${JSON.stringify({ code, reason })}\n\n`);
                    sessions.delete(token);
                },
                raw: response,
            };
            response.on("close", () => {
                log.streams--;
                sessions.delete(token);
            });
            sessions.set(token, stream);
            response.write(`: hello\n\nevent: open\ndata: ${JSON.stringify({ session: token, subprotocol })}\n\n`);
            return;
        }
        const body = Buffer.concat(await request.toArray());
        if (!session) return response.writeHead(404).end();
        if (request.method === "DELETE") {
            log.closes.push(request.headers["consumer-close"]);
            sessions.delete(request.headers["consumer-session"]);
            session.raw.end();
            return response.writeHead(204).end();
        }
        const type = request.headers["content-type"];
        const frames = type === "application/x-ndjson" ? body.toString().split("\n")
            : type === "text/plain" ? [body.toString()]
            : [[...body]];
        log.posts.push([type, frames.length]);
        for (const frame of frames) {
            log.frames.push(frame);
            const json = type === "application/x-ndjson" ? JSON.parse(frame) : {};
            if (json.type === "ping") session.text(JSON.stringify({ type: "reply", id: json.id, ok: null }));
            else await onFrame(json, session, frame);
        }
        response.writeHead(204).end();
    });
    await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
    return {
        log, sessions, server,
        url: `http://127.0.0.1:${server.address().port}`,
        stop: () => new Promise(resolve => {
            server.close(resolve);
            server.closeAllConnections();
        }),
    };
}
