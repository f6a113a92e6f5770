/**
 * The report in Chromium: in light and dark, narrow and wide. Needs `chromium` on PATH; `npm run test:browser` runs it,
 * `npm test` does not.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { pageOf } from "../../scripts/gate/report/page";
import { picturesOf } from "../../scripts/gate/report/pictures";
import { DAYS, type GateReport } from "../../scripts/gate/report/types";
import { figures, pastTraffic, recommendationOf, withHours } from "./figures";
import { background, contrastFaults, labelFaults, layoutFaults, markupFaults, openAll } from "./in-page.cjs";

const CHROMIUM_ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PRESETS = ["article", "balanced", "strict"];
const HOSTILE = [
  "</title></desc></svg><script>window.attacked = 1</script>",
  "\"'><img src=http://127.0.0.1:9/x onerror=window.attacked=1>",
  "folder/of/a/user/with-a-very-long-name-that-has-no-blank/gate-of-the-service.json",
  "\u202Etxet\u0000 &amp; 名前がとても長いゲート",
];

let browser: Browser;
const folder = mkdtempSync(path.join(tmpdir(), "report-browser-"));

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: onPath("chromium"), args: CHROMIUM_ARGUMENTS });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const VIEWS = [360, 1600].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

const PAGES: readonly (readonly [name: string, report: Parameters<typeof pageOf>[0]["report"]])[] = [
  [
    "the presets with a history and a recommendation",
    { ...figures({ names: PRESETS }), history: pastTraffic(PRESETS, 4), recommendation: recommendationOf(true) },
  ],
  [
    "hostile and long names, also of what is left out",
    {
      ...figures({ names: HOSTILE, faults: ["errors"] }),
      unknownGates: HOSTILE.map((name) => ({ name, alarms: HOSTILE })),
      history: { ...pastTraffic(HOSTILE, 2), unknownGates: [{ name: HOSTILE[0] ?? "", alarms: HOSTILE }] },
      recommendation: recommendationOf(false),
    },
  ],
  ["a profile of a day", withHours(figures({ names: HOSTILE, rps: [0.5, 20], faults: ["errors"] }))],
  ["a profile of a week", withHours(figures({ names: PRESETS, rps: [3.19], faults: ["errors"] }), DAYS)],
  [
    "one gate, one traffic, one severity",
    figures({ names: ["staging"], rps: [7], faults: ["errors"], severities: [0.05] }),
  ],
  [
    "ten gates, many near traffics and severities",
    figures({
      names: Array.from({ length: 10 }, (_, index) => `gate-${index}`),
      rps: [0.5, 0.51, 12345.5, 99999, 100000],
      faults: ["errors", "slow", "dependency"],
      severities: [0.0001, 0.00011, 0.021, 0.022, 0.9999, 1],
    }),
  ],
];

describe.each(PAGES)("the page of %s", (_, report) => {
  const file = () =>
    write(
      "report.html",
      pageOf({
        report,
        environment: HOSTILE[0] ?? "",
        facts: [
          ["Seed", "1"],
          ["Gates", HOSTILE.join()],
        ],
        notices: HOSTILE,
      }),
    );

  it.each(VIEWS)("is right at $width px in $colorScheme", async (view) => {
    await look(file(), view, async (page) => {
      expect(await page.evaluate(layoutFaults)).toEqual([]);
      await page.evaluate(openAll);
      expect(await page.evaluate(layoutFaults)).toEqual([]);
      expect(await page.evaluate(labelFaults)).toEqual([]);
      expect(await page.evaluate(markupFaults)).toEqual([]);
      const { texts, faults } = await page.evaluate(contrastFaults);
      expect(texts).toBeGreaterThan(50);
      expect(faults).toEqual([]);
      expect(await page.evaluate("window.attacked")).toBeUndefined();
    });
  });
});

describe.each(Object.entries(picturesOf(figures({ names: PRESETS, rps: [1, 5, 20, 100] }))))(
  "the picture %s",
  (name, svg) => {
    it.each(VIEWS)("is right at $width px in $colorScheme", async (view) => {
      await look(write(name, svg), view, async (page) => {
        expect(await page.evaluate(labelFaults)).toEqual([]);
        const { texts, faults } = await page.evaluate(contrastFaults);
        expect(texts).toBeGreaterThan(20);
        expect(faults).toEqual([]);
      });
    });
  },
);

it("has a recommendation that scrolls by itself when it is wider than the page", async () => {
  const report = { ...figures({ names: ["a"], faults: [] }), recommendation: recommendationOf(true) };
  const html = pageOf({ report, environment: "staging", facts: [], notices: [] });
  const page = await browser.newPage({ viewport: { width: 200, height: 900 } });
  await page.goto(write("report.html", html));
  expect(JSON.parse(await page.locator("pre").innerText())).toEqual(report.recommendation.found?.settings);
  expect(await page.evaluate("document.querySelector('pre').scrollWidth > 200")).toBe(true);
  expect(await page.evaluate(layoutFaults)).toEqual([]);
  await page.close();
});

it("shows every figure without scripts", async () => {
  const report: GateReport = figures({ names: PRESETS, faults: ["errors"] });
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(write("report.html", pageOf({ report, environment: "staging", facts: [], notices: [] })));
  await page.locator("details.figures > summary").first().click();
  expect(await page.getByRole("table").first().innerText()).toContain("balanced");
  expect(await page.getByRole("img", { name: "errors at 20 requests/s" }).count()).toBe(2);
  await page.close();
});

/** Opens a file, and holds that it needs no other one and that the browser has nothing to complain about. */
async function look(
  address: string,
  { width, colorScheme }: (typeof VIEWS)[number],
  check: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(dialog.message()));
  try {
    await page.goto(address);
    const brightest = await page.evaluate(background);
    if (colorScheme === "dark") expect(brightest).toBeLessThan(64);
    else expect(brightest).toBeGreaterThan(230);
    await check(page);
    expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([address]);
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
  }
}

/** @returns the file's address */
function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return pathToFileURL(file).href;
}

function onPath(program: string): string {
  const found = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .map((directory) => path.join(directory, program))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${program} is not on PATH; Debian's package of this name has it`);
  return found;
}
