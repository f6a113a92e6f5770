import { FAULT_NAMES, parseFault } from "../../../api/src/faults/fault";

describe("the text of a fault", () => {
  it.each([
    ["error", { name: "error", rate: 1 }],
    ["error:0.5", { name: "error", rate: 0.5 }],
    ["error:rate=0", { name: "error", rate: 0 }],
    ["slow", { name: "slow", ms: 3000, rate: 1 }],
    ["slow:150", { name: "slow", ms: 150, rate: 1 }],
    ["slow:ms=150,rate=0.5", { name: "slow", ms: 150, rate: 0.5 }],
    ["slow:150,rate=0.5", { name: "slow", ms: 150, rate: 0.5 }],
    ["slow:rate=0.5,ms=150", { name: "slow", ms: 150, rate: 0.5 }],
    ["crash", { name: "crash", ms: 2500, rate: 1 }],
    ["crash:125", { name: "crash", ms: 125, rate: 1 }],
    ["crash:125,0.3", { name: "crash", ms: 125, rate: 0.3 }],
    ["crash:rate=0.3", { name: "crash", ms: 2500, rate: 0.3 }],
    ["unhealthy", { name: "unhealthy", after: 0 }],
    ["unhealthy:after=60", { name: "unhealthy", after: 60 }],
    ["unhealthy:3.25", { name: "unhealthy", after: 3.25 }],
    ["exit:after=200", { name: "exit", after: 200 }],
    ["exit", { name: "exit", after: 0 }],
    ["broken-start", { name: "broken-start" }],
  ])("%s is understood", (text, fault) => {
    expect(parseFault(text)).toEqual({ ok: true, fault });
  });

  it.each([
    ["", `there is no fault ""; there are ${FAULT_NAMES.join(", ")}`],
    ["toString", `there is no fault "toString"; there are ${FAULT_NAMES.join(", ")}`],
    ["error:", 'error: rate is "", not a share from 0 to 1'],
    ["error:1.5", 'error: rate is "1.5", not a share from 0 to 1'],
    ["error:-1", 'error: rate is "-1", not a share from 0 to 1'],
    ["error:50%", 'error: rate is "50%", not a share from 0 to 1'],
    ["error:0.5,0.5", 'error: "0.5" is no argument of it; it takes rate'],
    ["slow:1e9", 'slow: ms is "1e9", not milliseconds, at most a day'],
    ["slow:100,ms=100", "slow: ms is given twice"],
    ["slow:after=3", 'slow: "after=3" is no argument of it; it takes ms, rate'],
    ["exit:86401", 'exit: after is "86401", not seconds, at most a day'],
    ["broken-start:1", 'broken-start: "1" is no argument of it; it takes no argument'],
  ])("%p is refused with a reason", (text, problem) => {
    expect(parseFault(text)).toEqual({ ok: false, problem });
  });
});
