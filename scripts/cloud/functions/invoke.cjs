"use strict";
// Runs a function once, as Lambda's Node.js runtime does.
// Usage: node invoke.cjs <module> <export> <event as JSON> <timeout in milliseconds>
const { performance } = require("node:perf_hooks");

const [file, handlerName, event, limitMs] = process.argv.slice(2);
const context = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  getRemainingTimeInMillis: () => Math.floor(Number(limitMs) - performance.now()),
};

Promise.resolve()
  .then(() => require(file)[handlerName](JSON.parse(event), context))
  .then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
