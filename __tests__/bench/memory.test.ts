import { spawn } from "node:child_process";
import { once } from "node:events";
import { readCloudAddress } from "../../scripts/bench/memory";
import { readProcesses, treeMemory, watchMemory } from "../../scripts/bench/processes";

describe("the processes that ps prints", () => {
  it("are parsed from a table with columns of any width", () => {
    expect(readProcesses("    1     0  1200\n  410     1 73000\n")).toEqual([
      { pid: 1, parent: 0, kib: 1200 },
      { pid: 410, parent: 1, kib: 73_000 },
    ]);
  });

  it.each(["", "  PID  PPID   RSS\n", "1 0\n"])("are none in %j", (table) => {
    expect(readProcesses(table)).toEqual([]);
  });
});

describe("the memory of a process", () => {
  const processes = [
    { pid: 10, parent: 1, kib: 100 },
    { pid: 11, parent: 10, kib: 20 },
    { pid: 12, parent: 11, kib: 3 },
    { pid: 20, parent: 1, kib: 9000 },
    { pid: 1, parent: 0, kib: 5 },
    { pid: 0, parent: 0, kib: 0 },
  ];

  it.each([
    ["alone and with all that descends from it", 10, { own: 100, tree: 123 }],
    ["without children is its own", 20, { own: 9000, tree: 9000 }],
    ["that is its own parent ends", 0, { own: 0, tree: 9128 }],
    ["that is not there is none", 99, { own: 0, tree: 0 }],
  ])("%s", (_, pid, expected) => {
    expect(treeMemory(processes, pid)).toEqual(expected);
  });

  it("is sampled while it runs", async () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => undefined, 60_000)"]);
    try {
      const end = watchMemory(child.pid ?? 0);
      while (end().own === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(end().tree).toBeGreaterThanOrEqual(end().own);
    } finally {
      child.kill("SIGKILL");
      await once(child, "close");
    }
  });
});

describe("the local cloud's address", () => {
  const lines = [
    "  AWS             http://127.0.0.1:40001",
    "  export AWS_ENDPOINT_URL=http://127.0.0.1:40001",
    "  export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1",
    "  npm run release -- --image registry/tasks@sha256:00",
    "",
  ];

  it("is parsed from its output", () => {
    expect(readCloudAddress(lines.join("\n"))).toEqual({
      endpoint: "http://127.0.0.1:40001",
      region: "eu-central-1",
      image: "registry/tasks@sha256:00",
    });
  });

  it("is undefined until the output is complete", () => {
    for (let count = 0; count < lines.length; count += 1) {
      expect(readCloudAddress(lines.slice(0, count).join("\n"))).toBeUndefined();
    }
  });
});
