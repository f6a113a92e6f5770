import { AwsServer } from "../../../scripts/cloud/aws/server";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { DEFAULT_SETTINGS, type CloudSettings } from "../../../scripts/cloud/settings";
import { FakeState, fakeParts, START, TEMPLATE } from "./fake-cloud";

/** A running server over fake parts. */
export interface Served {
  readonly state: FakeState;
  readonly clock: SteppedClock;
  readonly server: AwsServer;
  /** What every SDK client needs to speak to it. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
}

/** Starts a server over fresh fake parts. */
export async function serve({
  settings = {},
  ...options
}: { readonly dynamoEndpoint?: string; readonly settings?: Partial<CloudSettings> } = {}): Promise<Served> {
  const state = new FakeState();
  const clock = new SteppedClock(START);
  const server = new AwsServer({
    template: TEMPLATE,
    clock,
    parts: fakeParts(state),
    settings: { ...DEFAULT_SETTINGS, ...settings },
    ...options,
  });
  await server.start();
  return {
    state,
    clock,
    server,
    client: {
      endpoint: server.endpoint,
      region: TEMPLATE.region,
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
      maxAttempts: 1,
    },
  };
}
