import { parseRehearseArguments } from "./rehearse/arguments";
import { rehearse } from "./rehearse/rehearsal";

async function main(): Promise<void> {
  // The clock of performance.now() starts with the process.
  const beganAt = 0;
  const parsed = parseRehearseArguments(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
  process.exitCode =
    "exitCode" in parsed
      ? parsed.exitCode
      : await rehearse(
          parsed.arguments,
          { out: (line) => process.stdout.write(`${line}\n`), err: (line) => process.stderr.write(`${line}\n`) },
          beganAt,
        );
}

void main();
