/** A full SHA-256 digest. The group is the short form: Docker shows as many digits of an image's id. */
const DIGEST = /\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g;

/**
 * Shortens every SHA-256 digest in a text to twelve digits, for display. Don't use it for JSON or for a command to copy:
 * AWS and Docker don't accept a short digest. Pure.
 */
export function shortDigests(text: string): string {
  return text.replace(DIGEST, "$1");
}
