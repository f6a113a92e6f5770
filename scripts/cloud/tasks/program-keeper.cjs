"use strict";
// Runs one program of any language, and ends it with the process that started this one, however that ends. A program can't
// do so by itself: it need not be Node, and it may ignore SIGTERM.
// The program is named in the first message: { command: [program, ...arguments], environment }.
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

let program;
let isTerminated = false;

process.on("SIGTERM", () => {
  isTerminated = true;
  program?.kill("SIGTERM");
});

process.once("message", ({ command: [file, ...args], environment }) => {
  if (isTerminated) process.exit(128 + constants.signals.SIGTERM);
  program = spawn(file, args, { env: environment, stdio: ["ignore", "inherit", "inherit"] });
  program.once("error", (error) => {
    console.error(error.message);
    process.exit(127);
  });
  // As a shell and a container runtime have it.
  program.once("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
});

// The channel closes when the parent process ends in any way. This process leads a process group of its own: the signal
// ends it, the program, and what the program has started in the group.
process.once("disconnect", () => process.kill(0, "SIGKILL"));
