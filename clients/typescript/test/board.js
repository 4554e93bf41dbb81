import { define } from "../index.js";

/** A module as the generator writes it. */
export const Board = define({
    name: "Board",
    path: "/ws/board/{board}/",
    methods: { add: "board.add", typing: "board.typing" },
    bare: ["typing"],
    types: ["note.added"],
    questions: ["board.confirm"],
    subprotocols: [],
    contract: "contract 1\nframe board.typing {}",
    heartbeat: true,
});
