CREATE TABLE product (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  price integer NOT NULL,
  added timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX product_added ON product (added);
