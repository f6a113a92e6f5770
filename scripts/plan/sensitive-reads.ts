import { hasTrue, type Change, type Json } from "./change";
import { partOf } from "./secrets";

/**
 * The same change, which tells when somebody looks at a value that is sensitive on either side: whatever he says then
 * may hold it.
 * @param onLook called at every look
 */
export function trackSensitiveReads(change: Change, onLook: () => void): Change {
  const masks = [change.beforeSensitive, change.afterSensitive];
  if (!masks.some(hasTrue)) return change;
  return {
    ...change,
    get before() {
      return watchPart(change.before, masks, onLook);
    },
    get after() {
      return watchPart(change.after, masks, onLook);
    },
  };
}

function watchPart(value: Json, masks: readonly Json[], onLook: () => void): Json {
  if (masks.includes(true)) onLook();
  if (value === null || typeof value !== "object" || !masks.some(hasTrue)) return value;
  return new Proxy<Extract<Json, object>>(value, {
    get: (target, step) => {
      const part = Reflect.get(target, step) as Json;
      if (typeof step === "symbol" || !Object.hasOwn(target, step)) return part;
      return watchPart(
        part,
        masks.map((mask) => partOf(mask, step)),
        onLook,
      );
    },
  });
}
