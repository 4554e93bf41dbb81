// What a program may write on the generated client, and what it may not: `tsc` reads it, nobody runs it.

import { EverythingConsumer, type Everything, type Sign } from "./everything.ts";

declare const value: Everything;

export async function uses(): Promise<void> {
  const all = EverythingConsumer.open({ place: "here", number: 7 });
  // @ts-expect-error a parameter is missing
  EverythingConsumer.open({ place: "here" });
  // @ts-expect-error a parameter is no number
  EverythingConsumer.open({ place: "here", number: "7" });

  all.on("all.news", event => event.text.toUpperCase());
  all.on("sign.on", event => event.level.toFixed());
  all.on("message", event => event.plain.toFixed());
  // @ts-expect-error there is no such message
  all.on("all.nws", () => {});
  // @ts-expect-error the message has no such field
  all.on("sign.off", event => event.level);

  const echo = await all.echo(value);
  if (echo.ok) {
    const inside = echo.value.inside[0];
    if (inside?.kind === "circle") inside.radius.toFixed();
    // @ts-expect-error only a circle has one
    inside?.radius;
  }
  // @ts-expect-error the payload lacks nearly everything
  await all.echo({ yes: true });
  // @ts-expect-error there is no such colour
  await all.echo({ ...value, colour: "green" });
  // @ts-expect-error it takes no payload
  await all.sample({ payload: 1 });

  const sum = await all.sum({ of: [1] });
  if (!sum.ok) {
    switch (sum.error.code) {
      case "too_large":
        sum.error.data.limit.toFixed();
        break;
      case "empty":
        // @ts-expect-error nothing comes with it
        sum.error.data.limit;
        break;
      // @ts-expect-error there is no such code
      case "too_big":
        break;
    }
  }

  all.answer("all.mood", async question => (question.text === "" ? "red" : "sky-blue"));
  // @ts-expect-error this is no answer
  all.answer("all.mood", async () => 7);

  all.send("all.sum", { of: [1] });
  // @ts-expect-error the payload is another frame's
  all.send("all.sum", { limit: 1 });
  // @ts-expect-error plain text is not taken here
  all.sendText("text");

  for await (const message of all) {
    if ("type" in message && message.type === "sign.on") {
      const sign: Sign = message;
      void sign;
    }
  }
}
