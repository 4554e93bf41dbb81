/** Characters of one POST, unless a single frame is larger: never more bytes than a server takes by default. */
const BATCH = 16 * 1024;
/** Frames of one POST. */
const LINES = 1000;
/** What a server that says nothing else is given, ms. */
const RETRY = 1000;
/** How long the last frames and the goodbye may take, ms. */
const LINGER = 5000;

/**
 * Opens an event stream with POSTs beside it, and shows it as if it were a WebSocket: for networks that let none
 * through.
 *
 * @param {string} address the WebSocket's
 * @param {string[]} subprotocols to offer
 * @param {() => (run?: () => void, ms?: number) => void} alarm makes a timer that holds one call
 * @param {typeof globalThis.fetch} [fetch]
 */
export function open(address, subprotocols, alarm, fetch = globalThis.fetch) {
    const offer = subprotocols.length ? "_subprotocols=" + encodeURIComponent(subprotocols.join()) : "";
    const url = address.replace(/^ws/, "http") + (offer && (address.includes("?") ? "&" : "?") + offer);
    const abort = new AbortController();
    const { signal } = abort;
    const timer = alarm();
    // No page of another origin can send this header without having asked.
    let session = "new";
    /** @type {(string | Uint8Array<ArrayBuffer>)[]} */
    let waiting = [];
    let posting = false;
    /** How many frames go into one POST. */
    let most = LINES;

    const call = (/** @type {RequestInit} */ init) => fetch(url, {
        cache: "no-store",
        // Cookies go to other origins too, as they do with a WebSocket.
        credentials: "include",
        signal,
        ...init,
        headers: { ...init.headers, "Consumer-Session": session },
    });

    const socket = {
        /** As WebSocket has it: 0 connecting, 1 open, 2 closing, 3 closed. */
        readyState: 0,
        bufferedAmount: 0,
        protocol: "",
        /** @type {any} */
        onopen: null,
        /** @type {any} */
        onmessage: null,
        /** @type {any} */
        onclose: null,
        /** @type {any} */
        onlife: null,
        /** @param {string | Uint8Array | ArrayBuffer} data */
        send(data) {
            const frame = typeof data === "string" ? data : new Uint8Array(data).slice();
            socket.bufferedAmount += frame.length;
            waiting.push(frame);
            pump();
        },
        /**
         * Sends what waits, says goodbye, and ends the stream.
         *
         * @param {number} [code]
         * @param {string} [reason]
         */
        async close(code = 1000, reason = "") {
            if (socket.readyState > 1) return;
            const opened = socket.readyState === 1;
            socket.readyState = 2;
            timer(() => abort.abort(), LINGER);
            if (opened) {
                while (posting) await posted;
                try {
                    const goodbye = `${code} ${encodeURIComponent(reason)}`.trim();
                    const headers = { "Consumer-Close": goodbye };
                    await call({ method: "DELETE", headers, keepalive: true });
                } catch {
                    // The server sees the stream end, at the latest; half a character can't be encoded.
                }
            }
            end(code, reason);
        },
    };
    /** The POST that is under way. */
    let posted = Promise.resolve();

    function end(/** @type {number} */ code, /** @type {string} */ reason) {
        if (socket.readyState === 3) return;
        socket.readyState = 3;
        waiting = [];
        timer();
        abort.abort();
        socket.onclose?.({ code, reason });
    }

    /** Frames that go out together: lines of JSON, or one frame of another kind. */
    function batch() {
        const [first] = waiting;
        if (typeof first !== "string") return { type: "application/octet-stream", body: first, frames: 1 };
        if (!isLine(first)) return { type: "text/plain", body: first, frames: 1 };
        let body = first, frames = 1;
        for (const next of waiting.slice(1)) {
            if (!isLine(next) || body.length + next.length > BATCH || frames >= most) break;
            body += "\n" + next;
            frames++;
        }
        return { type: "application/x-ndjson", body, frames };
    }

    /** One POST at a time, since their order is the frames' order. */
    function pump() {
        if (posting || !waiting.length || socket.readyState === 3) return;
        posting = true;
        posted = post().catch(error => end(1006, String(error.message))).finally(() => {
            posting = false;
            pump();
        });
    }

    async function post() {
        const { type, body, frames } = batch();
        const response = await call({ method: "POST", headers: { "Content-Type": type }, body });
        await response.body?.cancel();
        if (busy(response)) {
            // Nothing was taken: the same again.
            if (socket.readyState === 2) waiting = [];
            else await new Promise(resolve => {
                const pause = alarm();
                pause(() => resolve(null), retryAfter(response) * 1000 || RETRY);
                signal.addEventListener("abort", () => { pause(); resolve(null); }, { once: true });
            });
            return;
        }
        if (response.status === 413 && frames > 1) {
            // It takes less at once than servers do unless told otherwise, and has taken nothing: one by one.
            most = 1;
            return;
        }
        if (response.status === 404 && socket.readyState === 1) {
            // The server has closed, and the stream says how; unless it is another server that has never known it.
            timer(() => end(1006, "status 404"), RETRY);
            await new Promise(resolve => signal.addEventListener("abort", resolve));
            return;
        }
        if (!response.ok) return refused(response);
        for (const frame of waiting.splice(0, frames)) socket.bufferedAmount -= frame.length;
    }

    function refused(/** @type {Response} */ response) {
        const { status } = response;
        const seconds = busy(response) && retryAfter(response);
        end(
            status === 401 ? 4401 : status === 413 ? 1009 : 1006,
            `status ${status}` + (seconds ? `; retry-after=${seconds}` : ""),
        );
    }

    function hear(/** @type {string} */ event, /** @type {string} */ data) {
        if (event === "open") {
            const opened = JSON.parse(data);
            session = opened.session;
            socket.protocol = opened.subprotocol ?? "";
            socket.readyState = 1;
            socket.onopen?.({});
        } else if (event === "close") {
            const { code, reason } = JSON.parse(data);
            end(code, reason);
        } else if (event === "bytes") {
            socket.onmessage?.({ data: Uint8Array.from(atob(data), char => char.charCodeAt(0)).buffer });
        } else if (event === "quoted") {
            socket.onmessage?.({ data: JSON.parse(data) });
        } else if (event === "message") {
            socket.onmessage?.({ data });
        }
    }

    async function listen() {
        const response = await call({ headers: { Accept: "text/event-stream" } });
        // A portal's page is no stream either.
        if (response.status !== 200 || !/^text\/event-stream/.test(response.headers.get("Content-Type") ?? "")) {
            return refused(response);
        }
        const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
        const read = events(hear);
        for (;;) {
            const { done, value } = await reader.read();
            if (done) break;
            socket.onlife?.({});
            read(value);
        }
        end(1006, "the stream ended");
    }
    listen().catch(error => end(1006, String(error.message)));
    return socket;
}

