import { uuidOf } from "../../../scripts/cloud/derived-ids";
import { newTaskId, newTaskSetId, privateIp } from "../../../scripts/cloud/ecs/identifiers";

describe("identifiers", () => {
  it("have AWS's formats", () => {
    expect(newTaskId()).toMatch(/^[0-9a-f]{32}$/);
    expect(newTaskSetId()).toMatch(/^ecs-svc\/[1-9]\d{18}$/);
    expect(uuidOf("a")).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it("are not given twice", () => {
    expect(newTaskId()).not.toBe(newTaskId());
    expect(newTaskSetId()).not.toBe(newTaskSetId());
    expect(uuidOf("a")).not.toBe(uuidOf("b"));
  });

  it.each([
    [0, "10.0.0.4"],
    [251, "10.0.0.255"],
    [252, "10.0.1.0"],
    [2 ** 24 - 9, "10.255.255.251"],
    [2 ** 24 - 8, "10.0.0.4"],
  ])("gives the task number %i the address %s", (n, address) => {
    expect(privateIp(n)).toBe(address);
  });
});
