/**
 * The browser's side of a consumer: a typed connection that heals itself.
 *
 * A generated module describes one consumer as a {@link Shape} and exports its {@link Endpoint}; `Board.open(..)`
 * returns the connection. All times are milliseconds unless they say otherwise.
 */

// ---- what a generated module describes

/** What one consumer takes and sends, as its generated module writes it down. */
export interface Shape {
    /** The parameters of the path; `{}` when there are none. */
    params: object;
    /** What the server sends on its own, by `type`; payloads without a declared one stand under `message`. */
    messages: object;
    /** What the client may send, by `type`; `""` is the frame that has none. Each: `{payload, reply, error}`. */
    frames: object;
    /** What the server asks, by `type`. Each: `{question, answer}`. */
    questions: object;
    /** The subprotocols that the consumer speaks; `never` when it has none. */
    subprotocol: string;
    /** The application's own close codes. */
    close: number;
    /** Whether plain text frames are taken. */
    text: boolean;
    /** Whether binary frames are taken. */
    bytes: boolean;
}

/** The name of a frame that the client may send. */
export type FrameName<S extends Shape> = keyof S["frames"] & string;
/** The name of a message that the server sends. */
export type MessageName<S extends Shape> = keyof S["messages"] & string;
/** The name of a question that the server asks. */
export type QuestionName<S extends Shape> = keyof S["questions"] & string;
/** Any message that the server sends on its own: what `for await` yields. */
export type Message<S extends Shape> = S["messages"][keyof S["messages"]];

type Field<T, K extends string> = T extends Record<K, infer V> ? V : never;
/** An object without fields, so that excess ones are errors. */
type Exact<T> = unknown extends T ? T
    : T extends unknown ? ([keyof T] extends [never] ? Record<string, never> : T)
    : never;

/** The payload of a frame. */
export type Payload<S extends Shape, K extends FrameName<S>> = Exact<Field<S["frames"][K], "payload">>;
/** The reply to a frame. */
export type ReplyTo<S extends Shape, K extends FrameName<S>> =
    Reply<Field<S["frames"][K], "reply">, Field<S["frames"][K], "error">>;

/** What a generated module hands to {@link define}. */
export interface Spec<S extends Shape = any> {
    /** For messages to people. */
    name: string;
    /** In axum's form: `/ws/board/{board}/`, `{*rest}` last. */
    path: string;
    /** The names of methods, each with the frame that it sends. */
    methods: Readonly<Record<string, FrameName<S>>>;
    /** The methods that take no payload. */
    bare: readonly string[];
    /** The declared `type`s of messages. */
    types: readonly string[];
    /** The `type`s of questions. */
    questions: readonly string[];
    /** The subprotocols to offer, in the order of preference. */
    subprotocols: readonly string[];
    /** The contract's text, or its hash; empty: none is sent. */
    contract: string;
    /** Whether the server answers pings: not where only text or bytes are taken. */
    heartbeat: boolean;
    /** Whether messages without a declared `type` may have any other string there; default false. */
    untyped?: boolean;
}

/** Where a consumer can be connected to. */
export interface Endpoint<C, S extends Shape> {
    /** What {@link define} was given. */
    readonly spec: Spec<S>;
    /**
     * Starts a connection, which lives until its final close.
     *
     * @throws TypeError when a parameter of the path is missing, empty, `.` or `..`, or the base URL is none: the only
     *     exception of this package.
     */
    open(...args: keyof S["params"] extends never
        ? [params?: Record<string, never>, options?: Options<S>]
        : [params: S["params"], options?: Options<S>]): C;
}

/** Makes an endpoint out of its description; for generated modules. */
export function define<C extends Connection<S>, S extends Shape>(spec: Spec<S>): Endpoint<C, S>;

// ---- replies

/** What a request is answered with; requests never reject. */
export type Reply<T, E = never> = { ok: true; value: T } | { ok: false; error: E | ServerError | ClientError };

/** An error of a handler that does not declare which: any code. */
export interface AnyError {
    code: string & {};
    /** For people; changes. */
    message: string;
    data?: unknown;
}

