import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Image } from "../../../scripts/cloud/tasks/part";

const folders: string[] = [];

/** Writes a program to a new folder and gives its path. */
export function program(source: string, name = "main.cjs"): string {
  const folder = mkdtempSync(path.join(tmpdir(), "tasks-"));
  folders.push(folder);
  const file = path.join(folder, name);
  writeFileSync(file, source);
  return file;
}

/** Removes what program made. */
export function removePrograms(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** An image whose container runs `command`. */
export function image(command: readonly string[], environment: Readonly<Record<string, string>> = {}): Image {
  return {
    repository: "registry/carts-api",
    digest: "sha256:0",
    tags: ["v1"],
    pushedAt: 0,
    sizeBytes: 0,
    platform: { os: "linux", architecture: "amd64" },
    command,
    environment,
  };
}

/** A server that answers every request with its environment. */
export const ENVIRONMENT_SERVER = `
  const server = require("node:http").createServer((request, response) => response.end(JSON.stringify(process.env)));
  server.listen(Number(process.env.PORT), process.env.HOST);
`;
