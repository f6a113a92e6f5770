import "./one-realm";
import { startEmbeddedDatabase, type EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { createLog } from "../../../api/src/log";
import { startService, type RunningService, type ServiceParts } from "../../../api/src/service";
import type { Settings } from "../../../api/src/settings";
import { tableClient } from "../../../api/src/tasks/table-client";

/** Shared token of the /simulate routes. */
const TOKEN = "a-token-for-the-tests";
const TABLE = "tasks-under-test";

/** A JSON object. */
export type Json = Record<string, unknown>;

/** An answer, its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

/** The service on a free port of this process, with what a test needs to talk to it and to see what it did. */
export class TestService {
  readonly url: string;

  constructor(
    readonly running: RunningService,
    /** Lines of its log, oldest first. */
    readonly logLines: readonly string[],
    /** Codes it wanted to exit with. */
    readonly exits: readonly number[],
    /** What simulated faults waited, in milliseconds. */
    readonly delays: readonly number[],
  ) {
    this.url = `http://127.0.0.1:${running.port}`;
  }

  /** One request, of any method; `json` is sent as JSON, `text` as it is. */
  async request(
    method: string,
    path: string,
    options: {
      readonly headers?: Record<string, string>;
      readonly json?: unknown;
      readonly text?: string | Buffer;
    } = {},
  ): Promise<Answer> {
    const body = options.json === undefined ? options.text : JSON.stringify(options.json);
    const type: Record<string, string> = options.json === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(this.url + path, {
      method,
      headers: { ...type, ...options.headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? (JSON.parse(text) as Json) : {},
    };
  }

  /** One GET. */
  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request("GET", path, { headers });
  }

  /** POSTs to a /simulate route with the token. */
  simulate(path: string): Promise<Answer> {
    return this.request("POST", `/simulate/${path}`, { headers: { "x-simulate-token": TOKEN } });
  }

  /** Creates a task and gives it back. */
  async newTask(input: Json = { title: "Water the plants" }): Promise<Json & { readonly id: string }> {
    const { status, body } = await this.request("POST", "/tasks", { json: input });
    if (status !== 201) throw new Error(`no task was created: ${JSON.stringify(body)}`);
    return body as Json & { id: string };
  }

  /** Stops it; a second time waits for the same. */
  stop(): Promise<void> {
    return this.running.stop();
  }
}

/** Settings for a service of this process, on any free port, with some of them changed. */
export function settings(changes: Partial<Settings> = {}): Settings {
  return {
    port: 0,
    host: "127.0.0.1",
    tableName: TABLE,
    releaseVersion: "v7",
    simulate: undefined,
    simulateToken: TOKEN,
    logLevel: "info",
    stopTimeoutSeconds: 25,
    ...changes,
  };
}

/** An embedded database with the service's table. */
export function startDatabase(): Promise<EmbeddedDatabase> {
  return startEmbeddedDatabase(TABLE);
}

/** Starts the service against a database, and waits until it is ready; simulated waiting takes no time unless `delay` is given. */
export async function startTestService(
  database: { readonly clientConfig: EmbeddedDatabase["clientConfig"] },
  changes: Partial<Settings> = {},
  parts: Partial<ServiceParts> = {},
): Promise<TestService> {
  const logLines: string[] = [];
  const exits: number[] = [];
  const delays: number[] = [];
  const given = settings(changes);
  const log = createLog(given.releaseVersion, { write: (line) => void logLines.push(line) });
  log.level = given.logLevel;
  const running = await startService(given, {
    client: tableClient(database.clientConfig),
    log,
    exit: (code) => void exits.push(code),
    delay: (ms) => {
      delays.push(ms);
      return Promise.resolve();
    },
    ...parts,
  });
  await running.ready;
  return new TestService(running, logLines, exits, delays);
}
