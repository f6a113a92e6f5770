import { EventEmitter } from "node:events";
import { clientEnvironment, forwardResizes, releaseArguments } from "../../scripts/rehearse/release-process";

describe("the release that is rehearsed", () => {
  it("gets the image by digest, and the fault as a variable of the new revision", () => {
    const line = releaseArguments({ image: "url@sha256:00", variables: ["SIMULATE=error:0.5"], plain: false });
    expect(line.slice(1)).toEqual([
      "--image",
      "url@sha256:00",
      "--env",
      "SIMULATE=error:0.5",
      "--poll-interval",
      "0.25",
    ]);
  });

  it("prints plain lines on request instead of the live view", () => {
    expect(releaseArguments({ image: "x", variables: [], plain: true }).join(" ")).toContain("--output plain");
  });

  it("connects to the local cloud, whatever the user has set for AWS", () => {
    const inherited = {
      PATH: "/bin",
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "secret",
      AWS_ENDPOINT_URL_ECS: "https://ecs.example",
      AWS_ACCESS_KEY_ID: "AKIA",
    };
    const environment = clientEnvironment(inherited, { endpoint: "http://127.0.0.1:1", region: "eu-central-1" });
    expect(environment).toMatchObject({
      PATH: "/bin",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "local",
    });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(["AWS_PROFILE"]));
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(["AWS_SESSION_TOKEN"]));
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(["AWS_ENDPOINT_URL_ECS"]));
  });
});

describe("a new size of the terminal", () => {
  it("is forwarded to the release, which has its own process group, while it runs", () => {
    const terminal = new EventEmitter();
    const told: unknown[] = [];
    const kill = (signal?: unknown) => told.push(signal) > 0;
    const end = forwardResizes({ kill }, terminal);
    terminal.emit("SIGWINCH");
    terminal.emit("SIGWINCH");
    expect(told).toEqual(["SIGWINCH", "SIGWINCH"]);
    end();
    terminal.emit("SIGWINCH");
    expect(told).toHaveLength(2);
    expect(terminal.eventNames()).toEqual([]);
  });
});