/** What any frame may be answered with, whatever its handler declares. */
export interface ServerError {
    /**
     * `bad_frame`: a field does not fit; `unknown_type`: no handler; `timeout`: the handler took too long, and its
     * effect is not known; `internal`: it failed; `unexpected`: text where bytes are taken, or the other way round.
     */
    code: "bad_frame" | "unknown_type" | "timeout" | "internal" | "unexpected";
    /** For people; changes. */
    message: string;
    data?: unknown;
}

/** What this side answers a request with when the server does not. */
export interface ClientError {
    /**
     * `disconnected`: the line was lost after the frame was sent; `no_answer`: no reply in time; `queue_full`: too much
     * waits to be sent; `closed`: the connection is closed for good; `aborted`: by the signal; `unfit`: JSON can't hold
     * the payload (NaN, an integer beyond 2^53, a cycle); `unsafe_integer`: the reply has an integer beyond 2^53.
     */
    code: "disconnected" | "no_answer" | "queue_full" | "closed" | "aborted" | "unfit" | "unsafe_integer";
    /** For people; changes. */
    message: string;
    /** Whether the frame left. If not, it had no effect for certain; if so, that is not known. */
    sent: boolean;
    data?: undefined;
}

/** Returns the value of a reply, or throws its error as {@link ReplyFailed}. */
export function unwrap<T, E>(reply: Reply<T, E>): T;

/**
 * An error of a reply as an exception. A handler of questions may throw one as well: its code is the answer.
 */
export class ReplyFailed extends Error {
    constructor(error: { code: string; message: string; data?: unknown });
    readonly code: string;
    readonly data?: unknown;
    /** The whole error, as it came. */
    readonly error: { code: string; message: string; data?: unknown };
}

// ---- the connection

/**
 * How a frame without a reply went: out, into the queue, nowhere since that is full, nowhere for good, or unfit for
 * JSON.
 */
export type Sent = "sent" | "queued" | "full" | "closed" | "unfit";

/** What one request may differ in. */
export interface RequestOptions {
    /**
     * How long to wait for the reply, the time in the queue included; default `requestTimeout`. `Infinity`: for ever.
     */
    timeout?: number;
    /** Gives the request up: `aborted`. A frame that has been sent is still handled. */
    signal?: AbortSignal;
}

/** One connection to a consumer, over as many sockets as it takes. No method throws. */
export interface Connection<S extends Shape> extends AsyncIterable<Message<S>> {
    /** How it stands; a new object with each change. */
    readonly status: Status<S>;
    /** Resolves with the final close. */
    readonly closed: Promise<Close<S>>;

    /** Listens to messages of one `type`; the function that it returns ends that. */
    on<K extends MessageName<S>>(type: K, listener: (message: S["messages"][K]) => void): () => void;
    /** Listens to changes of {@link status}. */
    onStatus(listener: (status: Status<S>) => void): () => void;
    /** Listens to what went wrong and has no better place; without a listener it is a warning of the console. */
    onError(listener: (problem: Problem) => void): () => void;
    /** Listens to all text frames as they came; meanwhile those that are no JSON object are no `bad_frame`. */
    onText(listener: (text: string) => void): () => void;
    /** Listens to binary frames. */
    onBytes(listener: (bytes: Uint8Array) => void): () => void;
    /**
     * All messages from now on, for `for await`; ends at the final close. Each loop has a buffer of its own
     * ({@link Options.buffer}).
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<Message<S>>;

    /** Sends a frame and waits for its reply; never rejects. */
    request<K extends FrameName<S>>(
        type: K,
        ...rest: Record<string, never> extends Payload<S, K>
            ? [payload?: Payload<S, K>, options?: RequestOptions]
            : [payload: Payload<S, K>, options?: RequestOptions]
    ): Promise<ReplyTo<S, K>>;
    /** Sends a frame and forgets it; what goes wrong with it is told to {@link onError} (`refused`). */
    send<K extends FrameName<S>>(
        type: K,
        ...rest: Record<string, never> extends Payload<S, K> ? [payload?: Payload<S, K>] : [payload: Payload<S, K>]
    ): Sent;
    /** Sends a plain text frame. */
    sendText(text: S["text"] extends false ? never : string): Sent;
    /** Sends a binary frame. */
    sendBytes(bytes: S["bytes"] extends false ? never : Uint8Array | ArrayBuffer): Sent;
    /**
     * Sends a frame now and again whenever a socket opens, before all that waits, until the function that it returns is
     * called. A function as the payload is called each time, so it can say where to go on.
     *
     * Replies go to `listener`; without one, errors go to {@link onError} (`keep`).
     */
    keep<K extends FrameName<S>>(
        type: K,
        payload: Payload<S, K> | (() => Payload<S, K>),
        listener?: (reply: ReplyTo<S, K>) => void,
    ): () => void;
    /** Answers questions of one `type`; the latest handler counts. Without one they are answered with `unhandled`. */
    answer<K extends QuestionName<S>>(
        type: K,
        handler: (question: Field<S["questions"][K], "question">) =>
            Field<S["questions"][K], "answer"> | Promise<Field<S["questions"][K], "answer">>,
    ): () => void;

