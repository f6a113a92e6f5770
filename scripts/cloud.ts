import { parseCloudArguments } from "./rehearse/arguments";
import { runLocalCloud } from "./rehearse/local-cloud";

async function main(): Promise<void> {
  const parsed = parseCloudArguments(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
  process.exitCode =
    "exitCode" in parsed
      ? parsed.exitCode
      : await runLocalCloud(parsed.arguments, {
          out: (line) => process.stdout.write(`${line}\n`),
          err: (line) => process.stderr.write(`${line}\n`),
        });
}

void main();
