import { createRequire } from "node:module";
import type { Server } from "node:http";
import { shield } from "./shield";

// The process of the embedded DynamoDB. It is apart, so that a busy table does not slow down the load balancer.

// dynalite has no types: this declares what is used of it.
const dynalite = createRequire(__filename)("dynalite") as (options: Readonly<Record<string, number>>) => Server;

const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
const failRequest = shield(server);
process.on("uncaughtException", (error) => {
  if (failRequest(error)) return;
  console.error(error);
  process.exit(1);
});
// The API keeps idle connections open. Node's default would close them after 5 s, which can break a request that was
// just sent.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1");
