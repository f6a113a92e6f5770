import { watchNpm } from "../../scripts/rehearse/npm-watch";

/** A script as npm starts it: says that it watches npm, and ends when npm is gone. Nothing else keeps it for ever. */
const alive = setTimeout(() => undefined, 60_000);
watchNpm(() => {
  console.log("npm is gone");
  clearTimeout(alive);
});
console.log("watching");
