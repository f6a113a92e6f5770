import { ExpressionError } from "../../../scripts/cloud/metrics/expression";
import { compileMath } from "../../../scripts/cloud/metrics/math";
import { clockBoundaries } from "../../../scripts/cloud/metrics/periods";
import type { MetricDataQuery, MetricQuery } from "../../../scripts/cloud/template";

type Row = readonly (number | undefined)[];

const metric = (metricName: string, period = 60): MetricQuery => ({
  namespace: "AWS/ApplicationELB",
  metricName,
  dimensions: {},
  period,
  statistic: "Sum",
});

/** Computes an expression over metrics given as rows of slots; `-` of the reference's tables is undefined. */
function compute(expression: string, rows: Readonly<Record<string, Row>>, more: readonly MetricDataQuery[] = []): Row {
  const slots = Math.max(...Object.values(rows).map((row) => row.length));
  const math = compileMath([
    ...Object.keys(rows).map((id) => ({ id, metric: metric(id), returnData: false })),
    ...more,
    { id: "result", expression, returnData: true },
  ]);
  const points = math.evaluate(
    "result",
    (query, boundaries) =>
      (rows[query.metricName] ?? []).flatMap((value, slot) =>
        value === undefined ? [] : [{ at: boundaries[slot] ?? NaN, value, sampleCount: 1 }],
      ),
    clockBoundaries(0, slots * 60_000, 60),
  );
  return Array.from({ length: slots }, (_, slot) => points.find(({ at }) => at === slot * 60_000)?.value);
}

const _ = undefined;

