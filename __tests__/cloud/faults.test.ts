import { effectOf, Faults, hasBegun, type TargetFault } from "../../scripts/cloud/faults";

const IMAGE = `sha256:${"1".repeat(64)}`;

describe("the faults of images", () => {
  it("are known by image, and a new one replaces the last", () => {
    const faults = new Faults();
    const changes: unknown[] = [];
    faults.changes.subscribe((change) => changes.push([change, faults.of(IMAGE)]));
    faults.inject({ imageDigest: IMAGE, fault: { kind: "error" } });
    faults.inject({ imageDigest: IMAGE, fault: { kind: "unhealthy", afterSeconds: 20 } });
    expect(faults.of(IMAGE)).toEqual({ kind: "unhealthy", afterSeconds: 20 });
    expect([faults.of(`sha256:${"2".repeat(64)}`), faults.of(undefined)]).toEqual([undefined, undefined]);
    expect(changes).toEqual([
      [{ imageDigest: IMAGE, fault: { kind: "error" } }, { kind: "error" }],
      [
        { imageDigest: IMAGE, fault: { kind: "unhealthy", afterSeconds: 20 } },
        { kind: "unhealthy", afterSeconds: 20 },
      ],
    ]);
  });

  it.each<[TargetFault, string]>([
    [{ kind: "error", rate: 1.1 }, "the fault error: rate must be a share from 0 to 1, not 1.1"],
    [{ kind: "crash", rate: -0.1, seconds: 1 }, "rate must be a share from 0 to 1, not -0.1"],
    [{ kind: "error", rate: Number.NaN }, "rate must be a share from 0 to 1, not NaN"],
    [{ kind: "exit", rate: 1 }, "the fault exit: it takes no rate"],
    [{ kind: "slow" }, "the fault slow: it needs seconds"],
    [{ kind: "crash", rate: 1 }, "it needs seconds"],
    [{ kind: "slow", seconds: -1 }, "seconds must be 0 or more, not -1"],
    [{ kind: "slow", seconds: Number.POSITIVE_INFINITY }, "seconds must be 0 or more, not Infinity"],
    [{ kind: "unhealthy", seconds: 3 }, "it takes no seconds"],
    [{ kind: "exit", afterSeconds: Number.NaN }, "afterSeconds must be 0 or more, not NaN"],
    [{ kind: "broken-start", afterSeconds: 0 }, "it takes no afterSeconds"],
    [{ kind: "explode" as "exit" }, "the fault explode: there is no such fault; there are error, slow, crash"],
  ])("refuse %j", (fault, message) => {
    const faults = new Faults();
    expect(() => faults.inject({ imageDigest: IMAGE, fault })).toThrow(message);
    expect(faults.of(IMAGE)).toBeUndefined();
  });
});

describe("background errors", () => {
  it("have a share that can be changed, and begin with none", () => {
    const faults = new Faults();
    expect(faults.backgroundShare).toBe(0);
    faults.setBackground(0.25);
    expect(faults.backgroundShare).toBe(0.25);
    faults.setBackground(0);
    expect(faults.backgroundShare).toBe(0);
  });

  it.each([-0.1, 1, Number.NaN, Number.POSITIVE_INFINITY])("refuse the share %d", (share) => {
    expect(() => new Faults().setBackground(share)).toThrow(
      `the share of background errors must be from 0 to below 1, not ${share}`,
    );
  });
});

describe("the effect of a fault on a request", () => {
  /** Random numbers in this order. */
  const drawing = (...numbers: readonly number[]) => {
    const left = [...numbers];
    return () => left.shift() ?? 0;
  };
  const error = { kind: "error", cause: "fault" };
  const background = { kind: "error", cause: "background" };
  const none = { kind: "none" };
  const slow = { kind: "slow", seconds: 3 };

  it.each<[TargetFault | undefined, readonly number[], object]>([
    [undefined, [0], none],
    [{ kind: "error" }, [0.99], error],
    [{ kind: "error", rate: 0.5 }, [0.49], error],
    [{ kind: "error", rate: 0.5 }, [0.5], none],
    [{ kind: "error", rate: 0 }, [0], none],
    [{ kind: "slow", seconds: 3 }, [0.99], slow],
    [{ kind: "slow", seconds: 3, rate: 0.2 }, [0.2], none],
    [{ kind: "crash", seconds: 3 }, [0.99, 0.49], error],
    [{ kind: "crash", seconds: 3 }, [0.99, 0.5], slow],
    [{ kind: "crash", seconds: 3, rate: 0.1 }, [0.1], none],
    [{ kind: "unhealthy" }, [0], none],
    [{ kind: "exit" }, [0], none],
    [{ kind: "broken-start" }, [0], none],
  ])("of %j when %j is drawn is %j", (fault, numbers, effect) => {
    expect(effectOf(fault, 0, 0, drawing(...numbers))).toEqual(effect);
  });

  it.each<[TargetFault | undefined, readonly number[], object]>([
    [undefined, [0.09], background],
    [undefined, [0.1], none],
    [{ kind: "error", rate: 0.5 }, [0.5, 0.09], background],
    [{ kind: "error", rate: 0.5 }, [0.5, 0.1], none],
    [{ kind: "error", rate: 0.5 }, [0.49], error],
    [{ kind: "slow", seconds: 3, rate: 0.5 }, [0.49], slow],
    [{ kind: "unhealthy" }, [0.09], background],
  ])("of %j when %j is drawn, with a tenth of background errors, is %j", (fault, numbers, effect) => {
    expect(effectOf(fault, 0, 0.1, drawing(...numbers))).toEqual(effect);
  });

  it("begins after its time", () => {
    const fault: TargetFault = { kind: "error", afterSeconds: 20 };
    expect([effectOf(fault, 19_999, 0, () => 0), effectOf(fault, 20_000, 0, () => 0)]).toEqual([none, error]);
    expect([hasBegun(fault, 19_999), hasBegun(fault, 20_000), hasBegun({ kind: "exit" }, 0)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
