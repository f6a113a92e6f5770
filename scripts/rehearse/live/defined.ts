/** The value without members that are undefined, at any depth, as its JSON. */
export function defined<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
