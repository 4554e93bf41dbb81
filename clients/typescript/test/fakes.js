/** A clock that stands still until it is told. */
export class FakeClock {
    time = 1_000_000;
    timers = new Map();
    #last = 0;
    now = () => this.time;
    setTimeout = (run, ms) => {
        this.timers.set(++this.#last, { run, at: this.time + ms });
        return this.#last;
    };
    clearTimeout = timer => this.timers.delete(timer);

    /** Lets time pass, timer by timer, and promises settle in between. */
    async pass(ms) {
        const end = this.time + ms;
        await settle();
        for (;;) {
            const [next] = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
            if (!next) break;
            const [id, { run, at }] = next;
            this.timers.delete(id);
            this.time = Math.max(this.time, at);
            run();
            await settle();
        }
        this.time = end;
    }

    /** The machine sleeps: time passes, and timers that became due fire late. */
    async sleep(ms) {
        this.time += ms;
        await this.pass(0);
    }
}

/** Lets promises settle. */
export const settle = () => new Promise(resolve => setImmediate(resolve));

/** A WebSocket that does what the test says. */
export function fakeSockets() {
    const sockets = [];
    class FakeSocket {
        readyState = 0;
        bufferedAmount = 0;
        protocol = "";
        sent = [];
        closed = null;
        constructor(url, protocols) {
            this.url = url;
            this.protocols = protocols;
            sockets.push(this);
        }
        send(data) {
            if (this.readyState === 0) throw new Error("still connecting");
            this.sent.push(data);
        }
        close(code, reason) {
            if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) throw new Error("bad code");
            this.readyState = 2;
            this.closed ??= { code, reason };
        }
        /** The server accepts. */
        open(protocol = "") {
            this.readyState = 1;
            this.protocol = protocol;
            this.onopen({});
        }
        /** The server sends. */
        say(data) {
            const raw = typeof data === "string" || data instanceof ArrayBuffer;
            this.onmessage({ data: raw ? data : JSON.stringify(data) });
        }
        /** The server closes, or the line is lost. */
        lose(code = 1006, reason = "") {
            this.readyState = 3;
            this.onclose({ code, reason });
        }
        /** What was sent, as JSON. */
        get frames() {
            return this.sent.map(text => JSON.parse(text));
        }
    }
    return { sockets, FakeSocket };
}

/** An event target that counts its listeners. */
export class FakeTarget extends EventTarget {
    listeners = 0;
    addEventListener(name, listener, options) {
        this.listeners++;
        super.addEventListener(name, listener, options);
    }
    /** Aborting a signal comes by here, too. */
    removeEventListener(name, listener) {
        this.listeners--;
        super.removeEventListener(name, listener);
    }
    tell(name) {
        this.dispatchEvent(new Event(name));
    }
}

/** A page in which all is fake, and a connection of it. */
export function world(Endpoint, options = {}, params = { board: "main" }) {
    const clock = new FakeClock();
    const { sockets, FakeSocket } = fakeSockets();
    const document = new FakeTarget(), window = new FakeTarget();
    document.hidden = false;
    window.navigator = { onLine: true };
    const connection = Endpoint.open(params, {
        url: "https://host",
        clock,
        random: () => 0.5,
        WebSocket: FakeSocket,
        fallback: "none",
        document,
        window,
        ...options,
    });
    const statuses = [], problems = [];
    connection.onStatus(status => statuses.push(status));
    connection.onError(problem => problems.push(problem));
    return {
        connection, clock, sockets, statuses, problems, document, window,
        get socket() {
            return sockets.at(-1);
        },
        hide(hidden) {
            document.hidden = hidden;
            document.tell("visibilitychange");
        },
        offline(offline) {
            window.navigator.onLine = !offline;
            window.tell(offline ? "offline" : "online");
        },
        /** Nothing of the connection is left. */
        get leaks() {
            return { timers: clock.timers.size, listeners: document.listeners + window.listeners };
        },
    };
}
