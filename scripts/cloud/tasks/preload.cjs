"use strict";
// Loaded before a task's program (node --require): reports on which address it listens, and ends it with the cloud.
const { errorMonitor } = require("node:events");
const net = require("node:net");

if (process.send) {
  const report = (message) => {
    if (process.connected) process.send(message);
  };
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...args) {
    this.once("listening", () => {
      const address = this.address();
      // The address of a pipe is a string; a load balancer can't reach it.
      if (address === null || typeof address === "string") return;
      report({ listening: { host: address.address, port: address.port } });
    });
    // `errorMonitor` only observes: an unhandled error still ends the program.
    this.once(errorMonitor, ({ code, syscall, port }) => {
      if (syscall === "listen" && typeof port === "number") report({ listenError: { code, port } });
    });
    return listen.apply(this, args);
  };

  // The channel closes when the cloud's process ends in any way. SIGKILL, because the program's own exit handlers could
  // wait for requests that will never end.
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // The channel must not keep a program alive that has nothing left to do.
  process.channel.unref();
}
