import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { codeDeployAccount } from "../cloud/aws/codedeploy-account";

/** The region of the configurations. */
export const REGION = "eu-central-1";
/** The account that moto_server emulates. */
export const ACCOUNT = "123456789012";

/** An empty AWS account on loopback: moto_server, and the local cloud's CodeDeploy, which moto has not enough of. */
export interface EmulatedAccount {
  /** What AWS's tools, Terraform and this project's commands need to reach it, and nothing else of this machine. */
  readonly variables: NodeJS.ProcessEnv;
  /** What the clients of AWS's SDK need. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  stop(): Promise<void>;
}

/** Starts an empty account. @throws when moto_server is not on PATH or does not start */
export async function startEmulatedAccount(): Promise<EmulatedAccount> {
  const codeDeploy = codeDeployAccount({ now: () => Date.now() });
  await codeDeploy.start();
  const moto = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], {
    // Without it the policies that AWS manages are unknown, and no role can have them.
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const endpoint = await endpointOf(moto);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return {
    variables: {
      ...ownVariables(),
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_CODEDEPLOY: codeDeploy.endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    client: { endpoint, region: REGION, credentials },
    stop: async () => {
      await codeDeploy.stop();
      moto.kill();
      if (moto.exitCode === null && moto.signalCode === null) await once(moto, "exit");
    },
  };
}

/** The variables of this process without whatever it knows of AWS, of environments and of how Terraform is wished. */
export function ownVariables(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|CDKTF_|TF_VAR_|TF_CLI_ARGS|ENVIRONMENT$)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  };
}

/** Waits until moto says where it listens, and goes on reading what it says, so that it never waits for us. */
function endpointOf(moto: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk: string) => {
      said = `${said}${chunk}`.slice(-4_000);
      const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    };
    for (const stream of [moto.stdout, moto.stderr]) stream?.setEncoding("utf8").on("data", listen);
    moto.once("error", (error) => reject(new Error(`moto_server does not start: ${error.message}; is it on PATH?`)));
    moto.once("exit", (code) => reject(new Error(`moto_server ended with ${code ?? "a signal"}:\n${said}`)));
  });
}
