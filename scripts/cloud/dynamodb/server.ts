import { createRequire } from "node:module";
import type { Server } from "node:http";
import { shield } from "./shield";

// The embedded DynamoDB's process: a table that gets busy must not slow the load balancer's event loop.

// dynalite has no types; this is all of it that is used.
const dynalite = createRequire(__filename)("dynalite") as (options: Readonly<Record<string, number>>) => Server;

const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
const concernsOneRequest = shield(server);
process.on("uncaughtException", (error) => {
  if (concernsOneRequest(error)) return;
  console.error(error);
  process.exit(1);
});
// The API's connections idle between requests: closing them after Node's 5 s would break a request now and then.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1");
