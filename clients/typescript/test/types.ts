// Compiled, never run: what has to compile does, and each line below a `@ts-expect-error` does not.
import {
    type Close, type Connection, define, type Message, type Problem, type Reply, ReplyFailed, type RequestOptions,
    type Shape, type Status, unwrap,
} from "../index.js";

interface Note { id: number; text: string }
type BoardError =
    | { code: "full"; message: string; data: { max: number } }
    | { code: "not_found"; message: string; data?: undefined };

interface BoardShape extends Shape {
    params: { board: string };
    messages: {
        "note.added": { type: "note.added"; note: Note };
        "note.gone": { type: "note.gone"; id: number };
        message: { text: string };
    };
    frames: {
        "board.add": { payload: { text: string; colour?: string | null }; reply: Note; error: BoardError };
        "board.typing": { payload: {}; reply: null; error: never };
        "board.either": { payload: { a: number } | { b: string }; reply: null; error: never };
        "board.any": { payload: unknown; reply: unknown; error: never };
    };
    questions: { "board.confirm": { question: { type: "board.confirm"; text: string }; answer: boolean } };
    subprotocol: "v1.board" | "v2.board";
    close: 4001 | 4002;
    text: false;
    bytes: true;
}

interface Board extends Connection<BoardShape> {
    add(payload: { text: string; colour?: string | null }, options?: RequestOptions): Promise<Reply<Note, BoardError>>;
    typing(options?: RequestOptions): Promise<Reply<null>>;
}

const Board = define<Board, BoardShape>({
    name: "Board",
    path: "/ws/board/{board}/",
    methods: { add: "board.add", typing: "board.typing" },
    bare: ["typing"],
    types: ["note.added", "note.gone"],
    questions: ["board.confirm"],
    subprotocols: ["v2.board"],
    contract: "contract 1",
    heartbeat: true,
});

const rest = { bare: [], types: [], questions: [], subprotocols: [], contract: "", heartbeat: true };
// @ts-expect-error: no such frame
define<Board, BoardShape>({ name: "Board", path: "/", methods: { add: "board.ad" }, ...rest });

interface BareShape extends Shape {
    params: {};
    messages: {};
    frames: {};
    questions: {};
    subprotocol: never;
    close: never;
    text: true;
    bytes: false;
}
const Bare = define<Connection<BareShape>, BareShape>({ name: "Bare", path: "/", methods: {}, ...rest });

const never = (value: never): never => value;

