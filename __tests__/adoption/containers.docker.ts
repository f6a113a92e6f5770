/**
 * A service of somebody else in its own image, with a real Docker daemon and PostgreSQL. The base image must be there under
 * the Dockerfile's name, or Docker able to pull it.
 */
import { reported, run } from "../rehearse/command";
import { contextOf, EXPRESS } from "./own-service";

// They last as long as the machine needs: a busy one slows the cloud's clock down, and the image is built first.
jest.setTimeout(600_000);

async function rehearse(line: string) {
  return reported(
    run("rehearse", `--json --runtime docker --speed 40 --rps 1 ${line}`.trim(), await contextOf(EXPRESS)),
  );
}

describe("npm run rehearse -- --runtime docker, for Express on PostgreSQL", () => {
  it("releases a good version, and no request fails", async () => {
    const { code, report } = await rehearse("");
    expect(report).toMatchObject({ verdict: "released", reasons: [], requests: { failed: 0 } });
    expect(report.requests.toNewVersion).toBeGreaterThan(0);
    expect(code).toBe(0);
  });

  it("rolls a bad version back by its alarm", async () => {
    const { code, report } = await rehearse("--fault error --rate 1");
    expect(report).toMatchObject({ verdict: "rolled-back", reasons: [], deployment: { errorCode: "ALARM_ACTIVE" } });
    expect(report.activatedAlarms.join(" ")).toMatch(/failed-requests/);
    expect(code).toBe(2);
  });
});
