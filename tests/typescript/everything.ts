// Generated from the server's declarations: change those, and generate it anew.
import { define, type AnyError, type Connection, type Reply, type RequestOptions, type Shape } from "../../clients/typescript/index.js";

export type Bare =
  | number
  | string;

export type Beside =
  | { t: "A" }
  | { c: number; t: "B" };

export type Colour =
  | "red"
  /** As the sky is. */
  | "sky-blue";

export interface End {
  code: number;
}

/** One of each. */
export interface Everything {
  address: string;
  any: unknown;
  /** An RFC 3339 time. */
  at: string;
  bare: Bare[];
  beside: Beside[];
  bytes: number[];
  colour: Colour;
  deep: number;
  in: number;
  inside: Inside[];
  /** At most 2^53 - 1 arrives. */
  large: number;
  letter: string;
  list: string[];
  map: { [key: string]: number };
  maybe: number | null;
  never: number | null;
  nothing: null;
  numbered: { [key: string]: string };
  outside: Outside[];
  page: Page;
  pair: [number, string];
  part: number;
  set: number[];
  small: number;
  text: string;
  three: number[];
  tree: Tree;
  "two words": number;
  wrapped: Wrapped;
  yes: boolean;
}

/** One of each. */
export interface EverythingInput {
  address: string;
  any: unknown;
  /** An RFC 3339 time. */
  at: string;
  bare: Bare[];
  beside: Beside[];
  bytes: number[];
  colour: Colour;
  deep: number;
  in: number;
  inside: Inside[];
  /** At most 2^53 - 1 arrives. */
  large: number;
  letter: string;
  list: string[];
  map: { [key: string]: number };
  maybe?: number | null;
  never?: number | null;
  nothing: null;
  numbered: { [key: string]: string };
  outside: Outside[];
  page: Page;
  pair: [number, string];
  part: number;
  set: number[];
  small: number;
  text: string;
  three: number[];
  tree: Tree;
  "two words": number;
  wrapped: Wrapped;
  yes: boolean;
}

export type Inside =
  | { kind: "empty" }
  | { kind: "circle"; radius: number };

/** It is read in another form than it is written. */
export interface Options {
  /** Default: `10`. */
  limit: number;
  page: number | null;
}

/** It is read in another form than it is written. */
export interface OptionsInput {
  /** Default: `10`. */
  limit?: number;
  page?: number | null;
}

export type Outside =
  | "Unit"
  | { One: number }
  | { Two: [number, string] }
  | { Named: { x: number } };

export interface Page {
  items: Colour[];
}

/** What is sent without a type. */
export interface Plain {
  plain: number;
}

/** Several messages, told apart by their type. */
export type Sign =
  | { level: number; type: "sign.on" }
  | { type: "sign.off" };

export interface Sum {
  of: number[];
}

export interface Tree {
  leaves: Tree[];
}

export type Wrapped = number;

/** How are you? */
export interface AllMood {
  text: string;
}

/** Something happened. */
export interface AllNews {
  text: string;
}

export type SumError =
  /** There is nothing to add. */
  | { code: "empty"; message: string; data?: undefined }
  | { code: "too_large"; message: string; data: { limit: number } };

/** What goes over the socket of {@link EverythingConsumer}. */
export interface EverythingConsumerShape extends Shape {
  params: {
    /** Where it is. */
    place: string;
    number: number;
  };
  messages: {
    "all.news": { type: "all.news" } & AllNews;
    message: Plain;
    "sign.on": Extract<Sign, { type: "sign.on" }>;
    "sign.off": Extract<Sign, { type: "sign.off" }>;
  };
  frames: {
    "all.echo": { payload: EverythingInput; reply: Everything; error: never };
    "all.sample": { payload: {}; reply: Everything; error: never };
    "all.options": { payload: OptionsInput; reply: Options; error: never };
    "all.sum": { payload: Sum; reply: number; error: SumError };
    "all.huge": { payload: {}; reply: number; error: never };
    "all.where": { payload: {}; reply: [string, number]; error: never };
    "all.tell": { payload: {}; reply: null; error: AnyError };
    "all.ask": { payload: {}; reply: Colour; error: AnyError };
    "all.fail": { payload: {}; reply: null; error: AnyError };
    "all.end": { payload: End; reply: null; error: AnyError };
  };
  questions: {
    "all.mood": { question: { type: "all.mood" } & AllMood; answer: Colour };
  };
  subprotocol: "v2.all" | "v1.all";
  /** - 4321: As was asked. */
  close: 4321 | 4001;
  text: false;
  bytes: false;
}

