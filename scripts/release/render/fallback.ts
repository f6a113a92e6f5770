import type { ReleaseEvent, Renderer } from "../events";

/**
 * Shows a release with `renderer` until that breaks, and from then on with `plain`: a fault of a view must neither end
 * the release nor hide its outcome.
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
      plain.show({ type: "warning", text: `the view broke, so plain lines follow: ${String(error)}` });
      plain.show(event);
    }
  };
  const close = () => {
    try {
      current.close();
    } catch {
      // It is given up anyway.
    }
  };
  return { show, close };
}