    /** Tries at once, whatever it waits for; asks an open line whether it lives. */
    retryNow(): void;
    /** Closes for good; codes: 1000 (the default) and 3000-4999. Calls after it answer `closed`. */
    close(code?: number, reason?: string): void;
}

/** How a connection stands. */
export type Status<S extends Shape = Shape> =
    /** An attempt is under way; `attempt` counts them since a connection was last stable, from 1. */
    | { state: "connecting"; attempt: number }
    /** Frames go straight out. `resumed`: not for the first time, so something may have been missed. */
    | { state: "open"; resumed: boolean; transport: "websocket" | "sse"; subprotocol: S["subprotocol"] | null }
    /** The next attempt starts at `retryAt`, ms of the clock. */
    | { state: "waiting"; attempt: number; retryAt: number; close: Close<S> }
    /** The next attempt starts when the page is seen, or the browser online. */
    | { state: "paused"; why: "hidden" | "offline"; close: Close<S> }
    /** {@link Options.reauthenticate} runs. */
    | { state: "authenticating"; close: Close<S> }
    /** For good. */
    | { state: "closed"; close: Close<S> };

/** The close codes that have a meaning of their own, by what they mean. */
export interface CloseKinds {
    /** The application is done. */
    normal: 1000;
    /** This side broke the protocol. */
    protocol: 1002 | 1003 | 1007 | 1010;
    /** This side broke a policy: too many frames. */
    policy: 1008;
    /** A message over the limit. */
    too_big: 1009;
    /** A handler panicked. */
    crashed: 1011;
    /** The server restarts, or goes away. */
    restart: 1001 | 1012;
    /** This side reads too slowly. */
    slow: 1013;
    /** The line was lost, or the attempt failed. */
    lost: 1005 | 1006 | 1014 | 1015;
    /** The connection's time is over; it may come back once it has logged in anew. */
    expired: 4401;
    /** The client was built for another contract; the reason says what changed. Load the page anew. */
    contract: 4409;
}

/** How a socket ended, by `kind`. */
export type Close<S extends Shape = Shape> =
    | { [K in keyof CloseKinds]: CloseOf<K, CloseKinds[K]> }[keyof CloseKinds]
    | CloseOf<"application", S["close"]>;

/** One kind of close. */
export interface CloseOf<K extends string, C extends number> {
    kind: K;
    code: C;
    /** The server's words, or why the line is taken for lost. */
    reason: string;
    /** Whether the connection comes back on its own. */
    retry: boolean;
    /** Seconds after which the server wants to be tried again, if it said so. */
    retryAfter?: number;
}