/** Whether a frame may be one of several in a body.
 * @param {string | Uint8Array} frame
 * @returns {frame is string} */
const isLine = frame => typeof frame === "string" && /^\{[^\r\n]*\}$/.test(frame);

/** @param {Response} response */
const busy = ({ status }) => status === 429 || status === 503;

/**
 * Seconds; a date, which HTTP allows too, counts as nothing.
 *
 * @param {Response} response
 */
const retryAfter = response => Math.max(0, Number(response.headers.get("Retry-After"))) || 0;

/**
 * Reads an event stream piece by piece.
 *
 * @param {(event: string, data: string) => void} hear
 * @returns {(bytes: Uint8Array) => void}
 */
export function events(hear) {
    const decoder = new TextDecoder();
    let rest = "", event = "";
    /** @type {string[]} */
    let data = [];
    return bytes => {
        rest += decoder.decode(bytes, { stream: true });
        // The other half of a line's end may be still to come.
        const cut = rest.endsWith("\r") ? -1 : rest.length;
        const lines = rest.slice(0, cut).split(/\r\n|\r|\n/);
        rest = lines.pop() + rest.slice(cut);
        for (const line of lines) {
            if (!line) {
                if (data.length) hear(event || "message", data.join("\n"));
                event = "";
                data = [];
            }
            const [, name, value] = /^(event|data)(?:: ?(.*))?$/s.exec(line) ?? [];
            if (name === "event") event = value ?? "";
            else if (name === "data") data.push(value ?? "");
        }
    };
}
