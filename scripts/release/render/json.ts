import type { Clock } from "../clock";
import type { Renderer } from "../events";

/**
 * Shows a release as JSON, one object a line: `type`, `time` (ISO 8601) and what the event holds. The last line has
 * the type `outcome`.
 *
 * @param write prints one line
 */
export function jsonRenderer(write: (line: string) => void, clock: Pick<Clock, "now">): Renderer {
  return {
    show: (event) => {
      const { type, ...rest } = event.type === "outcome" ? { type: event.type, ...event.report } : event;
      write(JSON.stringify({ type, time: new Date(clock.now()).toISOString(), ...rest }));
    },
    close: () => undefined,
  };
}
