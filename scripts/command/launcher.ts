import path from "node:path";

/** Path of what runs our TypeScript programs: Node's first argument, before the program's path. */
export const LAUNCHER = path.join(__dirname, "launch.mjs");
