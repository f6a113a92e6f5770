import { PortError } from "../../scripts/cloud/port";
import { TemplateError } from "../../scripts/cloud/loader/error";
import { DockerError } from "../../scripts/cloud/tasks/docker-client";
import { Interruption } from "../../scripts/command/interruption";
import { exitCodeOfError } from "../../scripts/rehearse/command-error";
import { SynthesisError } from "../../scripts/rehearse/synthesis";
import { ConfigError } from "../../stacks/config";

function ended(error: unknown, verbose = false) {
  const lines: string[] = [];
  const interruption = new Interruption({ now: () => 0 });
  const code = exitCodeOfError(error, { interruption, verbose, print: (line) => lines.push(line) });
  return { code, text: lines.join("\n") };
}

describe("the exit code of a rehearsal that an error ended", () => {
  it.each([
    new TemplateError("delivery: aws_codedeploy_app.app: must be one"),
    new SynthesisError("service.cpu: must be a number"),
    new PortError(80, Object.assign(new Error("in use"), { code: "EADDRINUSE" })),
  ])("is 64 for what the user can correct, with its message only: $name", (error) => {
    expect(ended(error)).toEqual({ code: 64, text: error.message });
  });

  it("is 64 for a wrong configuration", () => {
    const { code, text } = ended(new ConfigError(["service.source: missing"]));
    expect({ code, text }).toEqual({ code: 64, text: expect.stringContaining("service.source: missing") as string });
  });

  it("is 70 for Docker, and for what nobody expects", () => {
    expect(ended(new DockerError("no daemon"))).toEqual({ code: 70, text: "no daemon" });
    expect(ended(new RangeError("odd"))).toEqual({
      code: 70,
      text: "The local cloud broke down: odd\n(--verbose shows where)",
    });
    expect(ended(new RangeError("odd"), true).text).toMatch(/RangeError: odd\n +at /);
    expect(ended("odd").text).toContain("odd");
  });
});