/** What went wrong and has no better place. */
export type Problem =
    /**
     * Arrived and does not fit: no JSON object, or bytes nobody listens to (`bad_frame`); a `type` that is undeclared;
     * a reply to no request; an integer beyond 2^53, so that it was not delivered. `frame` is what arrived.
     */
    | {
        code: "bad_frame" | "unknown_message" | "unknown_reply" | "unsafe_integer";
        message: string;
        frame: string | ArrayBuffer;
    }
    /** The server's words about a frame that was sent without waiting for a reply. */
    | { code: "refused"; message: string; error: { code: string; message: string; data?: unknown } }
    /** A kept frame was answered with an error. */
    | { code: "keep"; message: string; type: string; error: { code: string; message: string; data?: unknown } }
    /** A function of the page's own threw. */
    | { code: "listener"; message: string; cause: unknown }
    /** An attempt failed before it reached the network: `query` threw, or the browser forbids the address. */
    | { code: "connect"; message: string; cause: unknown }
    /** A `for await` loop is behind by more than its buffer; `dropped` is the message that it will not see. */
    | { code: "slow_reader"; message: string; dropped: unknown };

// ---- options

/** How long to wait between attempts: at random between nothing and a bound that doubles from `first` to `max`. */
export interface Backoff {
    /** Default 100. */
    first?: number;
    /** Default 30 000. */
    max?: number;
}

/** When an open line is taken for dead. */
export interface Heartbeat {
    /** Silence after which a ping is sent; default 30 000. */
    idle?: number;
    /** How long its answer may take; default 10 000. */
    deadline?: number;
    /** The same when the machine slept or the page came back; default 5 000. */
    wake?: number;
}

/** Values of a query; empty ones are left out. */
export type Query = Record<string, string | number | boolean | null | undefined>;

/** Where time comes from, for tests. The functions are called without `this`. */
export interface Clock {
    /** Milliseconds, above zero. */
    now(): number;
    setTimeout(run: () => void, ms: number): unknown;
    clearTimeout(timer: any): void;
}

/** What `open` takes beside the path's parameters; all of it optional. */
export interface Options<S extends Shape = Shape> {
    /** The base: `http(s)` or `ws(s)`, with a path of its own if need be; default the page's origin. */
    url?: string | URL;
    /** Added to the query. A function is awaited before each attempt: for tickets that are good once. */
    query?: Query | (() => Query | Promise<Query>);
    /** Offered instead of all that the consumer speaks. */
    subprotocols?: readonly S["subprotocol"][];
    /**
     * Awaited when the server closes with 4401, and then the connection comes back; `false` or a rejection closes it
     * for good, as does 4401 without this option.
     */
    reauthenticate?: (close: Close<S>) => unknown;
    /** Whether to come back after a close code of the application's own (3000-4999); default no. */
    retryOn?: (close: CloseOf<"application", S["close"]>) => boolean;
    backoff?: Backoff;
    /** How long a connection has to last for the waits to begin anew; default 10 000. */
    stableAfter?: number;
    /** How long one attempt may take; default 10 000. */
    connectTimeout?: number;
    /** How long a request waits for its reply; default 30 000. */
    requestTimeout?: number;
    /** `false`: none. */
    heartbeat?: Heartbeat | false;
    /** What may wait to be sent; default 256 frames, 1 MiB. The bytes bound what an open socket holds back, too. */
    queue?: { frames?: number; bytes?: number };
    /** How many messages a `for await` loop may lag behind before its oldest is dropped; default 1024. */
    buffer?: number;
    /** What to try where no WebSocket opens; default `sse`. */
    fallback?: "sse" | "none";
    /** After how many attempts; default 2. */
    fallbackAfter?: number;
    /** `sse`: at once and only. */
    transport?: "websocket" | "sse";
    /** The WebSocket class; default the global one. */
    WebSocket?: new (url: string, protocols?: any) => any;
    /** For the event stream; default the global one. */
    fetch?: typeof fetch;
    clock?: Clock;
    /** Between 0 and 1; default `Math.random`. */
    random?: () => number;
    /**
     * What says whether the page is seen; default the global one. A lost connection waits while it is hidden (an open
     * one stays); with `null` it does not.
     */
    document?: EventTarget & { readonly hidden?: boolean } | null;
    /** What says whether the browser is online, likewise. */
    window?: EventTarget & { readonly navigator?: { readonly onLine?: boolean } } | null;
}
