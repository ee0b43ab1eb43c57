// A program for SdkProgram: commands as JSON lines on stdin, each answered by one JSON line on stdout.
import readline from 'node:readline';
import { json } from './client.mjs';

export async function serve(run) {
  const answer = (line) => process.stdout.write(`${line}\n`);
  answer(json({ ok: 'ready' }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    try {
      answer(json({ ok: await run(command) }));
    } catch (error) {
      answer(json({ error: String(error?.stack ?? error) }));
    }
    if (command.command === 'close') {
      break;
    }
  }
}
