"use strict";
// The embedded DynamoDB's process: a table that gets busy must not slow the load balancer's event loop.
const dynalite = require("dynalite");

const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
// The API's connections idle between requests: closing them after Node's 5 s would break a request now and then.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1");
