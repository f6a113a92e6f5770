// Preloaded by the bench: writes the most memory this process ever held, in KiB, when it exits.
const { writeFileSync } = require("node:fs");
const { basename, join } = require("node:path");

process.on("exit", () => {
  const name = basename(process.argv[1] ?? "node");
  const file = join(process.env.MAX_RSS_DIRECTORY, `${name}-${process.pid}.json`);
  writeFileSync(file, JSON.stringify({ name, kib: process.resourceUsage().maxRSS }));
});
