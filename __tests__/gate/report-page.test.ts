import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseGateArguments } from "../../scripts/gate/arguments";
import { openReportFiles } from "../../scripts/gate/report/files";
import { OutputFileError, openOutputFile } from "../../scripts/command/output-file";
import { pageOf } from "../../scripts/gate/report/page";
import { PICTURES, picturesOf } from "../../scripts/gate/report/pictures";
import { DAYS } from "../../scripts/gate/report/types";
import { figures, pastTraffic, recommendationOf, withHours } from "./figures";

const PRESETS = ["article", "balanced", "strict"];

function pageWith(report: Parameters<typeof pageOf>[0]["report"], notices: readonly string[] = []): string {
  return pageOf({ report, environment: "staging", facts: [["Seed", "1"]], notices });
}

describe("the page", () => {
  it("is the same for the same figures", () => {
    expect(pageWith(figures({ names: PRESETS }))).toBe(pageWith(figures({ names: PRESETS })));
  });

  it("shows names and notices as they are, and never as markup", () => {
    const name = "</style><script>attack()</script>\"'&";
    const report = { ...figures({ names: [name], faults: ["errors"] }), history: pastTraffic([name], 1) };
    const page = pageWith(report, [name]);
    expect(page).not.toContain("<script");
    expect(page).toContain("&lt;/style&gt;&lt;script&gt;attack()&lt;/script&gt;&quot;&#39;&amp;");
  });

  it("has neither characters that XML refuses nor those that turn text around", () => {
    const page = pageWith(figures({ names: ["a\u0000\u001B\u202E\u2066\uD800b"], faults: ["errors"] }));
    expect(page).toContain("a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDb");
  });

  it("refers to no other file", () => {
    const page = pageWith({ ...figures({ names: PRESETS }), history: pastTraffic(PRESETS, 2) });
    expect(page.match(/(?:\b(?:src|href)=|url\(|@import|xlink).{0,20}/g)).toEqual(['href="data:,">']);
    expect(page).toContain("default-src 'none'");
  });

  it("has the figures of the charts in its tables", () => {
    const page = pageWith(figures({ names: PRESETS, faults: ["errors"], rps: [20], severities: [0.05] }));
    const shown = rowsOf(page).filter((row) => row[1] === "balanced" || row[0] === "balanced");
    expect(shown).toEqual([
      ["balanced", "20/s", "0", "0", "20"],
      ["balanced", "20/s", "9.52 %", "1.5 s"],
      ["5 %", "balanced", "39.3 / 62.7"],
      ["5 %", "balanced", "5.7 / 7.7"],
      ["5 %", "balanced", "30"],
    ]);
  });

  it("has no charts of the time to a rollback where there was none", () => {
    const page = (severity: number) =>
      pageWith(figures({ names: ["a"], rps: [1], faults: ["errors"], severities: [severity] }));
    expect(page(0.001)).not.toContain("How long it takes");
    expect(page(0.5)).toContain("How long it takes");
  });

  it("says of each point in words what it shows", () => {
    const page = pageWith(figures({ names: ["a"], rps: [1, 20], faults: ["errors"], severities: [0.001] }));
    expect(page).toContain("<title>a, 0.1 %, 20/s: 1.98 %</title>");
    expect(page).toContain("<title>a, 1/s: 0 of 1,000 (0 to 20)</title>");
  });

  it("shows the oracle only where the new version is to blame", () => {
    const oracles = (fault: "errors" | "broken-live") =>
      pageWith(figures({ names: ["a"], faults: [fault] })).split('<g class="oracle">').length - 1;
    expect(oracles("errors")).toBe(5);
    expect(oracles("broken-live")).toBe(0);
  });

  it("is complete without any fault", () => {
    const page = pageWith(figures({ names: ["a"], faults: [] }));
    expect(page).toContain("Good releases stopped");
    expect(page).not.toContain("Bad releases");
  });
});

describe("what gates catch by hour", () => {
  it("is a chart for each traffic, with its figures in a table, and the hours at which a gate is blind", () => {
    const page = pageWith(withHours(figures({ names: ["a", "b"], rps: [1, 20], faults: ["errors"] })));
    expect(page.match(/<title id="hours-[^"]*">[^<]*/g)).toEqual([
      '<title id="hours-0-0-t">1/s on average',
      '<title id="hours-1-0-t">20/s on average',
    ]);
    expect(page).toContain("n/s is the mean over its day");
    expect(page).toContain("<p>at 20/s does not catch 5 % of errors with 95 %: 00–03, 22–24</p>");
    expect(page).toContain("<title>b, 12:00, 40/s: 99.9 %</title>");
    expect(rowsOf(page)).toContainEqual(["00", "a", "20/s", "0/s", "0", "0", "2"]);
  });

  it("is a chart for each day of a week", () => {
    const page = pageWith(withHours(figures({ names: ["a"], rps: [5], faults: ["errors"] }), DAYS));
    expect(page.match(/<title id="hours-[^"]*">[^<]*/g)).toHaveLength(7);
    expect(page).toContain('<title id="hours-0-6-t">Sun, 5/s on average');
  });

  it("is not there without a profile", () => {
    expect(pageWith(figures({ names: ["a"], faults: ["errors"] }))).not.toContain("By hour");
  });
});

describe("the axis of the smallest share of errors", () => {
  it("ends at all of them, also when nothing less is caught", () => {
    const report = figures({ names: ["a"], rps: [5], faults: [] });
    const gates = report.gates.map((gate) => ({
      ...gate,
      smallestCaught: [{ rps: 5, errorShare: 1, slowdownSeconds: null }],
    }));
    expect(pageWith({ gates })).toMatch(/id="smallest-errors[^]*>10<[^]*>100</);
    expect(pageWith({ gates })).not.toContain(">99.9<");
  });
});

describe("the charts of a history", () => {
  const page = pageWith({ ...figures({ names: PRESETS, faults: [] }), history: pastTraffic(PRESETS, 3) });

  it("are one for each day of the time zone", () => {
    // Three days of UTC begin an hour late in Berlin, and end on a fourth day.
    expect(page.match(/<title id="day-[^"]*">[^<]*/g)).toEqual([
      '<title id="day-2026-03-28-t">Sat, 28 Mar 2026',
      '<title id="day-2026-03-29-t">Sun, 29 Mar 2026',
      '<title id="day-2026-03-30-t">Mon, 30 Mar 2026',
      '<title id="day-2026-03-31-t">Tue, 31 Mar 2026',
    ]);
  });

  it("count the starts that are stopped", () => {
    expect(page).toContain("article: 1440, balanced: 1440, strict: 1440.");
    expect(page.match(/Starts of releases that would have been stopped: article: 0/g)).toHaveLength(3);
  });

  it("mark starts across midnight on both days", () => {
    const history = pastTraffic(["a"], 3);
    const stops = [{ from: "2026-03-28T22:00:00.000Z", to: "2026-03-28T23:30:00.000Z", releases: 90 }];
    const across = { ...history, gates: history.gates.map((gate) => ({ ...gate, stops })) };
    const bars = /class="mark" d="M[\d.]+ [\d.]+h[\d.]+v9h/g;
    expect(pageWith({ ...figures({ names: ["a"], faults: [] }), history: across }).match(bars)).toHaveLength(2);
  });

  it.each(["+05:30", "UTC+05:30", "Asia/Kolkata"])("begin at midnight in %s", (timeZone) => {
    const shown = pageWith({
      ...figures({ names: ["a"], faults: [] }),
      history: { ...pastTraffic(["a"], 1), timeZone },
    });
    expect(shown.match(/<title id="day-[^"]*">/g)).toHaveLength(2);
    expect(shown).toContain('<th scope="row" class="name">28 Mar 2026, 05:30</th>');
  });

  it("have the share of slow responses beside the share that failed, where the data says it", () => {
    expect(page.match(/class="measured slow" d="M/g)).toHaveLength(4);
    expect(page).toMatch(/requests, [\d.]+ % of them failed, and [\d.]+ % were slow\./);
    expect(page).toContain("stopped starts; % failed, slow (dots); limits");
    const history = pastTraffic(["a"], 1);
    const normal = { ...history.normal, slowShare: null, slowSeconds: null };
    const without = pageWith({ ...figures({ names: ["a"], faults: [] }), history: { ...history, normal } });
    expect(without).not.toContain('measured slow"');
    expect(without).toMatch(/% of them failed\. Starts/);
    expect(without).toContain("stopped starts; % failed; limits");
  });

  it("give each gate the colour that it has in the other charts", () => {
    const history = pastTraffic(["balanced", "strict"], 1);
    const shown = pageWith({ ...figures({ names: PRESETS, faults: [] }), history });
    const [, past = ""] = shown.split('id="history"');
    expect(past).toMatch(/class="key s1".*balanced/);
    expect(past).toContain('class="key s2"');
    expect(past).not.toContain('class="key s0"');
    expect(past).toMatch(/<g class="s2">.*strict: 0 starts/);
  });

  it("come with what is normal, what to configure, and the hours of the day", () => {
    expect(page).toContain("response times: median 0.08 s, 90 % within 0.21 s, 99 % within 0.64 s");
    expect(page).toContain(
      "<li>gate.normalBadShare: 0.005 instead of 0.001; 1 of 1,000 good releases are then stopped (0–21)</li>",
    );
    expect(page).toContain(
      "<li>gate.normalBadShare: 0.005, with the preset balanced; this gate has no such number</li>",
    );
    expect(page).toContain("<li>release at: 06:00–08:59, 20:00–20:59</li>");
    expect(page).toContain(
      "<li>canary: 20 minutes catch 5 % of errors with 95 % at the median hour&#39;s traffic, with gate.windowMinutes 20</li>",
    );
    const rows = rowsOf(page).filter((row) => row[0] === "11" || row[0] === "03");
    expect(rows.map((row) => row.slice(4))).toEqual([
      ["0; all", "0; all", "0; all"],
      ["139; 4 %", "139; 4 %", "139; 4 %"],
    ]);
  });

  it("are drawn without gates that were simulated", () => {
    const shown = pageWith({ gates: [], history: pastTraffic(["a"], 1) });
    expect(shown).toContain("Your own traffic");
    expect(shown).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("have no line where there is no traffic", () => {
    const history = pastTraffic(["a"], 1);
    const empty = { ...history, hours: [], gates: history.gates.map((gate) => ({ ...gate, limitShares: [] })) };
    const without = pageWith({ ...figures({ names: ["a"], faults: [] }), history: empty });
    expect(without).toContain("Your own traffic");
    expect(without).not.toContain("day-2026");
    expect(without).not.toMatch(/NaN|Infinity|undefined/);
  });
});

it.each([
  ["usual figures", figures({ names: PRESETS })],
  ["one traffic", figures({ names: ["a"], rps: [3], severities: [0.5] })],
  ["a history", { ...figures({ names: PRESETS, faults: [] }), history: pastTraffic(PRESETS, 2) }],
])("draws numbers only for %s", (_, report) => {
  expect(pageWith(report)).not.toMatch(/NaN|Infinity|undefined|null/);
});

describe("a recommendation on the page", () => {
  const gate = figures({ names: ["a"], faults: [] });

  it("has the settings to merge, and what they reach", () => {
    const recommendation = recommendationOf(true);
    const page = pageWith({ ...gate, recommendation });
    expect(page).toContain("Recommended for: 5 % of errors caught before the last shift with 95 %");
    expect(page).toContain(
      "<li>Simulated with another seed (interval of 95 %): caught 96 % (94–98); good releases stopped",
    );
    expect(page).toContain("Merge this into context.environments.staging of cdktf.json:");
    const [, json = ""] = /<pre[^>]*>(.*?)<\/pre>/s.exec(page) ?? [];
    expect(JSON.parse(json.replaceAll("&quot;", '"'))).toEqual(recommendation.found?.settings);
  });

  it("says what would be needed when nothing is found", () => {
    const page = pageWith({ ...gate, recommendation: recommendationOf(false) });
    expect(page).toContain("No gate reaches within 2 hours at up to 50 % of the traffic");
    expect(page).toContain("<li>By arithmetic some do, but a simulation contradicted the best of them (2).</li>");
    expect(page).toContain("12 requests per second would be enough for this goal");
    expect(page).not.toContain("<pre");
  });
});

it("draws pictures that need no other file", () => {
  const pictures = picturesOf(figures({ names: PRESETS }));
  expect(Object.keys(pictures)).toEqual([...PICTURES]);
  for (const svg of Object.values(pictures)) {
    expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).toContain("balanced");
  }
});

describe("the files", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "gate-files-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are replaced as a whole, and nothing is left beside them", () => {
    const file = path.join(folder, "report.html");
    writeFileSync(file, "before");
    const output = openOutputFile("--html", file);
    expect(readFileSync(file, "utf8")).toBe("before");
    output.write("after");
    output.discard();
    expect(readFileSync(file, "utf8")).toBe("after");
    expect(readdirSync(folder)).toEqual(["report.html"]);
  });

  it("are as they were when the work fails", () => {
    const file = path.join(folder, "report.html");
    writeFileSync(file, "before");
    openOutputFile("--html", file).discard();
    expect(readFileSync(file, "utf8")).toBe("before");
    openOutputFile("--html", path.join(folder, "new.html")).discard();
    expect(readdirSync(folder)).toEqual(["report.html"]);
  });

  it("are written through a symbolic link", () => {
    const link = path.join(folder, "link.html");
    writeFileSync(path.join(folder, "real.html"), "");
    symlinkSync("real.html", link);
    openOutputFile("--html", link).write("text");
    expect(readFileSync(path.join(folder, "real.html"), "utf8")).toBe("text");
    expect(readdirSync(folder)).toEqual(["link.html", "real.html"]);
  });

  it.each([
    ["a folder", (at: string) => at, "it is a folder"],
    ["no folder for it", (at: string) => path.join(at, "none", "report.html"), "none does not exist"],
    ["a file in place of its folder", (at: string) => path.join(at, "file", "report.html"), "ENOTDIR"],
    ["a device", () => "/dev/null", "it is no regular file"],
    ["a name that is too long", (at: string) => path.join(at, "x".repeat(300)), "ENAMETOOLONG"],
    ["a link to itself", (at: string) => path.join(at, "loop"), "ELOOP"],
  ])("are refused beforehand: %s", (_, fileIn, reason) => {
    writeFileSync(path.join(folder, "file"), "");
    symlinkSync("loop", path.join(folder, "loop"));
    const file = fileIn(folder);
    expect(() => openOutputFile("--html", file)).toThrow(OutputFileError);
    expect(() => openOutputFile("--html", file)).toThrow(`--html ${file}: `);
    expect(() => openOutputFile("--html", file)).toThrow(reason);
    expect(readdirSync(folder)).toEqual(["file", "loop"]);
  });

  it("are refused beforehand in a folder without the right to write, which root always has", () => {
    const locked = path.join(folder, "locked");
    mkdirSync(locked, { mode: 0o500 });
    const open = () => openOutputFile("--html", path.join(locked, "report.html"));
    if (process.getuid?.() === 0) open().discard();
    else expect(open).toThrow("EACCES");
    chmodSync(locked, 0o700);
    expect(readdirSync(locked)).toEqual([]);
  });

  it("are none without the options", () => {
    const files = openReportFiles({ html: undefined, svg: undefined });
    files.write({ environment: "staging", report: figures({ names: ["a"] }), facts: [], notices: [] });
    files.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are a page and three pictures with both options", () => {
    const files = openReportFiles({ html: path.join(folder, "report.html"), svg: folder });
    files.write({ environment: "staging", report: figures({ names: ["a"] }), facts: [], notices: [] });
    files.discard();
    expect(readdirSync(folder).sort()).toEqual([...PICTURES, "report.html"].sort());
  });

  it("leave nothing when one of them is refused", () => {
    expect(() => openReportFiles({ html: path.join(folder, "report.html"), svg: path.join(folder, "none") })).toThrow(
      "--svg",
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

it.each([
  [["--html", " "], "must not be empty"],
  [["--svg", "docs", "--fault", "slow"], "draws the fault errors"],
])("refuses %j", (argv, message) => {
  let err = "";
  const parsed = parseGateArguments(argv, { out: () => undefined, err: (text) => (err += text) });
  expect(parsed).toEqual({ exitCode: 64 });
  expect(err).toContain(message);
});

/** The cells of the rows of a page's tables. */
function rowsOf(page: string): readonly (readonly string[])[] {
  return (page.match(/<tr[^>]*>.*?<\/tr>/gs) ?? []).map((row) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => cell.trim()),
  );
}
