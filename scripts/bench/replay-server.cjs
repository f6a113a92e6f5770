// A bare node:http server that answers every request with the bytes given in REPLAY ({headers, body}).
const { createServer } = require("node:http");

const { headers, body } = JSON.parse(process.env.REPLAY);
const server = createServer((request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.listen(0, "127.0.0.1", () => console.log(`port ${server.address().port}`));
