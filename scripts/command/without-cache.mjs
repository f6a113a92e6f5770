// Loaded before tsx (node --import): tsx keeps what it compiles in the system's folder for temporary files, and where that
// cannot be used, it ends with its own stack trace, or not at all. Without a cache, the command itself says what is wrong.
import { accessSync, constants, statSync } from "node:fs";
import { tmpdir } from "node:os";

try {
  accessSync(tmpdir(), constants.W_OK | constants.X_OK);
  if (!statSync(tmpdir()).isDirectory()) throw new Error("not a folder");
} catch {
  process.env.TSX_DISABLE_CACHE = "1";
}
