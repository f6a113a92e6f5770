"use strict";
// Keeps one container: makes it, runs it, passes its output and exit code on, and removes it when the cloud is gone. The
// container is the daemon's child: without somebody who stays, it would outlive a cloud that was killed.
// Arguments: the container's name, then those of `docker create` without PORT.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { createServer } = require("node:net");

const HOST = "127.0.0.1";
/** A removal in the middle of a start can come to nothing; far more often than ever needed. */
const MOST_REMOVALS = 50;

const [name, ...createArguments] = process.argv.slice(2);
const removal = ["rm", "--force", "--volumes", name];

/** Runs Docker's client; gives its exit code, 137 when it was killed itself. */
function docker(args, stdio) {
  return new Promise((resolve) => {
    const client = spawn("docker", args, { stdio });
    client.once("error", (error) => {
      console.error(`docker ${args[0]}: ${error.message}`);
      resolve(127);
    });
    client.once("exit", (code) => resolve(code ?? 137));
  });
}

/** Nothing may start any more, with this exit code; undefined while it may. */
let unwanted;
let started = false;
let over = false;
let creating = Promise.resolve();
let removing;

process.on("SIGTERM", () => {
  unwanted ??= 143;
  // By Docker's own stop, for the signal is the image's to choose. How long it may take is the cloud's to say.
  if (started) void docker(["stop", "-t", "-1", name], "ignore");
});

// The cloud says so (it sends nothing else), or is gone, however it went.
for (const event of ["message", "disconnect"]) {
  process.on(event, () => {
    unwanted ??= 137;
    removing ??= remove();
  });
}

async function remove() {
  await creating;
  for (let removals = 0; !over && removals < MOST_REMOVALS; removals += 1) await docker(removal, "ignore");
}

async function keep() {
  // Held until the container needs it, so that nobody else takes it meanwhile.
  const holder = createServer().listen(0, HOST);
  await once(holder, "listening");
  const { port } = holder.address();
  if (unwanted !== undefined) return unwanted;
  creating = docker(["create", `--env=PORT=${port}`, ...createArguments], ["ignore", "ignore", "inherit"]);
  const created = await creating;
  await new Promise((resolve) => holder.close(resolve));
  if (created !== 0) return created;
  if (unwanted !== undefined) return unwanted;
  started = true;
  const running = docker(["start", "--attach", name], ["ignore", "inherit", "inherit"]);
  // Here it is going to listen, not yet now.
  if (process.connected) process.send({ listening: { host: HOST, port } });
  return await running;
}

void keep().then(async (code) => {
  over = true;
  await removing;
  // Nothing, as a rule: it is gone with its end. But the client may have ended before the container.
  await docker(removal, "ignore");
  process.exit(code);
});
