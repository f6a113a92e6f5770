// A shop's products in PostgreSQL, behind a base path. It knows nothing of this project.
import express from "express";
import pg from "pg";

const { PORT = "3000", HOST = "0.0.0.0", BASE_PATH = "/shop", DATABASE_URL } = process.env;
const database = new pg.Pool({ connectionString: DATABASE_URL, max: 5 });
// An idle connection that breaks must not end the process.
database.on("error", (error) => console.error(error.message));

const shop = express.Router();
shop.get("/health", async (_request, response) => {
  await database.query("SELECT 1");
  response.json({ status: "ok" });
});
shop.get("/products", async (_request, response) => {
  const { rows } = await database.query("SELECT id, name, price FROM product ORDER BY added DESC LIMIT 20");
  response.json({ products: rows });
});
shop.post("/products", async (request, response) => {
  const { name, price } = request.body;
  if (typeof name !== "string" || !Number.isInteger(price)) return response.sendStatus(422);
  const { rows } = await database.query("INSERT INTO product (name, price) VALUES ($1, $2) RETURNING id, name, price", [
    name,
    price,
  ]);
  response.status(201).location(`${BASE_PATH}/products/${rows[0].id}`).json(rows[0]);
});
shop.get("/products/:id", async ({ params }, response) => {
  const { rows } = await database.query("SELECT id, name, price FROM product WHERE id = $1", [params.id]);
  if (rows.length === 0) return response.sendStatus(404);
  response.json(rows[0]);
});
shop.put("/products/:id/price", async ({ params, body }, response) => {
  const { rowCount } = await database.query("UPDATE product SET price = $2 WHERE id = $1", [params.id, body.price]);
  response.sendStatus(rowCount === 0 ? 404 : 204);
});
shop.delete("/products/:id", async ({ params }, response) => {
  await database.query("DELETE FROM product WHERE id = $1", [params.id]);
  response.sendStatus(204);
});

const app = express().disable("x-powered-by").use(express.json()).use(BASE_PATH, shop);
const server = app.listen(Number(PORT), HOST, (error) => {
  if (error) throw error;
  console.log(`listening on ${HOST}:${PORT}`);
});
// Longer than a load balancer keeps idle connections open.
server.keepAliveTimeout = 65_000;

process.once("SIGTERM", () => server.close(() => void database.end()));
