// @ts-check
// Keeps bundles in node_modules/.cache/launch, so that a start runs esbuild only after a change.
//
// A bundle is kept with a fingerprint of each of its inputs, and used while all of them are the same. The last line of its file
// holds them, and a checksum. When a file is missing or damaged, it is made again.
import { createHash, randomUUID } from "node:crypto";
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const FOLDER = path.join(ROOT, "node_modules", ".cache", "launch");

/** What makes every bundle. npm writes the second one when it installs. */
const MAKERS = [
  ...["launch.mjs", "bundle.mjs", "bundle-cache.mjs"].map((name) => path.join(import.meta.dirname, name)),
  path.join(ROOT, "node_modules", ".package-lock.json"),
];

/** esbuild reads them in the folders of sources, and doesn't list them as inputs. */
const SETTINGS = ["package.json", "tsconfig.json"];

/** Before the last line of a file, which is a comment: stack traces of packages name the file, so that it can be read. */
const STAMP_PREFIX = "\n//";
const CHECKSUM_CHARACTERS = 8;

/** The clock of a file system may be this much behind. */
const CLOCK_STEP_MS = 20;

/** @typedef {import("./bundle.mjs").MadeBundle} MadeBundle */

/**
 * A bundle to run.
 * @typedef {object} Bundle
 * @property {string} code
 * @property {string} file where it is kept
 * @property {readonly string[]} largePackages
 * @property {Buffer} [compiled] what V8 has compiled of it in an earlier process
 * @property {(compiled: Buffer) => void} [keepCompiled]
 */

/**
 * What the last line of a file in the cache says.
 * @typedef {object} Stamp
 * @property {string} id of the bundle, and of what V8 has compiled of it
 * @property {string} [request] what the bundle is made for, beside the program
 * @property {readonly string[]} [largePackages]
 * @property {Readonly<Record<string, string>>} [inputs] fingerprints by path
 */

/**
 * The cache of a program's bundles. Without a folder that can be written to, and for a program outside this repository, it
 * keeps nothing.
 * @param {string} program absolute path of its first source
 */
export function cacheOf(program) {
  const folder = isInside(program) ? writableFolder() : undefined;
  const key = sha256(JSON.stringify([program, process.version, process.arch]))
    .toString("hex")
    .slice(0, 16);
  return {
    folder,
    /**
     * The kept bundle, or a new one.
     * @param {string} kind
     * @param {string} request what the bundle is made for, beside the program
     * @param {() => Promise<MadeBundle>} make
     * @returns {Promise<Bundle>}
     */
    async bundle(kind, request, make) {
      const file = path.join(FOLDER, `${path.parse(program).name}-${key}-${kind}.js`);
      if (folder === undefined) return { ...(await make()), file };
      return keptBundle(file, request) ?? (await newBundle(file, request, make));
    },
  };
}

/** @returns {string | undefined} */
function writableFolder() {
  try {
    mkdirSync(FOLDER, { recursive: true });
    accessSync(FOLDER, constants.W_OK);
    return FOLDER;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {string} request
 * @returns {Bundle | undefined} undefined when there is none, or an input has changed
 */
function keptBundle(file, request) {
  const kept = read(file);
  if (kept?.stamp.request !== request) return undefined;
  const { id, inputs = {}, largePackages = [] } = kept.stamp;
  if (Object.entries(inputs).some(([input, print]) => fingerprint(input) !== print)) return undefined;
  const compiled = read(compiledFile(file));
  return {
    code: kept.content.toString(),
    file,
    largePackages,
    ...(compiled?.stamp.id === id && { compiled: compiled.content }),
    keepCompiled: (bytes) => write(compiledFile(file), bytes, { id }),
  };
}

/**
 * @param {string} file
 * @param {string} request
 * @param {() => Promise<MadeBundle>} make
 * @returns {Promise<Bundle>}
 */
async function newBundle(file, request, make) {
  const since = Date.now() - CLOCK_STEP_MS;
  const { code, inputs, largePackages } = await make();
  const all = [...MAKERS, ...inputs, ...placesOf(inputs)];
  const prints = Object.fromEntries(all.map((input) => [input, fingerprint(input)]));
  // esbuild may have read an input before it changed. Folders outside this repository have no fingerprint.
  if (all.some((input) => changedAt(input) >= since || !(isInside(input) || isOfPackage(input)))) {
    return { code, file, largePackages };
  }
  const id = randomUUID();
  write(file, Buffer.from(code), { id, request, largePackages, inputs: prints });
  return { code, file, largePackages, keepCompiled: (bytes) => write(compiledFile(file), bytes, { id }) };
}

/** @param {string} file of a bundle */
function compiledFile(file) {
  return `${file}.v8`;
}

/**
 * The folders in which esbuild looked for own sources, and the settings in them. A new file may take the place of an input:
 * value.ts is preferred to value/index.ts.
 * @param {readonly string[]} inputs
 */
function placesOf(inputs) {
  const folders = new Set([ROOT]);
  for (const input of inputs.filter((file) => !isOfPackage(file))) {
    for (let folder = path.dirname(input); isInside(folder); folder = path.dirname(folder)) folders.add(folder);
  }
  return [...folders].flatMap((folder) => [folder, ...SETTINGS.map((name) => path.join(folder, name))]);
}

/** @param {string} file */
function isInside(file) {
  return file === ROOT || file.startsWith(ROOT + path.sep);
}

/** @param {string} file */
function isOfPackage(file) {
  return file.includes(`${path.sep}node_modules${path.sep}`);
}

/** @param {string} file */
function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Differs after a change: of a source its content, of a folder the names in it. Of a package's files, which are hundreds, only
 * their folder's entries are read.
 * @param {string} file
 */
function fingerprint(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return "missing";
  if (isOfPackage(file)) return [stats.ino, stats.size, stats.mtimeMs].join(" ");
  return sha256(stats.isDirectory() ? readdirSync(file).sort().join("/") : readFileSync(file)).toString("base64");
}

/** @param {string | Buffer} content */
function sha256(content) {
  return createHash("sha256").update(content).digest();
}

/** @type {(text: string) => Stamp} */
const parseStamp = JSON.parse;

/** @param {Buffer} bytes */
function checksum(bytes) {
  return crc32(bytes).toString(16).padStart(CHECKSUM_CHARACTERS, "0");
}

/**
 * @param {string} file
 * @returns {{ readonly content: Buffer, readonly stamp: Stamp } | undefined} undefined when it's missing or damaged
 */
function read(file) {
  try {
    const bytes = readFileSync(file);
    const checked = bytes.subarray(0, -CHECKSUM_CHARACTERS);
    if (bytes.subarray(checked.length).toString() !== checksum(checked)) return undefined;
    const end = checked.lastIndexOf(STAMP_PREFIX);
    return {
      content: checked.subarray(0, end),
      stamp: parseStamp(checked.subarray(end + STAMP_PREFIX.length).toString()),
    };
  } catch {
    return undefined;
  }
}

/**
 * Writes a file as a whole or not at all. After an error, such as that of a full disk, the next start makes it again.
 * @param {string} file
 * @param {Buffer} content
 * @param {Stamp} stamp
 */
function write(file, content, stamp) {
  const temporary = `${file}.${randomUUID()}`;
  const checked = Buffer.concat([content, Buffer.from(`${STAMP_PREFIX}${JSON.stringify(stamp)} `)]);
  try {
    writeFileSync(temporary, Buffer.concat([checked, Buffer.from(checksum(checked))]));
    renameSync(temporary, file);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The folder can't be written to any more.
    }
  }
}
