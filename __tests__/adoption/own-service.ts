import { existsSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import type { Context } from "../rehearse/command";

/** A service that shares nothing with the example: a folder beside this file, with a configuration of its own. */
export interface OwnService {
  readonly name: string;
  /** The folder, relative to the root. */
  readonly folder: string;
  /** Its whole configuration. */
  readonly configuration: {
    readonly context: Context & { readonly environments: Readonly<Record<string, object>> };
  };
}

/** A port of this machine that a configuration names, and that only one rehearsal at a time can use. */
const FIXED_PORT = "54321";

/** Reads the configuration of a service of this folder. */
function ownService(name: string): OwnService {
  const folder = `__tests__/adoption/${name}`;
  const configuration = JSON.parse(
    readFileSync(path.join(folder, "cdktf.json"), "utf8"),
  ) as OwnService["configuration"];
  return { name, folder, configuration };
}

/** Express on PostgreSQL, behind a base path. */
export const EXPRESS = ownService("express");
/** Python's standard library. */
export const PYTHON = ownService("python");

/** A service's context for one of several rehearsals at the same time: its database gets a free port. */
export async function contextOf({ configuration: { context } }: OwnService): Promise<Context> {
  return JSON.parse(JSON.stringify(context).replaceAll(FIXED_PORT, String(await freePort()))) as Context;
}

/** @throws Error when the packages of a service aren't installed, with the command that does it */
export function checkInstalled({ folder }: OwnService): void {
  if (!existsSync(path.join(folder, "package.json")) || existsSync(path.join(folder, "node_modules"))) return;
  throw new Error(`the packages of ${folder} aren't installed: npm ci --prefix ${folder}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