describe("metric math", () => {
  it.each<[string, Readonly<Record<string, Row>>, Row]>([
    ["1 + 2 * m1", { m1: [1, 2, 3] }, [3, 5, 7]],
    ["(1 + 2) * m1", { m1: [1, 2, 3] }, [3, 6, 9]],
    ["10 - m1 - 1", { m1: [2] }, [7]],
    ["-m1 ^ 2", { m1: [3] }, [-9]],
    ["2 ^ 3 ^ m1", { m1: [1] }, [8]],
    ["m1 * -2", { m1: [3] }, [-6]],
    ["1.5e1 + .5 + m1", { m1: [0] }, [15.5]],
    // arithmetic takes a missing value for 0 where the other side has one
    ["m1 + m2", { m1: [1, _, 3, _], m2: [10, 20, _, _] }, [11, 20, 3, _]],
    ["m1 * 2", { m1: [1, _] }, [2, _]],
    // a division by zero, also by a missing value, drops the point
    ["m1 / m2", { m1: [6, 6, 6], m2: [3, 0, _] }, [2, _, _]],
    ["m1 / 0", { m1: [1, 2] }, [_, _]],
    ["m1 < 1 / 0", { m1: [1, _] }, [1, _]],
    ["(m1 - 5) ^ 0.5", { m1: [9, 1] }, [2, _]],
    ["0 * m1 + FILL(m2, 3)", { m1: [_, 1], m2: [_, _] }, [3, 3]],
    ["100 * m1 / (m1 + m2)", { m1: [1, 0], m2: [3, 0] }, [25, _]],
    // the reference's table of comparisons
    ["m1 < m2", { m1: [30, 20, 0, 0], m2: [20, _, 20, _] }, [0, 0, 1, 0]],
    ["m1 >= 30", { m1: [30, 20, 0, 0] }, [1, 0, 0, 0]],
    ["m1 > 15 AND m2 > 15", { m1: [30, 20, 0, 0], m2: [20, _, 20, _] }, [1, 0, 0, 0]],
    ["m1 > 15 || m2 > 15", { m1: [30, 20, 0, 0], m2: [20, _, 20, _] }, [1, 1, 1, 0]],
    ["m1 == 2 && m1 != 3 OR m1 <= 0", { m1: [2, 3, 0] }, [1, 0, 1]],
    // functions over several metrics, and of one
    ["SUM(METRICS())", { m1: [1, _, _], m2: [2, 3, _] }, [3, 3, _]],
    ['SUM(METRICS("errors"))', { errors1: [1], errors2: [2], requests: [9] }, [3]],
    ["SUM([m1, m2, 5])", { m1: [1], m2: [2] }, [8]],
    ["SUM([METRICS(), m1])", { m1: [1], m2: [2] }, [4]],
    ["AVG([m1, m2])", { m1: [1, _], m2: [3, 3] }, [2, 1.5]],
    ["MIN([m1, m2])", { m1: [1, _], m2: [3, 3] }, [1, 3]],
    ["MAX([m1, m2])", { m1: [1, _], m2: [3, 3] }, [3, 3]],
    ["m1 - MIN(m1)", { m1: [5, 3, 9] }, [2, 0, 6]],
    ["MIN([MIN(m1), MAX(m1), m2])", { m1: [_, _], m2: [4, _] }, [4, _]],
    ["FILL(TIME_SERIES(MIN(m1)), 7) * m2 + FILL(TIME_SERIES(MAX(m1)), 1)", { m1: [_], m2: [1] }, [8]],
    ["m1 / MAX(m1) + SUM(m1) * 0", { m1: [5, 10] }, [0.5, 1]],
    ["SUM(100 / [m1, m2])", { m1: [10], m2: [50] }, [12]],
    ["SUM(-[m1, m2] - m1)", { m1: [1], m2: [2] }, [-5]],
    ["SUM(m1 - [m1, m2])", { m1: [1], m2: [2] }, [-1]],
    ["ABS(m1) + CEIL(m1) + FLOOR(m1)", { m1: [-1.5] }, [-1.5]],
    ["SUM(ABS([m1, m2]))", { m1: [-1], m2: [-2] }, [3]],
    ["m1 / PERIOD(m1)", { m1: [120] }, [2]],
    ["m1 / METRIC_COUNT(METRICS())", { m1: [6], m2: [0], m3: [0] }, [2]],
    ["TIME_SERIES(DATAPOINT_COUNT(m1))", { m1: [5, _, 5] }, [2, 2, 2]],
    ["ABS(-3) * m1", { m1: [1] }, [3]],
    // FILL
    ["FILL(m1, 7)", { m1: [1, _, 3] }, [1, 7, 3]],
    ["FILL(m1, m2)", { m1: [1, _, _], m2: [0, 5, _] }, [1, 5, _]],
    ["FILL(m1, REPEAT)", { m1: [_, 1, _, _, 4] }, [_, 1, 1, 1, 4]],
    ["FILL(m1, LINEAR)", { m1: [_, 1, _, _, 4, _] }, [_, 1, 2, 3, 4, _]],
    ["FILL(m1, LINEAR)", { m1: [_, _], m2: [1, 1] }, [_, _]],
    ["SUM(FILL(METRICS(), 1))", { m1: [_], m2: [5] }, [6]],
    // the reference's tables of IF
    ["IF(m1, m2, m3)", { m1: [1, 1, 0, 0, _], m2: [30, _, 0, 0, 30], m3: [0, 0, 20, _, 20] }, [30, 0, 20, _, _]],
    ["IF(m1, 5, m3)", { m1: [1, 1, 0, 0, _], m3: [0, 0, 20, _, 20] }, [5, 5, 20, _, _]],
    ["IF(m1, m2, 5)", { m1: [1, 1, 0, 0, _], m2: [30, _, 0, 0, 30] }, [30, 0, 5, 5, _]],
    ["IF(m1 < 400, m1)", { m1: [1, 500] }, [1, _]],
    ["IF(1, m1, 3)", { m1: [1, _] }, [1, _]],
    ["IF(0, m1) + m1 * 0", { m1: [1, 2] }, [0, 0]],
    ["IF(m2 > 10, 100 * m1 / m2, 0)", { m1: [1, 2], m2: [5, 20] }, [0, 10]],
    ["IF(AVG(m1) > 1, 7, m1)", { m1: [2, 2] }, [7, 7]],
    ["IF(AVG(m1) > 1, 7, m1)", { m1: [1, 1] }, [1, 1]],
    // what is made of a scalar without a value has none either
    ["IF(MIN(m1) > 1, 7, m2)", { m1: [_], m2: [1] }, [_]],
    ["IF(m2, MAX(m1), 5)", { m1: [_], m2: [1] }, [0]],
    ["m2 * (MIN(m1) > 5)", { m1: [_], m2: [1] }, [_]],
    ["m2 + (MIN(m1) != 5 OR 1)", { m1: [_], m2: [1] }, [_]],
    ["FILL(m1, -MIN(m1))", { m1: [_] }, [_]],
  ])("computes %s", (expression, rows, expected) => {
    expect(compute(expression, rows)).toEqual(expected);
  });

  it("computes expressions that refer to others", () => {
    const more = [
      { id: "total", expression: "m1 + m2", returnData: false },
      { id: "rate", expression: "m1 / total", returnData: false },
    ];
    expect(compute("100 * rate", { m1: [1], m2: [3] }, more)).toEqual([25]);
  });

  it.each<[string, (id: string) => string]>([
    ["series", (id) => `${id} + ${id}`],
    ["numbers", (id) => `TIME_SERIES(SUM(${id}) + SUM(${id}))`],
    ["arrays", (id) => `SUM([${id}, ${id}])`],
  ])("computes a line once, however many others refer to it: %s", (_, twice) => {
    const more = Array.from({ length: 100 }, (_, line) => ({
      id: `e${line}`,
      expression: twice(line === 0 ? "m1" : `e${line - 1}`),
      returnData: false,
    }));
    expect(compute("e99", { m1: [1] }, more)).toEqual([2 ** 100]);
  });

  it("does not take other expressions for metrics in METRICS()", () => {
    expect(compute("SUM(METRICS())", { m1: [1] }, [{ id: "e1", expression: "m1 * 9", returnData: false }])).toEqual([
      1,
    ]);
  });

  it.each([
    ["m1 +", 5, "it ends here"],
    ["m1 + * 2", 6, 'unexpected "*"'],
    ["(m1", 4, 'expected ")"'],
    ["[m1, m2", 8, 'expected "]"'],
    ["m1 m2", 4, 'unexpected "m2"'],
    ["m1 + ?", 6, 'unexpected "?"'],
    ["m1 + M2", 6, '"M2" is not an id'],
    ["m1 + nothing", 6, 'no metric or expression with the id "nothing"'],
    ["m1 + MEDIAN(m1)", 6, 'the function "MEDIAN" is not supported'],
    ["constructor(m1)", 1, 'the function "constructor" is not supported'],
    ["SUM(m1, m1)", 1, "takes one argument, not 2"],
    ["SUM(1)", 1, "takes a metric or an array"],
    ["IF(m1)", 1, "takes two or three arguments, not 1"],
    ["IF(m1, [m1, m1], 1)", 1, "IF takes no arrays"],
    ["FILL(m1)", 1, "takes two arguments, not 1"],
    ["FILL(1, 2)", 1, "FILL takes a metric"],
    ["FILL(m1, [m1])", 1, "FILL fills with"],
    ["PERIOD(m1 + 1)", 1, "PERIOD takes the id of a metric"],
    ["METRICS(m1)", 1, "METRICS takes no argument or a text"],
    ["METRIC_COUNT(m1)", 1, "METRIC_COUNT takes an array"],
    ["TIME_SERIES(m1)", 1, "TIME_SERIES takes a number"],
    ["[m1, m1] + [m1, m1]", 10, "does not take two arrays"],
    ['m1 + "text"', 6, "only as the argument"],
    ["m1 + LINEAR", 6, "only as the argument"],
    ["MAX(m1)", 1, "it yields a single number"],
    ["[m1, m1]", 1, "it yields 2 time series"],
  ])("refuses %s, naming it and the position", (expression, position, problem) => {
    const run = () => compute(expression, { m1: [1] });
    expect(run).toThrow(ExpressionError);
    expect(run).toThrow(`"${expression}", character ${position}: `);
    expect(run).toThrow(problem);
  });

  it.each([
    "AVG(m1)",
    "MIN(m1)",
    "MAX(m1) * 2",
    "ABS(MIN(m1))",
    "SUM(m1)",
    "IF(AVG(m1) > 1, 2, 3)",
    "MIN(m1) / AVG(m1)",
  ])("refuses %s as a single number, whether or not there are data", (expression) => {
    for (const m1 of [[1], [_], []]) {
      expect(() => compute(expression, { m1 })).toThrow("it yields a single number");
    }
  });

  it("refuses expressions that refer to each other in a circle", () => {
    const more = [{ id: "e1", expression: "result + 1", returnData: false }];
    expect(() => compute("e1 + m1", { m1: [1] }, more)).toThrow("result → e1 → result");
  });

  it.each<[string, readonly MetricDataQuery[]]>([
    ["is used twice", [1, 2].map(() => ({ id: "m1", metric: metric("a"), returnData: true }))],
    ["neither a metric nor an expression", [{ id: "m1", returnData: true }]],
    ["no metric to compute from", [{ id: "e1", expression: "1", returnData: true }]],
    [
      "same period, not 60, 300",
      [
        { id: "m1", metric: metric("a"), returnData: true },
        { id: "m2", metric: metric("b", 300), returnData: true },
      ],
    ],
  ])("refuses lines that do not fit together: %s", (problem, queries) => {
    expect(() => compileMath(queries)).toThrow(problem);
  });
});
