// Loaded before tsx (node --import): tsx keeps what it compiles in the system's folder for temporary files, and where that
// cannot be used, it ends with its own stack trace, or not at all. Without a cache, the command itself says what is wrong.
// Trying is the only way to know: in /proc, say, the superuser may write by its rights, and can't.
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

try {
  rmdirSync(mkdtempSync(path.join(tmpdir(), "canary-release-")));
} catch {
  process.env.TSX_DISABLE_CACHE = "1";
}
