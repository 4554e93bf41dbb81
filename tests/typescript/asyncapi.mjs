// Whether the official parser takes the documents: `node asyncapi.mjs FILE..`.

import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';

let sound = process.argv.length > 2;
for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(await readFile(file, 'utf8'));
  for (const { severity, message, path } of diagnostics) {
    console.log(`${file}: ${['error', 'warning', 'information', 'hint'][severity]}: ${path.join('.')}: ${message}`);
    if (severity === 0) sound = false;
  }
  if (!document) {
    sound = false;
    continue;
  }
  const channels = document.channels().all().map((channel) => channel.address());
  const operations = document.operations().all().length;
  console.log(`${file}: ${channels.length} channels, ${operations} operations, ${document.schemas().all().length} schemas`);
}
process.exit(sound ? 0 : 1);
