import type { Clock } from "../clock";
import type { Renderer } from "../events";

/**
 * Shows a release as JSON, one object per line: `type`, `time` (ISO 8601) and the members of the event. The last line has
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
