import { inflateRawSync } from "node:zlib";

/** Bytes of the end-of-central-directory record without its comment. */
const END_LENGTH = 22;
/** Bytes of the fixed part of an entry in the central directory. */
const ENTRY_LENGTH = 46;
/** Bytes of the fixed part of a local file header. */
const LOCAL_LENGTH = 30;
/** Compression methods. */
const STORED = 0;
const DEFLATED = 8;

/**
 * Unpacks a zip archive, such as the deployment package of a Lambda function. It supports neither encryption nor zip64,
 * which the packages of the stacks don't use. Format: section 4.3 of
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.
 * @returns content by file name
 * @throws when it is no zip archive, or a file is neither stored nor deflated
 */
export function unpack(archive: Buffer): ReadonlyMap<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0 || end + END_LENGTH > archive.length) throw new Error("not a zip archive");
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength);
    if (!name.endsWith("/")) files.set(name, contentOf(archive, at, name));
    at += ENTRY_LENGTH + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

function contentOf(archive: Buffer, entry: number, name: string): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const packedLength = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  const start = local + LOCAL_LENGTH + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedLength);
  if (method === STORED) return Buffer.from(packed);
  if (method === DEFLATED) return inflateRawSync(packed);
  throw new Error(`${name}: packed by method ${method}, which is neither stored nor deflated`);
}