async function program() {
    const board = Board.open({ board: "main" }, { url: "https://host", subprotocols: ["v1.board"] });
    // @ts-expect-error: the parameter is missing
    Board.open();
    // @ts-expect-error: it has another name
    Board.open({ bord: "main" });
    // @ts-expect-error: it is a string
    Board.open({ board: 7 });
    // @ts-expect-error: no such option
    Board.open({ board: "main" }, { timeout: 7 });
    // @ts-expect-error: no such subprotocol
    Board.open({ board: "main" }, { subprotocols: ["v3.board"] });
    Bare.open();
    Bare.open({}, { heartbeat: false });
    // @ts-expect-error: the path has none
    Bare.open({ board: "main" });

    const off: () => void = board.on("note.added", ({ note }) => note.id.toFixed());
    off();
    board.on("message", async ({ text }) => { text.at(0); });
    // @ts-expect-error: no such message
    board.on("note.add", () => {});
    // @ts-expect-error: no such field
    board.on("note.gone", ({ note }) => note);

    for await (const message of board) {
        if ("type" in message) {
            switch (message.type) {
                case "note.added": message.note.text.at(0); break;
                case "note.gone": message.id.toFixed(); break;
                // @ts-expect-error: no such message
                case "note.add": break;
                default: never(message);
            }
        } else {
            message.text.at(0);
        }
    }
    const all: Message<BoardShape> = { type: "note.gone", id: 7 };
    void all;

    const reply = await board.add({ text: "x" }, { timeout: 100 });
    // @ts-expect-error: it may have failed
    reply.value;
    if (reply.ok) {
        reply.value.id.toFixed();
        // @ts-expect-error: no such field
        reply.value.colour;
    } else {
        const { error } = reply;
        switch (error.code) {
            case "full": error.data.max.toFixed(); break;
            case "not_found":
                // @ts-expect-error: it has none
                error.data.max;
                break;
            case "bad_frame": case "unknown_type": case "timeout": case "internal": case "unexpected": break;
            case "disconnected": case "no_answer": case "queue_full": case "closed": case "aborted": case "unfit":
            case "unsafe_integer": {
                const sent: boolean = error.sent;
                void sent;
                break;
            }
            // @ts-expect-error: no such code
            case "ful": break;
            default: never(error);
        }
        switch (error.code) {
            case "full": break;
            // @ts-expect-error: some codes are missing
            default: never(error);
        }
    }
    const note: Note = unwrap(await board.request("board.add", { text: "x", colour: null }));
    void note;
    const nothing: null = unwrap(await board.request("board.typing"));
    void nothing;
    await board.typing({ signal: AbortSignal.timeout(100) });
    // @ts-expect-error: a field of another type
    await board.request("board.add", { text: 7 });
    // @ts-expect-error: a field too many
    await board.request("board.add", { text: "x", color: "red" });
    // @ts-expect-error: the payload is missing
    await board.request("board.add");
    // @ts-expect-error: no such frame
    await board.request("board.ad", { text: "x" });
    // @ts-expect-error: it has no fields
    await board.request("board.typing", { x: 1 });
    await board.request("board.either", { b: "x" });
    await board.request("board.any", [1]);

    const sent: "sent" | "queued" | "full" | "closed" | "unfit" = board.send("board.typing", {});
    void sent;
    board.send("board.typing");
    // @ts-expect-error: no such frame
    board.send("board.typin", {});
    // @ts-expect-error: the payload is missing
    board.send("board.add");
    board.sendBytes(new Uint8Array(1));
    // @ts-expect-error: no text is taken
    board.sendText("x");
    const bare = Bare.open();
    bare.sendText("x");
    // @ts-expect-error: no bytes are taken
    bare.sendBytes(new Uint8Array(1));
    // @ts-expect-error: it has no frames
    bare.send("x", {});
    // @ts-expect-error: it sends no messages
    bare.on("x", () => {});

    const stop: () => void = board.keep("board.add", { text: "x" }, reply => reply.ok && reply.value.id);
    stop();
    board.keep("board.add", () => ({ text: "x" }));
    // @ts-expect-error: a field of another type
    board.keep("board.add", { text: 7 });
    // @ts-expect-error: the function returns another type
    board.keep("board.add", () => ({ text: 7 }));

    board.answer("board.confirm", async ({ text }) => text === "x");
    board.answer("board.confirm", () => true);
    // @ts-expect-error: no such question
    board.answer("board.conform", () => true);
    // @ts-expect-error: another type of answer
    board.answer("board.confirm", () => "yes");

    const status: Status<BoardShape> = board.status;
    switch (status.state) {
        case "connecting": status.attempt.toFixed(); break;
        case "open": {
            const subprotocol: "v1.board" | "v2.board" | null = status.subprotocol;
            void subprotocol;
            // @ts-expect-error: it has not ended
            status.close;
            break;
        }
        case "waiting": status.retryAt.toFixed(); break;
        case "paused": status.why === "hidden"; break;
        case "authenticating": case "closed": status.close.reason.at(0); break;
        default: never(status);
    }

    const close: Close<BoardShape> = await board.closed;
    switch (close.code) {
        case 4001: case 4002: close.kind satisfies "application"; break;
        case 4409: close.kind satisfies "contract"; break;
        // @ts-expect-error: not one of the application's
        case 4003: break;
    }
    if (close.kind === "application") {
        const code: 4001 | 4002 = close.code;
        void code;
    }
    Board.open({ board: "main" }, {
        retryOn: ({ code }) => code === 4001,
        reauthenticate: async ({ reason }) => reason !== "",
        query: async () => ({ ticket: "x" }),
        WebSocket,
    });
    // @ts-expect-error: not one of the application's
    Board.open({ board: "main" }, { retryOn: ({ code }) => code === 4003 });

    board.onError((problem: Problem) => {
        if (problem.code === "slow_reader") problem.dropped;
        // @ts-expect-error: no such code
        if (problem.code === "slow") return;
    });
    try {
        unwrap(reply);
    } catch (error) {
        if (error instanceof ReplyFailed) error.code.at(0);
    }
}
void program;
