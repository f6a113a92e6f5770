import { crc32 } from "node:zlib";

/** Created on Unix, so that the file's mode is used; zip format 2.0. */
const MADE_BY = (3 << 8) | 20;
const VERSION = 20;
/** 1 January 1980, the earliest date of a zip. It is fixed, so that the same content always gives the same archive. */
const DOS_DATE = (1 << 5) | 1;
/** A regular file that everybody may read, because Lambda runs as another user. */
const MODE = 0o100644 * 0x1_0000;

/**
 * A zip archive of one uncompressed file. It has the same bytes on every machine; compressed bytes can differ between versions of
 * a compressor. Format: section 4.3 of https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.
 * @param name name of the file in the archive, in ASCII
 */
export function zipOf(name: string, content: Buffer): Buffer {
  const fileName = Buffer.from(name, "ascii");
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(DOS_DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(fileName.length, 22);
  const local = Buffer.concat([signature("PK\x03\x04"), common, fileName, content]);

  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(MADE_BY);
  const attributes = Buffer.alloc(14);
  attributes.writeUInt32LE(MODE, 6);
  const directory = Buffer.concat([signature("PK\x01\x02"), madeBy, common, attributes, fileName]);

  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, directory, signature("PK\x05\x06"), end]);
}

const signature = (text: string) => Buffer.from(text, "latin1");
