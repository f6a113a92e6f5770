// Loaded before the release: a fault nobody foresaw, thrown where nobody catches it, as soon as AWS (port 1) is asked.
const { Socket } = require("node:net");

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  if (!args.flat().some((option) => Number(option?.port) === 1)) return connect.apply(this, args);
  process.nextTick(() => {
    throw new Error("nobody foresaw this");
  });
  return this;
};
