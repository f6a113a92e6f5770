import type { ReleaseEvent, Renderer } from "../events";

/**
 * Shows a release with `renderer` until it throws, and from then on with `plain`. An error of a view must neither end the
 * release nor hide its outcome.
 *
 * @throws what `plain` throws
 */
export function fallbackRenderer(renderer: Renderer, plain: Renderer): Renderer {
  let current = renderer;
  const show = (event: ReleaseEvent) => {
    try {
      current.show(event);
    } catch (error) {
      if (current === plain) throw error;
      close();
      current = plain;
      plain.show({ type: "warning", text: `the live view failed, so plain lines follow: ${String(error)}` });
      plain.show(event);
    }
  };
  const close = () => {
    try {
      current.close();
    } catch {
      // The failed view is not used again, so its error doesn't matter.
    }
  };
  return { show, close };
}