/** A consumer that takes and sends everything. */
export interface EverythingConsumer extends Connection<EverythingConsumerShape> {
  /** Answers with what it got. */
  echo(payload: EverythingInput, options?: RequestOptions): Promise<Reply<Everything>>;
  /** Answers with one of each. */
  sample(options?: RequestOptions): Promise<Reply<Everything>>;
  options(payload: OptionsInput, options?: RequestOptions): Promise<Reply<Options>>;
  sum(payload: Sum, options?: RequestOptions): Promise<Reply<number, SumError>>;
  /** A number that JavaScript cannot hold. */
  huge(options?: RequestOptions): Promise<Reply<number>>;
  whereabouts(options?: RequestOptions): Promise<Reply<[string, number]>>;
  /** Tells everybody, in every form. */
  tellAll(options?: RequestOptions): Promise<Reply<null, AnyError>>;
  /** Asks the client, and answers with its answer. */
  askBack(options?: RequestOptions): Promise<Reply<Colour, AnyError>>;
  /** Fails in a way that nobody declared. */
  fail(options?: RequestOptions): Promise<Reply<null, AnyError>>;
  /** Ends the connection. */
  end(payload: End, options?: RequestOptions): Promise<Reply<null, AnyError>>;
}

export const EverythingConsumer = define<EverythingConsumer, EverythingConsumerShape>({
  name: "EverythingConsumer",
  path: "/ws/all/{place}/{number}/",
  methods: { echo: "all.echo", sample: "all.sample", options: "all.options", sum: "all.sum", huge: "all.huge", whereabouts: "all.where", tellAll: "all.tell", askBack: "all.ask", fail: "all.fail", end: "all.end" },
  bare: ["sample", "huge", "whereabouts", "tellAll", "askBack", "fail"],
  types: ["all.news", "sign.off", "sign.on"],
  questions: ["all.mood"],
  subprotocols: ["v2.all", "v1.all"],
  contract: "contract 1\nframe all.ask null -> \"red\"|\"sky-blue\"\nframe all.echo {address:string,any:any,at:string,bare:[@Bare],beside:[@Beside],bytes:[integer],colour:@Colour,deep:integer,in:integer,inside:[@Inside],large:integer,letter:string,list:[string],map:{*:integer},maybe?:integer|null,never?:integer|null,nothing:null,numbered:{*:string},outside:[@Outside],page:@Page,pair:(integer,string),part:number,set:[integer],small:integer,text:string,three:[integer],tree:@Tree,\"two words\":integer,wrapped:@Wrapped,yes:bool} -> {address:string,any:any,at:string,bare:[@Bare],beside:[@Beside],bytes:[integer],colour:@Colour,deep:integer,in:integer,inside:[@Inside],large:integer,letter:string,list:[string],map:{*:integer},maybe:integer|null,never:integer|null,nothing:null,numbered:{*:string},outside:[@Outside],page:@Page,pair:(integer,string),part:number,set:[integer],small:integer,text:string,three:[integer],tree:@Tree,\"two words\":integer,wrapped:@Wrapped,yes:bool}\nframe all.end {code:integer}\nframe all.fail null\nframe all.huge null -> integer\nframe all.options {limit?:integer,page?:integer|null} -> {limit:integer,page:integer|null}\nframe all.sample null -> {address:string,any:any,at:string,bare:[@Bare],beside:[@Beside],bytes:[integer],colour:@Colour,deep:integer,in:integer,inside:[@Inside],large:integer,letter:string,list:[string],map:{*:integer},maybe:integer|null,never:integer|null,nothing:null,numbered:{*:string},outside:[@Outside],page:@Page,pair:(integer,string),part:number,set:[integer],small:integer,text:string,three:[integer],tree:@Tree,\"two words\":integer,wrapped:@Wrapped,yes:bool}\nframe all.sum {of:[integer]} -> integer\nframe all.tell null\nframe all.where null -> (string,integer)\nsend Plain {plain:integer}\nsend Sign {level:integer,type:\"sign.on\"}|{type:\"sign.off\"}\nsend all.mood {text:string,type:\"all.mood\"}\nsend all.news {text:string,type:\"all.news\"}\nin Bare integer|string\nin Beside {c:integer,t:\"B\"}|{t:\"A\"}\nin Colour \"red\"|\"sky-blue\"\nin Inside {kind:\"circle\",radius:number}|{kind:\"empty\"}\nin Outside \"Unit\"|{Named:{x:integer},!}|{One:integer,!}|{Two:(integer,string),!}\nin Page {items:[@Colour]}\nin Tree {leaves:[@Tree]}\nin Wrapped integer\nout Bare integer|string\nout Beside {c:integer,t:\"B\"}|{t:\"A\"}\nout Colour \"red\"|\"sky-blue\"\nout Inside {kind:\"circle\",radius:number}|{kind:\"empty\"}\nout Outside \"Unit\"|{Named:{x:integer}}|{One:integer}|{Two:(integer,string)}\nout Page {items:[@Colour]}\nout Tree {leaves:[@Tree]}\nout Wrapped integer",
  heartbeat: true,
});
