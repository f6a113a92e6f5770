"use strict";
// Loaded before a task's program (node --require): tells the cloud where the program listens, and ends it with the cloud.
const { errorMonitor } = require("node:events");
const net = require("node:net");

if (process.send) {
  const tell = (message) => {
    if (process.connected) process.send(message);
  };
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...args) {
    this.once("listening", () => {
      const address = this.address();
      // A pipe's address is a string: not what a load balancer can reach.
      if (address === null || typeof address === "string") return;
      tell({ listening: { host: address.address, port: address.port } });
    });
    // It only watches: an error that nobody handles still ends the program.
    this.once(errorMonitor, ({ code, syscall, port }) => {
      if (syscall === "listen" && typeof port === "number") tell({ listenError: { code, port } });
    });
    return listen.apply(this, args);
  };

  // The channel closes when the cloud's process is gone, however it went. SIGKILL: the program's own exit handlers
  // would wait for requests that nobody answers any more.
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // Watching must not keep the program alive: a server that closed and has nothing left to do exits by itself.
  process.channel.unref();
}
