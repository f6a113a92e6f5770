"use strict";
// Supervises one container: creates and runs it, passes its output and exit code on, and removes it when the cloud
// ends. The container is a child of the Docker daemon: without this process it would outlive a cloud that was killed.
// Arguments: the container's name, then those of `docker create` without PORT.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { createServer } = require("node:net");

const HOST = "127.0.0.1";
/** Largest number of attempts to remove the container: a removal during a start may have no effect. */
const MAX_REMOVALS = 50;

const [name, ...createArguments] = process.argv.slice(2);
const removal = ["rm", "--force", "--volumes", name];

/** Runs Docker's client; gives its exit code, or 137 when it was killed. */
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

/** Set when the container must not start any more: the exit code to end with. */
let stopCode;
let started = false;
let exited = false;
let creating = Promise.resolve();
let removing;

process.on("SIGTERM", () => {
  stopCode ??= 143;
  // Docker sends the stop signal that the image has set. `-t -1`: the cloud decides when to kill.
  if (started) void docker(["stop", "-t", "-1", name], "ignore");
});

// A message asks for the removal (the cloud sends no other). The channel closes when the cloud ends in any way.
for (const event of ["message", "disconnect"]) {
  process.on(event, () => {
    stopCode ??= 137;
    removing ??= remove();
  });
}

async function remove() {
  await creating;
  for (let removals = 0; !exited && removals < MAX_REMOVALS; removals += 1) await docker(removal, "ignore");
}

async function supervise() {
  // Holds the port until the container needs it, so that no other program takes it.
  const holder = createServer().listen(0, HOST);
  await once(holder, "listening");
  const { port } = holder.address();
  if (stopCode !== undefined) return stopCode;
  creating = docker(["create", `--env=PORT=${port}`, ...createArguments], ["ignore", "ignore", "inherit"]);
  const created = await creating;
  await new Promise((resolve) => holder.close(resolve));
  if (created !== 0) return created;
  if (stopCode !== undefined) return stopCode;
  started = true;
  const running = docker(["start", "--attach", name], ["ignore", "inherit", "inherit"]);
  // The container will listen on this address; it may not do so yet.
  if (process.connected) process.send({ listening: { host: HOST, port } });
  return await running;
}

void supervise().then(async (code) => {
  exited = true;
  await removing;
  // Docker has usually removed the container when it exited. But the client may have exited before the container.
  await docker(removal, "ignore");
  process.exit(code);
});
