import { types } from "node:util";

// Jest runs tests in a realm of their own, so that an error of Node's core is no `instanceof Error` there: the SDK takes
// it for a stranger and replaces it by one that has lost its code. In a process all errors are of one realm.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, thing: unknown): boolean {
    return this === Error
      ? types.isNativeError(thing) || Function.prototype[Symbol.hasInstance].call(Error, thing)
      : Function.prototype[Symbol.hasInstance].call(this, thing);
  },
});
