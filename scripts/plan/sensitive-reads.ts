import type { Change } from "./change";
import { hasTrue, maskAt, type Json } from "./json-values";

/**
 * A copy of a change that reports every read of a value that is sensitive on either side. A text that is made after such a read
 * may hold the value.
 * @param onRead called at every read of a sensitive value
 */
export function trackSensitiveReads(change: Change, onRead: () => void): Change {
  const masks = [change.beforeSensitive, change.afterSensitive];
  if (!masks.some(hasTrue)) return change;
  return {
    ...change,
    get before() {
      return trackPart(change.before, masks, onRead);
    },
    get after() {
      return trackPart(change.after, masks, onRead);
    },
  };
}

function trackPart(value: Json, masks: readonly Json[], onRead: () => void): Json {
  if (masks.includes(true)) onRead();
  if (value === null || typeof value !== "object" || !masks.some(hasTrue)) return value;
  return new Proxy<Extract<Json, object>>(value, {
    get: (target, step) => {
      const part = Reflect.get(target, step) as Json;
      if (typeof step === "symbol" || !Object.hasOwn(target, step)) return part;
      return trackPart(
        part,
        masks.map((mask) => maskAt(mask, step)),
        onRead,
      );
    },
  });
}
