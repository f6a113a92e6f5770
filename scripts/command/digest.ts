/** A digest of SHA-256 in full; the group is what people are shown: as many digits as Docker shows of an image's id. */
const DIGEST = /\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g;

/**
 * A text for people, with every SHA-256 digest in it cut to twelve digits. Not for JSON, and not for a command that is to
 * be copied: neither AWS nor Docker takes a short digest. Pure.
 */
export function shortDigests(text: string): string {
  return text.replace(DIGEST, "$1");
}
